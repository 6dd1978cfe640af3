package dev.quadrille.contract;

/// What the inventory service announces about its catalogue, on a compacted topic: the newest event
/// of a sku is the product.
public sealed interface ProductEvent extends DomainEvent {

    String sku();

    @Override
    default String subject() {
        return sku();
    }

    /// The product is for sale at this price.
    record ProductListed(String sku, String name, Money price) implements ProductEvent {
        public ProductListed {
            Check.sku(sku);
        }
    }
}
