package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why a card was declined, with the sentence that Stripe has for it.
enum DeclineCode implements Named {
    GENERIC_DECLINE("generic_decline", "Your card was declined."),
    INSUFFICIENT_FUNDS("insufficient_funds", "Your card has insufficient funds.");

    private final String wire;
    private final String message;

    DeclineCode(String wire, String message) {
        this.wire = wire;
        this.message = message;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }

    String message() {
        return message;
    }
}
