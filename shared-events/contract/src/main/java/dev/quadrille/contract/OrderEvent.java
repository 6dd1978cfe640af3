package dev.quadrille.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What the order service announces. It alone decides how an order ends.
public sealed interface OrderEvent extends DomainEvent {

    UUID orderId();

    @Override
    default String subject() {
        return orderId().toString();
    }

    /// An order was accepted and is PENDING until its deadline.
    ///
    /// @param lines 1 to 100, each sku at most once, at the prices of the catalogue when the order
    ///   was placed
    /// @param total the sum of the lines
    /// @param deadline the one deadline of the saga: an order that is still PENDING then is
    ///   cancelled
    record OrderPlaced(
            UUID orderId,
            Customer customer,
            List<OrderLine> lines,
            Money total,
            PaymentMethod paymentMethod,
            Instant placedAt,
            Instant deadline)
            implements OrderEvent {

        public OrderPlaced {
            lines = List.copyOf(lines);
            Check.that(!lines.isEmpty() && lines.size() <= 100, "an order has 1 to 100 lines");
            Check.that(
                    lines.stream().map(OrderLine::sku).distinct().count() == lines.size(),
                    "an order names each sku at most once");
            Check.that(
                    total.equals(OrderLine.total(lines)),
                    "an order's total is the sum of its lines");
            Check.that(deadline.isAfter(placedAt), "an order's deadline is after its placing");
        }
    }

    /// Stock is reserved and the money is authorized: the order will be shipped.
    record OrderConfirmed(UUID orderId) implements OrderEvent {}

    /// The order ended without being shipped; whoever holds something for it lets go.
    record OrderCancelled(UUID orderId, CancellationReason reason) implements OrderEvent {}

    /// The parcel is on its way: stock is committed and the money captured.
    record OrderShipped(UUID orderId, String carrier, String trackingNumber)
            implements OrderEvent {}

    /// The parcel came back: stock is restocked and the money refunded.
    record OrderReturned(UUID orderId, String reason) implements OrderEvent {}
}
