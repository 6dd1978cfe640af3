package dev.quadrille.payment.adapter.rest;

import dev.quadrille.contract.Money;
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
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A payment as clients see it.
///
/// @param amount what is to be paid; null, as are the other two, while the order is not known here
/// @param captured what was taken
/// @param refunded what was given back of it
/// @param providerReference the provider's name for the payment, if it held something
/// @param declineCode why the provider refused, if it did
public record PaymentView(
        UUID orderId,
        State state,
        @Nullable Money amount,
        @Nullable Money captured,
        @Nullable Money refunded,
        @Nullable String providerReference,
        @Nullable String declineCode) {

    /// The states of a payment.
    public enum State {
        /// The order was placed; its stock is not reserved yet.
        AWAITING_STOCK,
        /// The stock is reserved; the order itself was not heard of yet.
        AWAITING_ORDER,
        /// The provider is being asked to hold the amount.
        AUTHORIZING,
        /// The provider holds the amount.
        AUTHORIZED,
        /// The provider refused; nothing is held.
        DECLINED,
        /// The order was cancelled, and the provider is being asked to let go of what it holds or
        /// may hold.
        VOIDING,
        /// The provider let go of what it held.
        VOIDED,
        /// The order was cancelled before the provider was asked for anything.
        CANCELLED,
        /// The order was shipped, and the provider is being asked to take the amount.
        CAPTURING,
        /// The provider took the amount.
        CAPTURED,
        /// The provider is being asked to give back what it took.
        REFUNDING,
        /// The provider gave back what it took.
        REFUNDED
    }

    static PaymentView of(Known payment) {
        var amount = payment.amount();
        var nothing = amount == null ? null : new Money(0, amount.currency());
        var state = state(payment);
        var captured =
                switch (state) {
                    case CAPTURED, REFUNDING, REFUNDED -> amount;
                    case AWAITING_STOCK,
                            AWAITING_ORDER,
                            AUTHORIZING,
                            AUTHORIZED,
                            DECLINED,
                            VOIDING,
                            VOIDED,
                            CANCELLED,
                            CAPTURING ->
                            nothing;
                };
        return new PaymentView(
                payment.orderId(),
                state,
                amount,
                captured,
                state == State.REFUNDED ? amount : nothing,
                payment.reference(),
                payment.declineCode());
    }

    private static State state(Known payment) {
        return switch (payment) {
            case AwaitingStock _ -> State.AWAITING_STOCK;
            case AwaitingOrder _ -> State.AWAITING_ORDER;
            case Authorizing _ -> State.AUTHORIZING;
            case Authorized _ -> State.AUTHORIZED;
            case Declined _ -> State.DECLINED;
            case Abandoning _, Voiding _ -> State.VOIDING;
            case Voided _ -> State.VOIDED;
            case Cancelled _ -> State.CANCELLED;
            case Capturing _, CapturingToRefund _ -> State.CAPTURING;
            case Captured _ -> State.CAPTURED;
            case Refunding _ -> State.REFUNDING;
            case Refunded _ -> State.REFUNDED;
        };
    }
}
