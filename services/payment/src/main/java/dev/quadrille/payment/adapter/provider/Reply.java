package dev.quadrille.payment.adapter.provider;

import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;

/// What came of asking the provider.
public sealed interface Reply {

    record Answered(ProviderAnswer answer) implements Reply {}

    /// It may or may not have done what it was asked.
    ///
    /// @param reason a fixed phrase such as `timeout`; it becomes a metric's tag
    record Unknown(String reason) implements Reply {}

    /// It says that it is not done, of what it was asked before or of a refund that it makes now.
    /// For an authorization that may be because its search does not show it yet.
    ///
    /// @param inVain how many refunds were made and failed
    record NotDone(int inVain) implements Reply {}

    /// It cannot be asked what became of an authorization: not every account has Stripe's search,
    /// and not every key may use it.
    record NotSearchable() implements Reply {}

    /// It was not asked, because it seems to be in trouble.
    record NotAsked() implements Reply {}
}
