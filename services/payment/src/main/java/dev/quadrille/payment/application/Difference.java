package dev.quadrille.payment.application;

import dev.quadrille.payment.adapter.provider.ProviderIntent;
import dev.quadrille.payment.domain.Payment.Known;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where the provider has it otherwise than we.
///
/// @param ours null if there is nothing here
/// @param theirs null if there is nothing there
public record Difference(
        UUID orderId, Kind kind, @Nullable Known ours, @Nullable ProviderIntent theirs) {

    /// The kinds of differences.
    public enum Kind {
        /// The provider has an intent for an order of which we know no payment.
        MISSING_HERE,
        /// We know an intent that the provider does not show.
        MISSING_THERE,
        /// The provider has the customer's money by an intent that is not the payment's.
        SECOND_HOLD,
        /// The amounts are not the same.
        AMOUNT,
        /// What was done with the amount is not the same.
        STATE
    }
}
