package dev.quadrille.inventory.adapter.postgres;

/// The stock of a sku, in pieces.
///
/// @param onHand what lies on the shelf
/// @param reserved the part of it that orders hold
public record StockLevel(String sku, long onHand, long reserved) {

    public long available() {
        return onHand - reserved;
    }

    public StockLevel reserve(long delta) {
        return new StockLevel(sku, onHand, reserved + delta);
    }
}
