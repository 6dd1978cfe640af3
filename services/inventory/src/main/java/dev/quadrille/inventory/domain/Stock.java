package dev.quadrille.inventory.domain;

/// The stock, as far as a decision needs to know it.
@FunctionalInterface
public interface Stock {

    /// How many pieces nobody holds; 0 for a sku that is not kept.
    long available(String sku);
}
