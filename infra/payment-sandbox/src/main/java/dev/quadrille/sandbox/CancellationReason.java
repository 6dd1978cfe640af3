package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;

/// Why an intent was canceled: as the caller puts it, or because a hold does not last for ever.
enum CancellationReason implements Named {
    DUPLICATE("duplicate"),
    FRAUDULENT("fraudulent"),
    REQUESTED_BY_CUSTOMER("requested_by_customer"),
    ABANDONED("abandoned"),
    AUTOMATIC("automatic");

    /// What a caller may say.
    static final CancellationReason[] OF_CALLERS = {
        DUPLICATE, FRAUDULENT, REQUESTED_BY_CUSTOMER, ABANDONED
    };

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
