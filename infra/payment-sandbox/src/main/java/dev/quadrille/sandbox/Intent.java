package dev.quadrille.sandbox;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// A payment intent, one record per state. [Decision] moves it:
///
/// | state | confirm | capture | cancel | lapse | refund |
/// |---|---|---|---|---|---|
/// | AwaitingMethod | Held, Captured or AwaitingMethod | - | Canceled | - | - |
/// | AwaitingConfirmation | the same | - | Canceled | - | - |
/// | Held | - | Captured | Canceled | Canceled | - |
/// | Captured | - | - | - | - | Captured |
/// | Canceled | - | - | - | - | - |
///
/// A dash is refused and changes nothing. Confirming leads to Held with `capture_method=manual`, to
/// Captured without, and back to AwaitingMethod if the card is declined. What Stripe calls each
/// state stands at [StripeJson#status].
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "awaiting-method", value = Intent.AwaitingMethod.class),
    @JsonSubTypes.Type(name = "awaiting-confirmation", value = Intent.AwaitingConfirmation.class),
    @JsonSubTypes.Type(name = "held", value = Intent.Held.class),
    @JsonSubTypes.Type(name = "captured", value = Intent.Captured.class),
    @JsonSubTypes.Type(name = "canceled", value = Intent.Canceled.class)
})
sealed interface Intent {

    Terms terms();

    /// An intent that can still be canceled.
    sealed interface Open extends Intent {}

    /// @param lastDecline null if no card was tried yet
    record AwaitingMethod(Terms terms, @Nullable Decline lastDecline) implements Open {}

    record AwaitingConfirmation(Terms terms, TestMethod method) implements Open {}

    /// The whole amount is held on the card.
    record Held(Terms terms, TestMethod method, String charge) implements Open {
        public Held {
            checkCharge(charge);
        }
    }

    /// Money was taken; what was held and not taken was let go.
    ///
    /// @param capturedMinor 1 to the intent's amount
    /// @param refundedMinor of what was captured
    record Captured(
            Terms terms, TestMethod method, String charge, long capturedMinor, long refundedMinor)
            implements Intent {
        public Captured {
            checkCharge(charge);
            Check.that(
                    capturedMinor >= 1 && capturedMinor <= terms.amountMinor(),
                    "what is captured is 1 to the amount");
            Check.that(
                    refundedMinor >= 0 && refundedMinor <= capturedMinor,
                    "what is refunded is 0 to what was captured");
        }

        long refundableMinor() {
            return capturedMinor - refundedMinor;
        }
    }

    /// @param before tells what there was to let go
    record Canceled(Open before, long atSeconds, @Nullable CancellationReason reason)
            implements Intent {
        @Override
        public Terms terms() {
            return before.terms();
        }
    }

    /// A card that was tried and declined.
    record Decline(TestMethod method, DeclineCode code, String charge) {
        public Decline {
            checkCharge(charge);
        }
    }

    private static void checkCharge(String charge) {
        Check.that(charge.startsWith("ch_"), "a charge's id starts with ch_");
    }
}
