package dev.quadrille.contract;

/// A fact that a service announces and that others may react to.
public sealed interface DomainEvent
        permits OrderEvent, InventoryEvent, PaymentEvent, NotificationEvent, ProductEvent {

    /// What the event is about, and its key on Kafka: an order's id, or a product's sku.
    String subject();
}
