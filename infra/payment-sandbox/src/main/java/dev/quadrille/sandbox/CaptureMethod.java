package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;

/// Whether a confirmed intent takes the money at once or holds it. `automatic_async`, the default
/// of Stripe's newer API versions, differs from `automatic` only in when the bookkeeping shows.
enum CaptureMethod implements Named {
    AUTOMATIC("automatic"),
    AUTOMATIC_ASYNC("automatic_async"),
    MANUAL("manual");

    private final String wire;

    CaptureMethod(String wire) {
        this.wire = wire;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }
}
