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
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Capturing;
import dev.quadrille.payment.domain.Payment.CapturingToRefund;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Refunding;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a payment moves. `!` marks what is announced; a dash is an [Decision.Ignore].
///
/// | state             | OrderPlaced   | StockReserved | OrderCancelled      | OrderShipped | OrderReturned     |
/// |-------------------|---------------|---------------|---------------------|--------------|-------------------|
/// | Unknown           | AwaitingStock | AwaitingOrder | Cancelled (!Voided) | reject       | reject            |
/// | AwaitingStock     | -             | Authorizing   | Cancelled (!Voided) | reject       | reject            |
/// | AwaitingOrder     | Authorizing   | -             | Cancelled (!Voided) | reject       | reject            |
/// | Authorizing       | -             | -             | asked: Abandoning, else Cancelled (!Voided) | reject | reject |
/// | Authorized        | -             | -             | Voiding             | Capturing    | reject            |
/// | Declined          | -             | -             | -                   | reject       | reject            |
/// | Abandoning        | -             | -             | -                   | reject       | reject            |
/// | Voiding           | -             | -             | -                   | reject       | reject            |
/// | Voided            | -             | -             | -                   | reject       | -                 |
/// | Cancelled         | -             | -             | -                   | reject       | reject            |
/// | Capturing         | -             | -             | reject              | -            | CapturingToRefund |
/// | Captured          | -             | -             | reject              | -            | Refunding         |
/// | CapturingToRefund | -             | -             | reject              | -            | -                 |
/// | Refunding         | -             | -             | -                   | -            | -                 |
/// | Refunded          | -             | -             | -                   | -            | -                 |
///
/// | state             | ProviderAuthorized | ProviderDeclined | ProviderCaptured | ProviderVoided | ProviderRefunded |
/// |-------------------|--------------------|------------------|------------------|----------------|------------------|
/// | Unknown, AwaitingStock, AwaitingOrder, Cancelled | reject | reject | reject  | reject         | reject           |
/// | Authorizing       | Authorized !Authorized | Declined !Declined | reject     | asked: Declined !Declined, else reject | reject |
/// | Authorized        | -                  | reject           | reject           | Voided !Voided | reject           |
/// | Declined          | Voiding            | -                | reject           | -              | reject           |
/// | Abandoning        | Voiding            | Declined !Declined | reject         | Voided !Voided | reject           |
/// | Voiding           | -                  | reject           | Refunding        | Voided !Voided | reject           |
/// | Voided            | -                  | reject           | reject           | -              | reject           |
/// | Capturing         | -                  | reject           | Captured !Captured | Voided !Voided | reject         |
/// | Captured          | -                  | reject           | -                | reject         | reject           |
/// | CapturingToRefund | -                  | reject           | Refunding !Captured | Voided !Voided | reject        |
/// | Refunding         | -                  | reject           | -                | reject         | Refunded !Refunded |
/// | Refunded          | -                  | reject           | -                | reject         | -                |
///
/// Every cancellation is answered, and the order waits for it: by PaymentVoided, or by
/// PaymentDeclined if that is how it went, or by PaymentRefunded if somebody had taken at the
/// provider what was to be let go. `(!Voided)` is silent if the order was OUT_OF_STOCK: then the
/// order knows that no payment was ever begun, and waits for nothing. If the provider was asked all
/// the same, what it holds is let go and said so, whatever the reason.
///
/// The provider's holds do not last for ever, and others can let go of them: a ProviderVoided may
/// come unasked. An order that has not heard of the authorization yet is then told that it was
/// declined, because that is an answer it waits for; to any other the hold is announced as voided,
/// and a shipment that comes later is rejected, for an operator to see. That an amount was taken or
/// given back unasked moves nothing; whoever asks for it later learns that it is done.
///
/// A refusal may turn out to be a hold: it was given up because the provider knew nothing of it,
/// and the answer was only late. The order has ended by then, so the hold is let go.
///
/// An answer of the provider comes again when it was asked twice, and once more as an event of its
/// own, so it is ignored by the states that it has already led to. An answer about another
/// reference than the one that is known is rejected: a ProviderAuthorized of it would be a second
/// hold, and what becomes of a second hold is not what becomes of this payment.
///
/// All else that is heard is ignored.
public final class PaymentDecider {

    /// What the order is told if the hold was gone before it was known that there was one.
    static final String HOLD_LAPSED = "hold_lapsed";

    private PaymentDecider() {}

    public static Decision<Known, PaymentEvent> decide(Payment payment, PaymentInput input) {
        return switch (input) {
            case Heard(var event) -> hear(payment, event);
            case ProviderAuthorized(var reference) -> authorized(payment, reference);
            case ProviderDeclined(var code) -> declined(payment, code);
            case ProviderCaptured(var reference) ->
                    isOfAnother(payment, reference) ? otherIntent() : captured(payment);
            case ProviderVoided(var reference) ->
                    isOfAnother(payment, reference) ? otherIntent() : voided(payment, reference);
            case ProviderRefunded(var reference) ->
                    isOfAnother(payment, reference) ? otherIntent() : refunded(payment);
        };
    }

    private static Decision<Known, PaymentEvent> hear(Payment payment, DomainEvent event) {
        return switch (event) {
            case OrderPlaced placed -> placed(payment, placed);
            case StockReserved(var orderId, _) -> reserved(payment, orderId);
            case OrderCancelled(var orderId, var reason) -> cancelled(payment, orderId, reason);
            case OrderShipped _ -> shipped(payment);
            case OrderReturned _ -> returned(payment);
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
                    Voided _,
                    Capturing _,
                    Captured _,
                    CapturingToRefund _,
                    Refunding _,
                    Refunded _ ->
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
                    Voided _,
                    Capturing _,
                    Captured _,
                    CapturingToRefund _,
                    Refunding _,
                    Refunded _ ->
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
            case Abandoning _, Voiding _, Voided _, Cancelled _, Refunding _, Refunded _ ->
                    ignore("already-cancelled");
            case Capturing _, Captured _, CapturingToRefund _ -> reject("already-shipped");
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

    private static Decision<Known, PaymentEvent> shipped(Payment payment) {
        return switch (payment) {
            case Authorized(var orderId, var amount, var reference) ->
                    advance(new Capturing(orderId, amount, reference));
            case Capturing _, Captured _, CapturingToRefund _, Refunding _, Refunded _ ->
                    ignore("already-shipped");
            case Voided _ -> reject("hold-lapsed");
            case Unknown _,
                    AwaitingStock _,
                    AwaitingOrder _,
                    Authorizing _,
                    Declined _,
                    Abandoning _,
                    Voiding _,
                    Cancelled _ ->
                    reject("not-authorized");
        };
    }

    private static Decision<Known, PaymentEvent> returned(Payment payment) {
        return switch (payment) {
            case Capturing(var orderId, var amount, var reference) ->
                    advance(new CapturingToRefund(orderId, amount, reference));
            case Captured(var orderId, var amount, var reference) ->
                    advance(new Refunding(orderId, amount, reference));
            case CapturingToRefund _, Refunding _, Refunded _ -> ignore("already-returned");
            case Voided _ -> ignore("nothing-captured");
            case Unknown _,
                    AwaitingStock _,
                    AwaitingOrder _,
                    Authorizing _,
                    Authorized _,
                    Declined _,
                    Abandoning _,
                    Voiding _,
                    Cancelled _ ->
                    reject("not-shipped");
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
            case Capturing(_, _, var known) -> again(reference, known);
            case Captured(_, _, var known) -> again(reference, known);
            case CapturingToRefund(_, _, var known) -> again(reference, known);
            case Refunding(_, _, var known) -> again(reference, known);
            case Refunded(_, _, var known) -> again(reference, known);
            case Declined(var orderId, var amount, _) ->
                    advance(new Voiding(orderId, amount, reference));
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
            case Authorized _,
                    Voiding _,
                    Voided _,
                    Capturing _,
                    Captured _,
                    CapturingToRefund _,
                    Refunding _,
                    Refunded _ ->
                    reject("declined-after-authorization");
            case Unknown _, AwaitingStock _, AwaitingOrder _, Cancelled _ -> reject("never-asked");
        };
    }

    private static Decision<Known, PaymentEvent> declined(UUID orderId, Money amount, String code) {
        return advance(new Declined(orderId, amount, code), new PaymentDeclined(orderId, code));
    }

    private static Decision<Known, PaymentEvent> captured(Payment payment) {
        return switch (payment) {
            case Capturing(var orderId, var amount, var reference) ->
                    advance(
                            new Captured(orderId, amount, reference),
                            new PaymentCaptured(orderId, amount));
            case CapturingToRefund(var orderId, var amount, var reference) ->
                    advance(
                            new Refunding(orderId, amount, reference),
                            new PaymentCaptured(orderId, amount));
            case Voiding(var orderId, var amount, var reference) ->
                    advance(new Refunding(orderId, amount, reference));
            case Captured _, Refunding _, Refunded _ -> ignore("already-captured");
            case Authorized _ -> reject("captured-unasked");
            case Voided _ -> reject("captured-after-void");
            case Unknown _,
                    AwaitingStock _,
                    AwaitingOrder _,
                    Authorizing _,
                    Declined _,
                    Abandoning _,
                    Cancelled _ ->
                    reject("never-asked");
        };
    }

    private static Decision<Known, PaymentEvent> voided(Payment payment, String reference) {
        return switch (payment) {
            case Authorizing(var orderId, var amount, _, var asked) ->
                    asked ? declined(orderId, amount, HOLD_LAPSED) : reject("never-asked");
            case Abandoning(var orderId, var amount, _) -> voided(orderId, amount, reference);
            case Authorized(var orderId, var amount, _) -> voided(orderId, amount, reference);
            case Voiding(var orderId, var amount, _) -> voided(orderId, amount, reference);
            case Capturing(var orderId, var amount, _) -> voided(orderId, amount, reference);
            case CapturingToRefund(var orderId, var amount, _) ->
                    voided(orderId, amount, reference);
            case Voided _ -> ignore("already-voided");
            case Declined _ -> ignore("nothing-held");
            case Captured _, Refunding _, Refunded _ -> reject("voided-after-capture");
            case Unknown _, AwaitingStock _, AwaitingOrder _, Cancelled _ -> reject("never-asked");
        };
    }

    private static Decision<Known, PaymentEvent> voided(
            UUID orderId, Money amount, String reference) {
        return advance(new Voided(orderId, amount, reference), new PaymentVoided(orderId));
    }

    private static Decision<Known, PaymentEvent> refunded(Payment payment) {
        return switch (payment) {
            case Refunding(var orderId, var amount, var reference) ->
                    advance(
                            new Refunded(orderId, amount, reference),
                            new PaymentRefunded(orderId, amount));
            case Refunded _ -> ignore("already-refunded");
            case Unknown _,
                    AwaitingStock _,
                    AwaitingOrder _,
                    Authorizing _,
                    Authorized _,
                    Declined _,
                    Abandoning _,
                    Voiding _,
                    Voided _,
                    Cancelled _,
                    Capturing _,
                    Captured _,
                    CapturingToRefund _ ->
                    reject("refunded-unasked");
        };
    }

    private static boolean isOfAnother(Payment payment, String reference) {
        return payment instanceof Known known
                && known.reference() != null
                && !reference.equals(known.reference());
    }

    private static Decision<Known, PaymentEvent> otherIntent() {
        return reject("other-intent");
    }
}
