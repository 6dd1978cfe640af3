package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why money was given back, as the caller puts it.
enum RefundReason implements Named {
    DUPLICATE("duplicate"),
    FRAUDULENT("fraudulent"),
    REQUESTED_BY_CUSTOMER("requested_by_customer");

    private final String wire;

    RefundReason(String wire) {
        this.wire = wire;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }
}
