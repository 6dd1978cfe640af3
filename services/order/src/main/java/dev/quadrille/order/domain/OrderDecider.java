package dev.quadrille.order.domain;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static dev.quadrille.contract.CancellationReason.PAYMENT_DECLINED;
import static dev.quadrille.contract.CancellationReason.TIMED_OUT;
import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.InventoryEvent.StockRestocked;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Returned;
import dev.quadrille.order.domain.Order.Shipped;
import dev.quadrille.order.domain.Order.Unknown;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import dev.quadrille.order.domain.OrderInput.DeadlinePassed;
import dev.quadrille.order.domain.OrderInput.Heard;
import dev.quadrille.order.domain.OrderInput.PlaceOrder;
import dev.quadrille.order.domain.OrderInput.ReturnOrder;
import dev.quadrille.order.domain.OrderInput.ShipOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an order moves. `!` marks what is announced; a dash is an [Decision.Ignore].
///
/// | input             | Unknown          | Pending                              | Confirmed         | Cancelled   |
/// |-------------------|------------------|--------------------------------------|-------------------|-------------|
/// | PlaceOrder        | Pending !Placed  | -                                    | -                 | -           |
/// | StockReserved     | -                | authorized: Confirmed !Confirmed, else stock RESERVED | - | stock RESERVED |
/// | PaymentAuthorized | -                | reserved: Confirmed !Confirmed, else payment AUTHORIZED | - | OUT_OF_STOCK: reject, else payment AUTHORIZED |
/// | StockRejected     | -                | Cancelled(OUT_OF_STOCK) !Cancelled   | reject            | stock REJECTED |
/// | PaymentDeclined   | -                | Cancelled(PAYMENT_DECLINED) !Cancelled | reject          | payment DECLINED |
/// | StockReleased     | -                | reject                               | reject            | stock RELEASED |
/// | PaymentVoided     | -                | authorized: Cancelled(PAYMENT_DECLINED) !Cancelled, else reject | Cancelled(PAYMENT_DECLINED) !Cancelled | payment VOIDED |
/// | PaymentRefunded   | -                | reject                               | reject            | payment REFUNDED |
/// | StockCommitted, StockRestocked, PaymentCaptured | - | reject                | reject            | reject      |
/// | ShipOrder         | reject           | reject                               | Shipped !Shipped  | reject      |
/// | ReturnOrder       | reject           | reject                               | reject            | reject      |
/// | CancelOrder       | reject           | Cancelled(CUSTOMER_REQUEST) !Cancelled | Cancelled(CUSTOMER_REQUEST) !Cancelled | - |
/// | DeadlinePassed    | -                | due: Cancelled(TIMED_OUT) !Cancelled, else - | -         | -           |
///
/// | input             | Shipped                              | Returned                             |
/// |-------------------|--------------------------------------|--------------------------------------|
/// | PlaceOrder        | -                                    | -                                    |
/// | StockReserved, PaymentAuthorized | -                     | -                                    |
/// | StockRejected, PaymentDeclined, StockReleased | reject   | reject                               |
/// | StockCommitted    | RESERVED: stock COMMITTED, else -    | RESERVED: stock COMMITTED, else -    |
/// | StockRestocked    | reject                               | stock RESTOCKED                      |
/// | PaymentCaptured   | AUTHORIZED: payment CAPTURED; VOIDED: reject; else - | AUTHORIZED: payment CAPTURED; VOIDED: reject; else - |
/// | PaymentVoided     | AUTHORIZED: payment VOIDED; CAPTURED: reject; else - | AUTHORIZED: payment VOIDED; CAPTURED: reject; else - |
/// | PaymentRefunded   | reject                               | AUTHORIZED, CAPTURED: payment REFUNDED; VOIDED: reject; else - |
/// | ShipOrder         | the same parcel: -, else reject      | reject                               |
/// | ReturnOrder       | Returned !Returned                   | -                                    |
/// | CancelOrder       | reject                               | reject                               |
/// | DeadlinePassed    | -                                    | -                                    |
///
/// Stock and payment answer on topics of their own, so either may come first, and each may come
/// after the order was cancelled or returned. A part of such an order only moves towards its end: a
/// late RESERVED does not undo a RELEASED.
///
/// A hold may end at the provider without anybody here having asked for it: it lapses, or somebody
/// lets it go there. Before the order is shipped that is as good as a refusal to pay. A cancelled
/// order whose money somebody took at the provider is refunded, which ends its payment as well.
public final class OrderDecider {

    private OrderDecider() {}

    public static Decision<Placed, OrderEvent> decide(Order order, OrderInput input, Instant now) {
        return switch (input) {
            case PlaceOrder(var details) -> place(order, details);
            case CancelOrder(var note) -> cancel(order, note);
            case ShipOrder(var carrier, var trackingNumber) -> ship(order, carrier, trackingNumber);
            case ReturnOrder(var reason) -> takeBack(order, reason);
            case DeadlinePassed() -> expire(order, now);
            case Heard(var event) ->
                    switch (order) {
                        case Unknown() -> ignore("unknown-order");
                        case Pending pending -> hear(pending, event);
                        case Confirmed confirmed -> hear(confirmed, event);
                        case Cancelled cancelled -> hear(cancelled, event);
                        case Shipped shipped -> hear(shipped, event);
                        case Returned returned -> hear(returned, event);
                    };
        };
    }

    private static Decision<Placed, OrderEvent> place(Order order, OrderDetails details) {
        return switch (order) {
            case Unknown() ->
                    advance(
                            new Pending(details, StockStatus.NONE, PaymentStatus.NONE),
                            new OrderPlaced(
                                    details.id(),
                                    details.customer(),
                                    details.lines(),
                                    details.total(),
                                    details.paymentMethod(),
                                    details.placedAt(),
                                    details.deadline()));
            case Placed _ -> ignore("already-placed");
        };
    }

    private static Decision<Placed, OrderEvent> cancel(Order order, @Nullable String note) {
        return switch (order) {
            case Unknown() -> reject("unknown-order");
            case Pending pending -> cancelled(pending, CUSTOMER_REQUEST, note);
            case Confirmed confirmed -> cancelled(confirmed, CUSTOMER_REQUEST, note);
            case Cancelled _ -> ignore("already-cancelled");
            case Shipped _ -> reject("already-shipped");
            case Returned _ -> reject("already-returned");
        };
    }

    private static Decision<Placed, OrderEvent> ship(
            Order order, String carrier, String trackingNumber) {
        return switch (order) {
            case Unknown() -> reject("unknown-order");
            case Pending _ -> reject("not-confirmed");
            case Confirmed confirmed ->
                    advance(
                            new Shipped(
                                    confirmed.details(),
                                    carrier,
                                    trackingNumber,
                                    confirmed.stock(),
                                    confirmed.payment()),
                            new OrderShipped(confirmed.details().id(), carrier, trackingNumber));
            case Cancelled _ -> reject("already-cancelled");
            case Shipped shipped ->
                    shipped.carrier().equals(carrier)
                                    && shipped.trackingNumber().equals(trackingNumber)
                            ? ignore("already-shipped")
                            : reject("shipped-otherwise");
            case Returned _ -> reject("already-returned");
        };
    }

    private static Decision<Placed, OrderEvent> takeBack(Order order, String reason) {
        return switch (order) {
            case Unknown() -> reject("unknown-order");
            case Pending _, Confirmed _ -> reject("not-shipped");
            case Cancelled _ -> reject("already-cancelled");
            case Shipped(var details, var carrier, var trackingNumber, var stock, var payment) ->
                    advance(
                            new Returned(details, carrier, trackingNumber, reason, stock, payment),
                            new OrderReturned(details.id(), reason));
            case Returned _ -> ignore("already-returned");
        };
    }

    private static Decision<Placed, OrderEvent> expire(Order order, Instant now) {
        return switch (order) {
            case Unknown() -> ignore("unknown-order");
            case Pending pending when now.isBefore(pending.details().deadline()) ->
                    ignore("not-due");
            case Pending pending -> cancelled(pending, TIMED_OUT, null);
            case Confirmed _ -> ignore("already-confirmed");
            case Cancelled _ -> ignore("already-cancelled");
            case Shipped _ -> ignore("already-shipped");
            case Returned _ -> ignore("already-returned");
        };
    }

    private static Decision<Placed, OrderEvent> hear(Pending pending, DomainEvent event) {
        return switch (event) {
            case StockReserved _ -> {
                if (pending.stock() != StockStatus.NONE) {
                    yield ignore("already-reserved");
                }
                yield pending.payment() == PaymentStatus.AUTHORIZED
                        ? confirmed(pending)
                        : advance(
                                new Pending(
                                        pending.details(),
                                        StockStatus.RESERVED,
                                        pending.payment()));
            }
            case PaymentAuthorized _ -> {
                if (pending.payment() != PaymentStatus.NONE) {
                    yield ignore("already-authorized");
                }
                yield pending.stock() == StockStatus.RESERVED
                        ? confirmed(pending)
                        : advance(
                                new Pending(
                                        pending.details(),
                                        pending.stock(),
                                        PaymentStatus.AUTHORIZED));
            }
            case StockRejected _ ->
                    cancelled(
                            new Pending(pending.details(), StockStatus.REJECTED, pending.payment()),
                            OUT_OF_STOCK,
                            null);
            case PaymentDeclined _ ->
                    cancelled(
                            new Pending(pending.details(), pending.stock(), PaymentStatus.DECLINED),
                            PAYMENT_DECLINED,
                            null);
            case StockReleased _ -> reject("released-while-pending");
            case PaymentVoided _ ->
                    pending.payment() == PaymentStatus.AUTHORIZED
                            ? lapsed(pending)
                            : reject("voided-while-pending");
            case StockCommitted _, StockRestocked _, PaymentCaptured _, PaymentRefunded _ ->
                    reject("not-shipped");
            case OrderEvent _, NotificationEvent _, ProductEvent _ -> ignore("not-for-orders");
        };
    }

    private static Decision<Placed, OrderEvent> hear(Confirmed confirmed, DomainEvent event) {
        return switch (event) {
            case StockReserved _ -> ignore("already-reserved");
            case PaymentAuthorized _ -> ignore("already-authorized");
            case StockRejected _ -> reject("rejected-after-confirmation");
            case PaymentDeclined _ -> reject("declined-after-confirmation");
            case StockReleased _ -> reject("released-while-confirmed");
            case PaymentVoided _ -> lapsed(confirmed);
            case StockCommitted _, StockRestocked _, PaymentCaptured _, PaymentRefunded _ ->
                    reject("not-shipped");
            case OrderEvent _, NotificationEvent _, ProductEvent _ -> ignore("not-for-orders");
        };
    }

    private static Decision<Placed, OrderEvent> hear(Cancelled order, DomainEvent event) {
        return switch (event) {
            case StockReserved _ -> stock(order, StockStatus.RESERVED);
            case StockRejected _ -> stock(order, StockStatus.REJECTED);
            case StockReleased _ -> stock(order, StockStatus.RELEASED);
            case PaymentAuthorized _ when order.reason() == OUT_OF_STOCK ->
                    reject("authorized-without-stock");
            case PaymentAuthorized _ -> payment(order, PaymentStatus.AUTHORIZED);
            case PaymentDeclined _ -> payment(order, PaymentStatus.DECLINED);
            case PaymentVoided _ -> payment(order, PaymentStatus.VOIDED);
            case PaymentRefunded _ -> payment(order, PaymentStatus.REFUNDED);
            case StockCommitted _, StockRestocked _, PaymentCaptured _ -> reject("not-shipped");
            case OrderEvent _, NotificationEvent _, ProductEvent _ -> ignore("not-for-orders");
        };
    }

    private static Decision<Placed, OrderEvent> hear(Shipped order, DomainEvent event) {
        return switch (event) {
            case StockReserved _ -> ignore("already-reserved");
            case StockCommitted _ when order.stock() == StockStatus.RESERVED ->
                    advance(order.with(StockStatus.COMMITTED));
            case StockCommitted _ -> ignore("already-committed");
            case StockRejected _ -> reject("rejected-after-confirmation");
            case StockReleased _ -> reject("released-after-shipment");
            case PaymentAuthorized _ -> ignore("already-authorized");
            case PaymentCaptured _ when order.payment() == PaymentStatus.AUTHORIZED ->
                    advance(order.with(PaymentStatus.CAPTURED));
            case PaymentCaptured _ when order.payment() == PaymentStatus.VOIDED ->
                    reject("captured-after-void");
            case PaymentCaptured _ -> ignore("already-captured");
            case PaymentVoided _ when order.payment() == PaymentStatus.AUTHORIZED ->
                    advance(order.with(PaymentStatus.VOIDED));
            case PaymentVoided _ when order.payment() == PaymentStatus.CAPTURED ->
                    reject("voided-after-capture");
            case PaymentVoided _ -> ignore("already-voided");
            case PaymentDeclined _ -> reject("declined-after-confirmation");
            case StockRestocked _, PaymentRefunded _ -> reject("not-returned");
            case OrderEvent _, NotificationEvent _, ProductEvent _ -> ignore("not-for-orders");
        };
    }

    private static Decision<Placed, OrderEvent> hear(Returned order, DomainEvent event) {
        return switch (event) {
            case StockReserved _ -> ignore("already-reserved");
            case StockCommitted _ when order.stock() == StockStatus.RESERVED ->
                    advance(order.with(StockStatus.COMMITTED));
            case StockCommitted _ -> ignore("already-committed");
            case StockRestocked _ when order.stock() == StockStatus.RESTOCKED ->
                    ignore("already-restocked");
            case StockRestocked _ -> advance(order.with(StockStatus.RESTOCKED));
            case StockRejected _ -> reject("rejected-after-confirmation");
            case StockReleased _ -> reject("released-after-shipment");
            case PaymentAuthorized _ -> ignore("already-authorized");
            case PaymentCaptured _ when order.payment() == PaymentStatus.AUTHORIZED ->
                    advance(order.with(PaymentStatus.CAPTURED));
            case PaymentCaptured _ when order.payment() == PaymentStatus.VOIDED ->
                    reject("captured-after-void");
            case PaymentCaptured _ -> ignore("already-captured");
            case PaymentRefunded _ when order.payment() == PaymentStatus.VOIDED ->
                    reject("refunded-after-void");
            case PaymentRefunded _ when order.payment() == PaymentStatus.REFUNDED ->
                    ignore("already-refunded");
            case PaymentRefunded _ -> advance(order.with(PaymentStatus.REFUNDED));
            case PaymentVoided _ when order.payment() == PaymentStatus.AUTHORIZED ->
                    advance(order.with(PaymentStatus.VOIDED));
            case PaymentVoided _ when order.payment() == PaymentStatus.CAPTURED ->
                    reject("voided-after-capture");
            case PaymentVoided _ -> ignore("already-voided");
            case PaymentDeclined _ -> reject("declined-after-confirmation");
            case OrderEvent _, NotificationEvent _, ProductEvent _ -> ignore("not-for-orders");
        };
    }

    /// The provider does not hold the money any more, so nobody would pay.
    private static Decision<Placed, OrderEvent> lapsed(Placed order) {
        return advance(
                new Cancelled(
                        order.details(),
                        PAYMENT_DECLINED,
                        order.stock(),
                        PaymentStatus.VOIDED,
                        null),
                new OrderCancelled(order.details().id(), PAYMENT_DECLINED));
    }

    private static Decision<Placed, OrderEvent> confirmed(Pending pending) {
        return advance(
                new Confirmed(pending.details()), new OrderConfirmed(pending.details().id()));
    }

    private static Decision<Placed, OrderEvent> cancelled(
            Placed order, CancellationReason reason, @Nullable String note) {
        return advance(
                new Cancelled(order.details(), reason, order.stock(), order.payment(), note),
                new OrderCancelled(order.details().id(), reason));
    }

    private static Decision<Placed, OrderEvent> stock(Cancelled order, StockStatus next) {
        if (!order.stock().owesRelease() || order.stock() == next) {
            return ignore("stock-already-known");
        }
        return advance(
                new Cancelled(
                        order.details(), order.reason(), next, order.payment(), order.note()));
    }

    private static Decision<Placed, OrderEvent> payment(Cancelled order, PaymentStatus next) {
        if (!order.payment().owesVoid() || order.payment() == next) {
            return ignore("payment-already-known");
        }
        return advance(
                new Cancelled(order.details(), order.reason(), order.stock(), next, order.note()));
    }
}
