package dev.quadrille.delivery;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Whose fault it is that a batch failed.
///
/// An event is parked only for a fault of its own: what the code that handles it throws, and what
/// the database says of its data. Everything else, known or not, is tried again, because parking on
/// an outage would park the whole topic.
enum Fault {
    OF_THE_EVENT,
    OF_THE_WORLD;

    /// The classes of SQLSTATE that speak of the data: one row twice, data exceptions, broken
    /// constraints, what exceeds a limit, and what a function raised. [PostgreSQL, appendix
    /// A](https://www.postgresql.org/docs/18/errcodes-appendix.html)
    private static final Set<String> OF_THE_DATA = Set.of("21", "22", "23", "54", "P0");

    private static final int MAX_CHARACTERS = 2_000;

    static Fault of(Throwable failure) {
        return switch (bare(failure)) {
            case PgException pg when isOfTheInbox(pg) -> OF_THE_WORLD;
            case PgException pg -> ofState(pg.getSqlState());
            case StaleStateException _,
                    VertxException _,
                    io.smallrye.mutiny.TimeoutException _,
                    UncheckedIOException _ ->
                    OF_THE_WORLD;
            case IOException _, TimeoutException _ -> OF_THE_WORLD;
            case RuntimeException _, StackOverflowError _, AssertionError _ -> OF_THE_EVENT;
            case Throwable _ -> OF_THE_WORLD;
        };
    }

    static boolean isOfTheWorld(Throwable failure) {
        return of(failure) == OF_THE_WORLD;
    }

    /// What can be said of it in a log: never the message, which may quote the data.
    static String named(Throwable failure) {
        var bare = bare(failure);
        return bare instanceof PgException pg
                ? "SQLSTATE " + pg.getSqlState()
                : bare.getClass().getName() + at(bare);
    }

    /// What an operator is shown who may see the data anyway.
    static String described(Throwable failure) {
        var bare = bare(failure);
        var text = bare.getMessage() == null ? named(bare) : named(bare) + ": " + bare.getMessage();
        // As PostgreSQL can store it.
        text = text.replace('\0', '\uFFFD');
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS);
    }

    private static Fault ofState(@Nullable String state) {
        return state != null && state.length() == 5 && OF_THE_DATA.contains(state.substring(0, 2))
                ? OF_THE_EVENT
                : OF_THE_WORLD;
    }

    /// No event has a say in what stands in the inbox. A row that waited for the default partition
    /// while its day was attached ([InboxDays]) is refused there, with the state of a broken
    /// constraint, and finds its day when it comes again.
    private static boolean isOfTheInbox(PgException pg) {
        return pg.getTable() != null && pg.getTable().startsWith(Retention.TABLE);
    }

    private static String at(Throwable failure) {
        var trace = failure.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    private static Throwable bare(Throwable failure) {
        var bare = failure;
        while (bare.getCause() != null
                && (bare instanceof CompletionException || bare instanceof ExecutionException)) {
            bare = bare.getCause();
        }
        return bare;
    }
}
