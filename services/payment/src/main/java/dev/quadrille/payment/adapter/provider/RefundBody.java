package dev.quadrille.payment.adapter.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// Of a [Refund](https://docs.stripe.com/api/refunds/object), what is read.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record RefundBody(String id, String status) {

    static final String PENDING = "pending";
    static final String SUCCEEDED = "succeeded";
    static final String FAILED = "failed";
    static final String CANCELED = "canceled";

    RefundBody {
        requireNonNull(id);
        requireNonNull(status);
    }
}
