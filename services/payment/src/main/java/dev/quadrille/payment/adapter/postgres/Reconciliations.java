package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;

/// Whose turn it is to compare the payments with the provider's.
@ApplicationScoped
public class Reconciliations {

    private static final String CLAIM = "update reconciliations set due_at = $2 where due_at <= $1";

    private static final String BRING_FORWARD =
            "update reconciliations set due_at = least(due_at, $1)";

    /// Whether it is due and nobody else does it. The comparison outlives the transaction, so the
    /// claim is a time in a row and no lock; that also keeps replicas from each doing it once an
    /// hour.
    ///
    /// @param next when it is due again
    public Uni<Boolean> claim(Transaction transaction, Instant now, Instant next) {
        return transaction
                .run(CLAIM, now.atOffset(ZoneOffset.UTC), next.atOffset(ZoneOffset.UTC))
                .map(claimed -> claimed.rowCount() == 1);
    }

    /// Has it become due at this time if it is not due before, because it came to nothing.
    public Uni<Void> bringForward(Transaction transaction, Instant dueAt) {
        return transaction.run(BRING_FORWARD, dueAt.atOffset(ZoneOffset.UTC)).replaceWithVoid();
    }
}
