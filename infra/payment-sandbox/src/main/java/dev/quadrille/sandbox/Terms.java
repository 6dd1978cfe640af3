package dev.quadrille.sandbox;

import java.util.Collections;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an intent is about; it stays the same in every state.
///
/// @param amountMinor 1 to [#MAX_AMOUNT_MINOR]
/// @param currency an ISO 4217 code in lower case, as Stripe writes it
/// @param metadata the caller's own; `orderId` in it is what the ledger is asked by
record Terms(
        String id,
        long createdAtSeconds,
        long amountMinor,
        String currency,
        CaptureMethod captureMethod,
        String clientSecret,
        @Nullable String description,
        Map<String, String> metadata) {

    static final String ORDER_ID = "orderId";

    /// Stripe's limit for a charge: eight digits.
    static final long MAX_AMOUNT_MINOR = 99_999_999;

    Terms {
        Check.that(id.startsWith("pi_"), "an intent's id starts with pi_");
        Check.that(isAmount(amountMinor), "an amount is 1 to " + MAX_AMOUNT_MINOR);
        Check.that(isCurrency(currency), "a currency is an ISO 4217 code in lower case");
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    static boolean isAmount(long amountMinor) {
        return amountMinor >= 1 && amountMinor <= MAX_AMOUNT_MINOR;
    }

    static boolean isCurrency(String code) {
        try {
            return code.equals(code.toLowerCase(Locale.ROOT))
                    && Currency.getInstance(code.toUpperCase(Locale.ROOT)) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Nullable String orderId() {
        return metadata.get(ORDER_ID);
    }
}
