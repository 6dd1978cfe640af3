package dev.quadrille.payment.adapter.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// Of an [error of Stripe's](https://docs.stripe.com/api/errors), what is read. Not its message:
/// the token of the payment method may be quoted in it.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record ErrorBody(Fault error) {

    ErrorBody {
        requireNonNull(error);
    }

    /// @param declineCode the bank's reason, if it gave one
    /// @param param the parameter at fault
    /// @param intent the intent as it stands, if the error is about one
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Fault(
            @Nullable String type,
            @Nullable String code,
            @JsonProperty("decline_code") @Nullable String declineCode,
            @Nullable String param,
            @JsonProperty("payment_intent") @Nullable IntentBody intent) {}
}
