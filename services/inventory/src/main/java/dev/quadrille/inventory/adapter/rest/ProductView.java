package dev.quadrille.inventory.adapter.rest;

import dev.quadrille.contract.Money;
import dev.quadrille.inventory.adapter.postgres.ProductEntity;

/// A product as clients see it.
public record ProductView(String sku, String name, Money price) {

    static ProductView of(ProductEntity entity) {
        return new ProductView(
                entity.sku, entity.name, new Money(entity.priceMinor, entity.currency));
    }
}
