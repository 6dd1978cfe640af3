package dev.quadrille.contract;

/// A line that the stock could not serve.
///
/// @param requested in pieces
/// @param available in pieces, when the order was looked at; less than requested
public record Shortage(String sku, int requested, long available) {

    public Shortage {
        Check.sku(sku);
        Check.that(requested >= 1, "a quantity is at least 1");
        Check.that(available >= 0 && available < requested, "a shortage has less than requested");
    }
}
