package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;

/// What became of a refund.
enum RefundStatus implements Named {
    SUCCEEDED("succeeded"),
    FAILED("failed");

    private final String wire;

    RefundStatus(String wire) {
        this.wire = wire;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }
}
