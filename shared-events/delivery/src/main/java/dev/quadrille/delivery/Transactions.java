package dev.quadrille.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

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
    public <T> Uni<T> run(Function<Transaction, Uni<T>> work) {
        var traceparent = Traces.current();
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
