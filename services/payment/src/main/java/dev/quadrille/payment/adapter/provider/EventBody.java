package dev.quadrille.payment.adapter.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Of an [Event](https://docs.stripe.com/api/events/object), what is read. The version of its shape
/// is the one that was chosen for the endpoint, so nothing is read that has changed with a version
/// since 2022-11-15.
///
/// @param request what led to it; null if the provider did it by itself
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record EventBody(String id, String type, Data data, @Nullable Request request) {

    private static final int MAX_NAME_LENGTH = 255;

    EventBody {
        check(id);
        check(type);
        requireNonNull(data);
    }

    @Nullable String idempotencyKey() {
        return request == null ? null : request.idempotencyKey();
    }

    /// @param object as it stood when it happened
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Data(JsonNode object) {

        Data {
            requireNonNull(object);
        }
    }

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Request(@JsonProperty("idempotency_key") @Nullable String idempotencyKey) {}

    /// Of a [Charge](https://docs.stripe.com/api/charges/object), what is read.
    ///
    /// @param captured false for a hold that was let go: that counts as refunded, too
    /// @param refunded whether all of it was given back
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Charge(
            long amount,
            @Nullable String currency,
            boolean captured,
            boolean refunded,
            @JsonProperty("payment_intent") @Nullable String intent,
            @Nullable Map<String, String> metadata) {}

    /// Of a Refund that something has become of.
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Refund(String id, String status, @Nullable Map<String, String> metadata) {

        Refund {
            requireNonNull(id);
            requireNonNull(status);
        }
    }

    private static void check(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "a name has 1 to " + MAX_NAME_LENGTH + " characters");
        }
    }
}
