package dev.quadrille.order.adapter.rest;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Returned;
import dev.quadrille.order.domain.Order.Shipped;
import dev.quadrille.order.domain.PaymentStatus;
import dev.quadrille.order.domain.StockStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An order as clients see it.
///
/// @param reason why it was cancelled; null if it was not
/// @param note what was said when it was cancelled or taken back, if anything
/// @param shipment null before it is shipped
public record OrderView(
        UUID id,
        Status status,
        @Nullable CancellationReason reason,
        @Nullable String note,
        StockStatus stock,
        PaymentStatus payment,
        boolean settled,
        long version,
        Customer customer,
        String currency,
        List<OrderLine> lines,
        Money total,
        Instant placedAt,
        Instant deadline,
        @Nullable Shipment shipment) {

    /// How the parcel travels.
    public record Shipment(String carrier, String trackingNumber) {}

    /// The states of an order.
    public enum Status {
        PENDING,
        CONFIRMED,
        SHIPPED,
        RETURNED,
        CANCELLED
    }

    static OrderView of(Versioned<Placed> order) {
        var state = order.state();
        var details = state.details();
        return new OrderView(
                details.id(),
                status(state),
                state instanceof Cancelled cancelled ? cancelled.reason() : null,
                note(state),
                state.stock(),
                state.payment(),
                state.settled(),
                order.version(),
                details.customer(),
                details.total().currency(),
                details.lines(),
                details.total(),
                details.placedAt(),
                details.deadline(),
                shipment(state));
    }

    private static Status status(Placed order) {
        return switch (order) {
            case Pending _ -> Status.PENDING;
            case Confirmed _ -> Status.CONFIRMED;
            case Shipped _ -> Status.SHIPPED;
            case Returned _ -> Status.RETURNED;
            case Cancelled _ -> Status.CANCELLED;
        };
    }

    private static @Nullable String note(Placed order) {
        return switch (order) {
            case Cancelled cancelled -> cancelled.note();
            case Returned returned -> returned.reason();
            case Pending _, Confirmed _, Shipped _ -> null;
        };
    }

    private static @Nullable Shipment shipment(Placed order) {
        return switch (order) {
            case Shipped shipped -> new Shipment(shipped.carrier(), shipped.trackingNumber());
            case Returned returned -> new Shipment(returned.carrier(), returned.trackingNumber());
            case Pending _, Confirmed _, Cancelled _ -> null;
        };
    }
}
