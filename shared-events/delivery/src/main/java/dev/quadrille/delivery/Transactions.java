package dev.quadrille.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Opens transactions.
@ApplicationScoped
public class Transactions {

    private final Pool pool;
    private final Outbox outbox;

    Transactions(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /// Runs the work in a transaction of its own, which commits when the work succeeds, unless it
    /// was to be undone, and is undone when it fails.
    ///
    /// What has begun is carried to its end, although whoever waits for it may give up, as a client
    /// does that disconnects. To cancel the wait for a connection would lose the connection that
    /// comes later, and with each the pool would have one less.
    public <T> Uni<T> run(Function<Transaction, Uni<T>> work) {
        var traceparent = Traces.current();
        return Uni.createFrom()
                .emitter(emitter ->
                        run(traceparent, work).subscribe().with(emitter::complete, emitter::fail));
    }

    private <T> Uni<T> run(@Nullable String traceparent, Function<Transaction, Uni<T>> work) {
        return pool.getConnection()
                .flatMap(connection ->
                        run(connection, new Transaction(connection, outbox, traceparent), work)
                                .eventually(connection::close));
    }

    private static <T> Uni<T> run(
            SqlConnection connection, Transaction transaction, Function<Transaction, Uni<T>> work) {
        return connection
                .begin()
                .flatMap(open ->
                        work.apply(transaction)
                                .call(() -> end(transaction, open))
                                // A broken session cannot be rolled back, and need not be.
                                .onFailure()
                                .call(() -> open.rollback().onFailure().recoverWithNull()));
    }

    private static Uni<Void> end(
            Transaction transaction, io.vertx.mutiny.sqlclient.Transaction open) {
        return transaction.isUndone()
                ? open.rollback()
                : open.commit().invoke(transaction::committed);
    }
}
