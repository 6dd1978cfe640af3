package dev.quadrille.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// The provider's token for a card or account, such as `pm_card_visa`. It prints masked, so that
/// none reaches a log by accident.
public record PaymentMethod(@JsonValue String token) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PaymentMethod {
        Check.that(!token.isBlank(), "a payment method has a token");
    }

    @Override
    public String toString() {
        return "pm_***";
    }
}
