package dev.quadrille.payment.domain;

import dev.quadrille.contract.DomainEvent;

/// What can happen to a payment.
public sealed interface PaymentInput {

    /// Another service has announced something about the order.
    record Heard(DomainEvent event) implements PaymentInput {}

    /// What the provider said, asked or by itself. An unknown outcome is no answer: the provider is
    /// asked again.
    sealed interface ProviderAnswer extends PaymentInput {}

    /// It holds the amount.
    ///
    /// @param reference its name for the payment
    record ProviderAuthorized(String reference) implements ProviderAnswer {}

    /// It refuses to hold the amount.
    ///
    /// @param code such as `insufficient_funds`
    record ProviderDeclined(String code) implements ProviderAnswer {}

    /// It took the amount that it held.
    ///
    /// @param reference its name for the payment
    record ProviderCaptured(String reference) implements ProviderAnswer {}

    /// It holds nothing any more: it was asked to let go, the hold lapsed, or somebody else had it
    /// let go.
    ///
    /// @param reference its name for the payment
    record ProviderVoided(String reference) implements ProviderAnswer {}

    /// It gave back the amount that it took.
    ///
    /// @param reference its name for the payment
    record ProviderRefunded(String reference) implements ProviderAnswer {}
}
