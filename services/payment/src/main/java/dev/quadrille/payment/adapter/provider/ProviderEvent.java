package dev.quadrille.payment.adapter.provider;

import dev.quadrille.contract.Money;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the provider tells by itself, as far as it can be believed and read.
public sealed interface ProviderEvent {

    /// Whoever sent it does not know the secret, or has kept it for too long.
    record Unsigned() implements ProviderEvent {}

    /// It is the provider's, and makes no sense.
    record Unreadable() implements ProviderEvent {}

    /// It tells nothing that a payment has to know.
    record NotUsed(String type) implements ProviderEvent {}

    /// It is about something that was not made for an order.
    record NotOurs(String type) implements ProviderEvent {}

    /// It tells something about the payment of an order, if that is what it says it is about.
    ///
    /// @param id the provider's name for the event; the same each time it is sent
    /// @param amount in the provider's unit
    /// @param request the idempotency key of the request that led to it; null if none did
    record About(
            String id,
            String type,
            UUID orderId,
            ProviderAnswer answer,
            long amount,
            @Nullable String currency,
            @Nullable String request)
            implements ProviderEvent {

        public boolean isOf(Money amount) {
            return IntentBody.isOf(amount, this.amount, currency);
        }
    }

    /// A refund that was taken for given back did not reach the customer.
    ///
    /// @param refund the provider's name for it
    record RefundFailed(String id, String type, UUID orderId, String refund)
            implements ProviderEvent {}
}
