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

    /// The clock has passed the order's deadline.
    record DeadlinePassed() implements OrderInput {}

    /// Another service has announced something about it.
    record Heard(DomainEvent event) implements OrderInput {}
}
