package dev.quadrille.inventory.application;

import dev.quadrille.chassis.IdempotencyKey;
import dev.quadrille.chassis.IdempotencyKeys;
import dev.quadrille.chassis.IdempotencyKeys.Claim;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.inventory.adapter.postgres.StockLevel;
import dev.quadrille.inventory.adapter.postgres.StockLevels;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Changes what lies on the shelf: deliveries, counts, losses.
@ApplicationScoped
public class AdjustingStock {

    private static final String OPERATION = "adjust-stock";

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final StockLevels stock;
    private final InstantSource clock;

    AdjustingStock(
            Transactions transactions,
            IdempotencyKeys keys,
            StockLevels stock,
            InstantSource clock) {
        this.transactions = transactions;
        this.keys = keys;
        this.stock = stock;
        this.clock = clock;
    }

    /// @param key null if the adjustment is not to be recognized when it comes again
    /// @param delta in pieces; negative to take some away
    public record Adjustment(@Nullable IdempotencyKey key, String sku, long delta, String reason) {}

    /// What came of an adjustment.
    public sealed interface Outcome {

        record Adjusted(StockLevel stock) implements Outcome {}

        /// The same adjustment came before, and was made then.
        record Replayed(StockLevel stock) implements Outcome {}

        /// Its key was used for another adjustment.
        record KeyReused() implements Outcome {}

        /// Less would be on hand than orders hold; nothing was changed.
        record BelowReserved(StockLevel stock) implements Outcome {}

        record NoSuchProduct() implements Outcome {}
    }

    public Uni<Outcome> adjust(Adjustment adjustment) {
        return transactions.run(transaction ->
                stock.lock(transaction, Set.of(adjustment.sku()))
                        .flatMap(levels -> adjust(transaction, adjustment, levels)));
    }

    private Uni<Outcome> adjust(
            Transaction transaction, Adjustment adjustment, Map<String, StockLevel> levels) {
        var level = levels.get(adjustment.sku());
        if (level == null) {
            return Uni.createFrom().item(new Outcome.NoSuchProduct());
        }
        return claim(transaction, adjustment)
                .flatMap(claim ->
                        switch (claim) {
                            case Claim.Fresh() -> change(transaction, adjustment, level);
                            case Claim.Replay _ ->
                                    Uni.createFrom().item(new Outcome.Replayed(level));
                            case Claim.Reused() -> Uni.createFrom().item(new Outcome.KeyReused());
                        });
    }

    private Uni<Claim> claim(Transaction transaction, Adjustment adjustment) {
        return adjustment.key() == null
                ? Uni.createFrom().item(new Claim.Fresh())
                : keys.claim(
                        transaction,
                        OPERATION,
                        adjustment.key(),
                        adjustment.sku() + " " + adjustment.delta() + " " + adjustment.reason(),
                        adjustment.sku());
    }

    private Uni<Outcome> change(Transaction transaction, Adjustment adjustment, StockLevel level) {
        return stock.adjust(
                        transaction,
                        adjustment.sku(),
                        adjustment.delta(),
                        adjustment.reason(),
                        clock.instant())
                .map(adjusted -> {
                    if (adjusted.isEmpty()) {
                        transaction.undo(); // the key stays unused
                        return new Outcome.BelowReserved(level);
                    }
                    return new Outcome.Adjusted(adjusted.get());
                });
    }
}
