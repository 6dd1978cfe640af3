package dev.quadrille.inventory.adapter.rest;

import dev.quadrille.inventory.adapter.postgres.LedgerEntity;
import dev.quadrille.inventory.domain.StockMove.Cause;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A change of the stock of a sku, in pieces.
///
/// @param orderId the order it was for; null for an adjustment
/// @param reason what was said of an adjustment
public record LedgerItem(
        Cause cause,
        long onHandDelta,
        long reservedDelta,
        @Nullable UUID orderId,
        @Nullable String reason,
        Instant at) {

    static LedgerItem of(LedgerEntity entity) {
        return new LedgerItem(
                entity.cause,
                entity.onHandDelta,
                entity.reservedDelta,
                entity.orderId,
                entity.reason,
                entity.occurredAt);
    }
}
