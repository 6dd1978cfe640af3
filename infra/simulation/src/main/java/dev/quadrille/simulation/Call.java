package dev.quadrille.simulation;

import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import org.jspecify.annotations.Nullable;

/// A call to the provider under way.
///
/// @param attempt which of the payment's for this errand, from 1
/// @param asks whether it asks for the errand, rather than whether it is done already: after an
///   unknown outcome that comes first
/// @param answer null while the provider has not got the request
record Call(Errand errand, String key, int attempt, boolean asks, @Nullable ProviderAnswer answer) {

    static Call first(Errand errand, String key, int attempt) {
        return new Call(errand, key, attempt, attempt == 1, null);
    }

    Call asking() {
        return new Call(errand, key, attempt, true, null);
    }

    Call answered(ProviderAnswer given) {
        return new Call(errand, key, attempt, asks, given);
    }

    @Override
    public String toString() {
        return key + " (attempt " + attempt + ")" + (answer == null ? "" : " -> " + answer);
    }
}
