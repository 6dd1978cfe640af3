package dev.quadrille.payment.adapter.provider;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.contract.Money;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Of a PaymentIntent, what is read. Its amounts are in Stripe's unit, see [StripeAmount].
///
/// @param createdSeconds since 1970
/// @param lastError why the card was last refused
/// @param latestCharge its id, or the whole of it where that was asked for
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record IntentBody(
        String id,
        String status,
        long amount,
        @JsonProperty("amount_received") long received,
        @Nullable String currency,
        @JsonProperty("created") long createdSeconds,
        @Nullable Map<String, String> metadata,
        @JsonProperty("last_payment_error") @Nullable LastError lastError,
        @JsonProperty("latest_charge") @Nullable JsonNode latestCharge) {

    static final String HELD = "requires_capture";
    static final String CANCELED = "canceled";
    static final String CAPTURED = "succeeded";
    static final String PROCESSING = "processing";

    /// The key of the metadata by which an intent is known to be ours.
    static final String ORDER_ID = "orderId";

    IntentBody {
        requireNonNull(id);
        requireNonNull(status);
    }

    /// @param declineCode the bank's reason, if it gave one
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LastError(
            @Nullable String code, @JsonProperty("decline_code") @Nullable String declineCode) {}

    /// Null if it is not ours.
    @Nullable UUID orderId() {
        return orderId(metadata);
    }

    static @Nullable UUID orderId(@Nullable Map<String, String> metadata) {
        var text = metadata == null ? null : metadata.get(ORDER_ID);
        try {
            // The length, because fewer digits are read as well.
            return text == null || text.length() != 36 ? null : UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    boolean isFor(UUID orderId, Money amount) {
        return orderId.equals(orderId()) && isOf(amount, this.amount, currency);
    }

    /// @param stripes in Stripe's unit
    /// @param currency as the provider writes it
    static boolean isOf(Money amount, long stripes, @Nullable String currency) {
        return StripeAmount.toMoney(stripes, currency).filter(amount::equals).isPresent();
    }

    boolean isCapturedInFull() {
        return status.equals(CAPTURED) && received == amount;
    }

    /// What was given back, as far as the charge is shown.
    long refunded() {
        return latestCharge == null ? 0 : latestCharge.path("amount_refunded").asLong(0);
    }
}
