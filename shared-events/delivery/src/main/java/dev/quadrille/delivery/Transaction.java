package dev.quadrille.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One database transaction: state changes, inbox rows and outbox rows stand or fall together.
public final class Transaction {

    private final SqlConnection connection;
    private final Outbox outbox;
    private final @Nullable String traceparent;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean undone;
    private int statements;

    Transaction(SqlConnection connection, Outbox outbox, @Nullable String traceparent) {
        this.connection = connection;
        this.outbox = outbox;
        this.traceparent = traceparent;
    }

    /// The trace of the request that began this transaction; null if it was no request.
    public @Nullable String traceparent() {
        return traceparent;
    }

    /// Runs a statement.
    ///
    /// @param sql with `$1`, `$2` for its parameters; prepared once for each connection
    public Uni<RowSet<Row>> run(String sql, @Nullable Object... parameters) {
        statements++;
        return connection.preparedQuery(sql).execute(Tuple.wrap(Arrays.asList(parameters)));
    }

    /// Runs a statement that must touch exactly this many rows: each of them was read and locked,
    /// or has the version that was read.
    ///
    /// @throws StaleStateException in the Uni, if it touched another number
    public Uni<Void> change(int expectedRows, String sql, @Nullable Object... parameters) {
        return run(sql, parameters)
                .invoke(rows -> {
                    if (rows.rowCount() != expectedRows) {
                        throw new StaleStateException(expectedRows, rows.rowCount());
                    }
                })
                .replaceWithVoid();
    }

    /// Writes the events into the outbox; the relay is woken once this transaction has committed.
    public Uni<Void> announce(List<Announcement> announcements) {
        return announcements.isEmpty()
                ? Uni.createFrom().voidItem()
                : outbox.insert(this, announcements);
    }

    /// Has something done once the transaction has committed, and not if it does not. It must not
    /// block, and what it begins must be begun again by somebody else if this process dies first.
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /// Has the transaction undone at its end, although the work succeeds: for an outcome that must
    /// leave nothing behind.
    public void undo() {
        undone = true;
    }

    /// How many statements it has run, and so how many round trips it has made, besides those that
    /// begin and end it.
    public int statements() {
        return statements;
    }

    boolean isUndone() {
        return undone;
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }
}
