package dev.quadrille.inventory.adapter.postgres;

import dev.quadrille.inventory.domain.StockMove;

/// The stock of a sku, in pieces.
///
/// @param onHand what lies on the shelf
/// @param reserved the part of it that orders hold
public record StockLevel(String sku, long onHand, long reserved) {

    public long available() {
        return onHand - reserved;
    }

    public StockLevel after(StockMove move) {
        return new StockLevel(sku, onHand + move.onHandDelta(), reserved + move.reservedDelta());
    }
}
