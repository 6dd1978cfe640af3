package dev.quadrille.payment.adapter.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// Of a [Refund](https://docs.stripe.com/api/refunds/object), what is read.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record RefundBody(String id, String status) {

    private static final String PENDING = "pending";
    private static final String SUCCEEDED = "succeeded";
    private static final String FAILED = "failed";
    private static final String CANCELED = "canceled";

    RefundBody {
        requireNonNull(id);
        requireNonNull(status);
    }

    /// A pending refund counts as well: the provider has taken it on and takes it out of our
    /// balance, and all that can be done is to wait; to ask for another would give the money back
    /// twice. The few that fail do so days later, the succeeded among them, and an event says so.
    boolean isGiven() {
        return status.equals(SUCCEEDED) || status.equals(PENDING);
    }

    /// No money moves by it any more.
    boolean isInVain() {
        return status.equals(FAILED) || status.equals(CANCELED);
    }
}
