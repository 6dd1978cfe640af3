package dev.quadrille.payment.domain;

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
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a payment moves. `!` marks what is announced; a dash is an [Decision.Ignore].
///
/// | state         | OrderPlaced   | StockReserved | OrderCancelled     | ProviderAuthorized    | ProviderDeclined    | ProviderVoided  |
/// |---------------|---------------|---------------|--------------------|-----------------------|---------------------|-----------------|
/// | Unknown       | AwaitingStock | AwaitingOrder | Cancelled (!Voided)| reject                | reject              | reject          |
/// | AwaitingStock | -             | Authorizing   | Cancelled (!Voided)| reject                | reject              | reject          |
/// | AwaitingOrder | Authorizing   | -             | Cancelled (!Voided)| reject                | reject              | reject          |
/// | Authorizing   | -             | -             | asked: Abandoning, else Cancelled (!Voided) | Authorized !Authorized | Declined !Declined | reject |
/// | Authorized    | -             | -             | Voiding            | -                     | reject              | reject          |
/// | Declined      | -             | -             | -                  | reject                | -                   | reject          |
/// | Abandoning    | -             | -             | -                  | Voiding               | Declined !Declined  | reject          |
/// | Voiding       | -             | -             | -                  | -                     | reject              | Voided !Voided  |
/// | Voided        | -             | -             | -                  | -                     | reject              | -               |
/// | Cancelled     | -             | -             | -                  | reject                | reject              | reject          |
///
/// Every cancellation is answered, and the order waits for it: by PaymentVoided, or by
/// PaymentDeclined if that is how it went. `(!Voided)` is silent if the order was OUT_OF_STOCK:
/// then the order knows that no payment was ever begun, and waits for nothing. If the provider was
/// asked all the same, what it holds is let go and said so, whatever the reason.
///
/// An answer of the provider comes again when it was asked twice, so it is ignored by the states
/// that it has already led to. A ProviderAuthorized of another reference than the one that is known
/// is rejected: it would be a second hold.
///
/// Of what else is heard, OrderShipped and OrderReturned are rejected (nothing is captured yet) and
/// all others are ignored.
public final class PaymentDecider {

    private PaymentDecider() {}

    public static Decision<Known, PaymentEvent> decide(Payment payment, PaymentInput input) {
        return switch (input) {
            case Heard(var event) -> hear(payment, event);
            case ProviderAuthorized(var reference) -> authorized(payment, reference);
            case ProviderDeclined(var code) -> declined(payment, code);
            case ProviderVoided() -> voided(payment);
        };
    }

    private static Decision<Known, PaymentEvent> hear(Payment payment, DomainEvent event) {
        return switch (event) {
            case OrderPlaced placed -> placed(payment, placed);
            case StockReserved(var orderId, _) -> reserved(payment, orderId);
            case OrderCancelled(var orderId, var reason) -> cancelled(payment, orderId, reason);
            case OrderShipped _, OrderReturned _ -> reject("nothing-captured");
            case OrderConfirmed _ -> ignore("not-for-payments");
            case StockRejected _, StockReleased _, StockCommitted _, StockRestocked _ ->
                    ignore("not-for-payments");
            case PaymentEvent _, NotificationEvent _, ProductEvent _ -> ignore("not-for-payments");
        };
    }

    private static Decision<Known, PaymentEvent> placed(Payment payment, OrderPlaced order) {
        return switch (payment) {
            case Unknown() ->
                    advance(
                            new AwaitingStock(
                                    order.orderId(), order.total(), order.paymentMethod()));
            case AwaitingOrder(var orderId) ->
                    advance(new Authorizing(orderId, order.total(), order.paymentMethod(), false));
            case AwaitingStock _,
                    Authorizing _,
                    Authorized _,
                    Declined _,
                    Abandoning _,
                    Voiding _,
                    Voided _ ->
                    ignore("already-placed");
            case Cancelled _ -> ignore("already-cancelled");
        };
    }

    private static Decision<Known, PaymentEvent> reserved(Payment payment, UUID orderId) {
        return switch (payment) {
            case Unknown() -> advance(new AwaitingOrder(orderId));
            case AwaitingStock(_, var amount, var method) ->
                    advance(new Authorizing(orderId, amount, method, false));
            case AwaitingOrder _,
                    Authorizing _,
                    Authorized _,
                    Declined _,
                    Abandoning _,
                    Voiding _,
                    Voided _ ->
                    ignore("already-reserved");
            case Cancelled _ -> ignore("already-cancelled");
        };
    }

    private static Decision<Known, PaymentEvent> cancelled(
            Payment payment, UUID orderId, CancellationReason reason) {
        return switch (payment) {
            case Unknown() -> neverBegun(orderId, null, reason);
            case AwaitingOrder _ -> neverBegun(orderId, null, reason);
            case AwaitingStock(_, var amount, _) -> neverBegun(orderId, amount, reason);
            case Authorizing(_, var amount, var method, var asked) ->
                    asked
                            ? advance(new Abandoning(orderId, amount, method))
                            : neverBegun(orderId, amount, reason);
            case Authorized(_, var amount, var reference) ->
                    advance(new Voiding(orderId, amount, reference));
            case Declined _ -> ignore("already-declined");
            case Abandoning _, Voiding _, Voided _, Cancelled _ -> ignore("already-cancelled");
        };
    }

    private static Decision<Known, PaymentEvent> neverBegun(
            UUID orderId, @Nullable Money amount, CancellationReason reason) {
        var cancelled = new Cancelled(orderId, amount);
        return switch (reason) {
            case OUT_OF_STOCK -> advance(cancelled);
            case PAYMENT_DECLINED, TIMED_OUT, CUSTOMER_REQUEST ->
                    advance(cancelled, new PaymentVoided(orderId));
        };
    }

    private static Decision<Known, PaymentEvent> authorized(Payment payment, String reference) {
        return switch (payment) {
            case Authorizing(var orderId, var amount, _, _) ->
                    advance(
                            new Authorized(orderId, amount, reference),
                            new PaymentAuthorized(orderId, amount, reference));
            case Abandoning(var orderId, var amount, _) ->
                    advance(new Voiding(orderId, amount, reference));
            case Authorized(_, _, var known) -> again(reference, known);
            case Voiding(_, _, var known) -> again(reference, known);
            case Voided(_, _, var known) -> again(reference, known);
            case Declined _ -> reject("authorized-after-decline");
            case Unknown _, AwaitingStock _, AwaitingOrder _, Cancelled _ -> reject("never-asked");
        };
    }

    private static Decision<Known, PaymentEvent> again(String reference, String known) {
        return reference.equals(known) ? ignore("already-authorized") : reject("second-hold");
    }

    private static Decision<Known, PaymentEvent> declined(Payment payment, String code) {
        return switch (payment) {
            case Authorizing(var orderId, var amount, _, _) -> declined(orderId, amount, code);
            case Abandoning(var orderId, var amount, _) -> declined(orderId, amount, code);
            case Declined _ -> ignore("already-declined");
            case Authorized _, Voiding _, Voided _ -> reject("declined-after-authorization");
            case Unknown _, AwaitingStock _, AwaitingOrder _, Cancelled _ -> reject("never-asked");
        };
    }

    private static Decision<Known, PaymentEvent> declined(UUID orderId, Money amount, String code) {
        return advance(new Declined(orderId, amount, code), new PaymentDeclined(orderId, code));
    }

    private static Decision<Known, PaymentEvent> voided(Payment payment) {
        return switch (payment) {
            case Voiding(var orderId, var amount, var reference) ->
                    advance(new Voided(orderId, amount, reference), new PaymentVoided(orderId));
            case Voided _ -> ignore("already-voided");
            case Unknown _,
                    AwaitingStock _,
                    AwaitingOrder _,
                    Authorizing _,
                    Authorized _,
                    Declined _,
                    Abandoning _,
                    Cancelled _ ->
                    reject("never-asked");
        };
    }
}
