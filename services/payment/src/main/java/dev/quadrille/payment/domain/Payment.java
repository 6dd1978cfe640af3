package dev.quadrille.payment.domain;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The payment of an order, one record for each state it can be in.
public sealed interface Payment {

    /// Nothing was heard of the order.
    record Unknown() implements Payment {}

    /// A payment of which something was heard.
    sealed interface Known extends Payment {

        UUID orderId();

        /// What is to be paid; null while the order itself was not heard of.
        default @Nullable Money amount() {
            return null;
        }

        /// What is to be charged; null once the provider need not be told it any more.
        default @Nullable PaymentMethod method() {
            return null;
        }

        /// The provider's name for the payment; null if it holds nothing and never has.
        default @Nullable String reference() {
            return null;
        }

        /// Why the provider refused; null if it did not.
        default @Nullable String declineCode() {
            return null;
        }

        /// What is to be asked of the provider; null if nothing is.
        default @Nullable Errand errand() {
            return null;
        }

        /// The key of its events.
        default String subject() {
            return orderId().toString();
        }
    }

    /// The order was placed; its stock is not reserved yet.
    record AwaitingStock(UUID orderId, Money amount, PaymentMethod method) implements Known {}

    /// The stock is reserved for an order that was not heard of yet: it stands on another topic.
    record AwaitingOrder(UUID orderId) implements Known {}

    /// The provider is to hold the amount.
    ///
    /// @param asked whether it may have been asked already. As long as it was not, it cannot hold
    ///   anything.
    record Authorizing(UUID orderId, Money amount, PaymentMethod method, boolean asked)
            implements Known {

        @Override
        public Errand errand() {
            return new Errand.Authorize(orderId, amount, method);
        }
    }

    /// The provider holds the amount.
    record Authorized(UUID orderId, Money amount, String reference) implements Known {}

    /// The provider refused, or was given up; nothing is held, as far as is known.
    record Declined(UUID orderId, Money amount, String declineCode) implements Known {}

    /// The order was cancelled after the provider was asked and before its answer was known. What
    /// it holds can only be let go by the name that the answer gives it, so the answer is still
    /// sought.
    record Abandoning(UUID orderId, Money amount, PaymentMethod method) implements Known {

        /// The same as before the order was cancelled, key included, because asking again is how
        /// the answer is learned.
        @Override
        public Errand errand() {
            return new Errand.Authorize(orderId, amount, method);
        }
    }

    /// The provider is to let go of what it holds.
    record Voiding(UUID orderId, Money amount, String reference) implements Known {

        @Override
        public Errand errand() {
            return new Errand.LetGo(orderId, reference);
        }
    }

    /// The provider holds nothing any more: it let go of it for us, or by itself.
    record Voided(UUID orderId, Money amount, String reference) implements Known {}

    /// The order was cancelled before the provider was asked for anything. What comes later is for
    /// nothing.
    ///
    /// @param amount null if the order itself was not heard of
    record Cancelled(UUID orderId, @Nullable Money amount) implements Known {}

    /// The order was shipped: the provider is to take the amount.
    record Capturing(UUID orderId, Money amount, String reference) implements Known {

        @Override
        public Errand errand() {
            return new Errand.Capture(orderId, amount, reference);
        }
    }

    /// The provider took the amount.
    record Captured(UUID orderId, Money amount, String reference) implements Known {}

    /// The order came back while the provider was asked to take the amount. What may have been
    /// taken can only be given back once it is known that it was, so it is taken first.
    record CapturingToRefund(UUID orderId, Money amount, String reference) implements Known {

        /// The same as before the order came back, key included, because asking again is how the
        /// answer is learned.
        @Override
        public Errand errand() {
            return new Errand.Capture(orderId, amount, reference);
        }
    }

    /// The provider is to give back the amount.
    record Refunding(UUID orderId, Money amount, String reference) implements Known {

        @Override
        public Errand errand() {
            return new Errand.Refund(orderId, amount, reference);
        }
    }

    /// The provider gave back the amount.
    record Refunded(UUID orderId, Money amount, String reference) implements Known {}
}
