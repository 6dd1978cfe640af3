package dev.quadrille.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
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

    /// Runs the work in a transaction of its own, which commits when the work succeeds and is
    /// undone when it fails.
    public <T> Uni<T> run(Function<Transaction, Uni<T>> work) {
        return pool.getConnection()
                .flatMap(connection -> {
                    var transaction = new Transaction(connection, outbox);
                    return connection
                            .begin()
                            .flatMap(open ->
                                    work.apply(transaction)
                                            .call(open::commit)
                                            .onFailure()
                                            .call(open::rollback))
                            .eventually(connection::close)
                            .invoke(transaction::committed);
                });
    }
}
