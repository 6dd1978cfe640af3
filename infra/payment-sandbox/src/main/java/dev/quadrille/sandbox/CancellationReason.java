package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why an intent was canceled, as the caller puts it.
enum CancellationReason implements Named {
    DUPLICATE("duplicate"),
    FRAUDULENT("fraudulent"),
    REQUESTED_BY_CUSTOMER("requested_by_customer"),
    ABANDONED("abandoned");

    private final String wire;

    CancellationReason(String wire) {
        this.wire = wire;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }
}
