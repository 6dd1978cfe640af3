package dev.quadrille.order.domain;

import dev.quadrille.contract.DomainEvent;
import org.jspecify.annotations.Nullable;

/// What can happen to an order.
public sealed interface OrderInput {

    /// Somebody who knows the prices places it.
    record PlaceOrder(OrderDetails details) implements OrderInput {}

    /// The customer does not want it any more.
    ///
    /// @param note why, in the customer's words
    record CancelOrder(@Nullable String note) implements OrderInput {}

    /// Somebody in the warehouse has handed the parcel over.
    ///
    /// @param carrier who brings it, such as `DHL`
    /// @param trackingNumber by which the carrier knows the parcel
    record ShipOrder(String carrier, String trackingNumber) implements OrderInput {}

    /// The parcel has come back.
    ///
    /// @param reason why, in the words of whoever took it in
    record ReturnOrder(String reason) implements OrderInput {}

    /// The clock has passed the order's deadline.
    record DeadlinePassed() implements OrderInput {}

    /// Another service has announced something about it.
    record Heard(DomainEvent event) implements OrderInput {}
}
