package dev.quadrille.order.domain;

/// What an order knows of its stock.
public enum StockStatus {
    NONE,
    RESERVED,
    REJECTED,
    COMMITTED,
    RELEASED,
    RESTOCKED;

    /// Whether the inventory still holds something, or may yet do so.
    boolean owesRelease() {
        return switch (this) {
            case NONE, RESERVED -> true;
            case REJECTED, COMMITTED, RELEASED, RESTOCKED -> false;
        };
    }
}
