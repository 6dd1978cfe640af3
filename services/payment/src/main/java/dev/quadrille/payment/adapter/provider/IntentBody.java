package dev.quadrille.payment.adapter.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// Of a PaymentIntent, what is read.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record IntentBody(String id, String status) {

    static final String HELD = "requires_capture";
    static final String CANCELED = "canceled";
    static final String CAPTURED = "succeeded";

    IntentBody {
        requireNonNull(id);
        requireNonNull(status);
    }
}
