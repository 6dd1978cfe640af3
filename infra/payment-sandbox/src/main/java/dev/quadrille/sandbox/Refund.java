package dev.quadrille.sandbox;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Money given back. It succeeds at once, as a card refund does in Stripe's test mode, or fails at
/// once if the test method wants it.
///
/// @param status a journal that was written before refunds could fail does not say it
record Refund(
        String id,
        String intent,
        String charge,
        long amountMinor,
        String currency,
        long createdAtSeconds,
        @Nullable RefundReason reason,
        Map<String, String> metadata,
        @Nullable RefundStatus status) {

    Refund {
        Check.that(id.startsWith("re_"), "a refund's id starts with re_");
        Check.that(Terms.isAmount(amountMinor), "an amount is 1 to " + Terms.MAX_AMOUNT_MINOR);
        status = status == null ? RefundStatus.SUCCEEDED : status;
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
