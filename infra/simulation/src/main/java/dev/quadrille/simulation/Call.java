package dev.quadrille.simulation;

import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import org.jspecify.annotations.Nullable;

/// A call to the provider under way.
///
/// @param attempt which of the payment's for this errand, from 1
/// @param answer null while the provider has not got the request
record Call(Errand errand, String key, int attempt, @Nullable ProviderAnswer answer) {

    Call answered(ProviderAnswer given) {
        return new Call(errand, key, attempt, given);
    }

    @Override
    public String toString() {
        return key + " (attempt " + attempt + ")" + (answer == null ? "" : " -> " + answer);
    }
}
