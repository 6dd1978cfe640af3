package dev.quadrille.contract;

import java.util.UUID;

/// What the payment service announces about the money of one order.
public sealed interface PaymentEvent extends DomainEvent {

    UUID orderId();

    @Override
    default String subject() {
        return orderId().toString();
    }

    /// The provider holds the amount on the customer's account.
    ///
    /// @param providerReference the provider's name for the payment
    record PaymentAuthorized(UUID orderId, Money amount, String providerReference)
            implements PaymentEvent {}

    /// The provider refused; nothing is held.
    ///
    /// @param declineCode the provider's code, such as `insufficient_funds`
    record PaymentDeclined(UUID orderId, String declineCode) implements PaymentEvent {}

    /// The held amount was taken.
    record PaymentCaptured(UUID orderId, Money amount) implements PaymentEvent {}

    /// Nothing is held and nothing was taken, or what was taken has been given back.
    record PaymentVoided(UUID orderId) implements PaymentEvent {}

    /// The taken amount was given back.
    record PaymentRefunded(UUID orderId, Money amount) implements PaymentEvent {}
}
