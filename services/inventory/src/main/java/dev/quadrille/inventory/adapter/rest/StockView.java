package dev.quadrille.inventory.adapter.rest;

import dev.quadrille.inventory.adapter.postgres.StockLevel;

/// The stock of a sku as clients see it, in pieces.
public record StockView(String sku, long onHand, long reserved, long available) {

    static StockView of(StockLevel level) {
        return new StockView(level.sku(), level.onHand(), level.reserved(), level.available());
    }
}
