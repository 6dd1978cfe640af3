package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.TestMethod.Manner.BREAKS;
import static dev.quadrille.sandbox.TestMethod.Manner.FAILS_TWICE;
import static dev.quadrille.sandbox.TestMethod.Manner.IS_SILENT_AT_FIRST;
import static dev.quadrille.sandbox.TestMethod.Manner.IS_SLOW;
import static dev.quadrille.sandbox.TestMethod.Manner.OBLIGES;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/// The payment methods there are: Stripe's own test names and the sandbox's. An enum, so that no
/// `toString` can carry a token into a log.
enum TestMethod implements Named {
    VISA("pm_card_visa", OBLIGES, null),
    MASTERCARD("pm_card_mastercard", OBLIGES, null),
    DECLINED("pm_card_chargeDeclined", OBLIGES, DeclineCode.GENERIC_DECLINE),
    OUT_OF_FUNDS(
            "pm_card_chargeDeclinedInsufficientFunds", OBLIGES, DeclineCode.INSUFFICIENT_FUNDS),
    SLOW("pm_sandbox_slow", IS_SLOW, null),
    TIMEOUT("pm_sandbox_timeout", IS_SILENT_AT_FIRST, null),
    FLAKY("pm_sandbox_flaky", FAILS_TWICE, null),
    BROKEN("pm_sandbox_broken", BREAKS, null);

    /// How the provider carries itself when it is asked to charge this method.
    enum Manner {
        /// Answers at once.
        OBLIGES,
        /// Waits first: meanwhile nothing is held and the idempotency key is in use.
        IS_SLOW,
        /// Does the work and does not answer the first call.
        IS_SILENT_AT_FIRST,
        /// Two 500 answers from before the work began: they are not stored, so that the same
        /// idempotency key may be tried again.
        FAILS_TWICE,
        /// A 500 from after the work began: it is stored, so that the same idempotency key gives it
        /// again and only a new key gets further. Stripe does so too, and clients forget it.
        BREAKS
    }

    private final String wire;
    private final Manner manner;
    private final @Nullable DeclineCode decline;

    TestMethod(String wire, Manner manner, @Nullable DeclineCode decline) {
        this.wire = wire;
        this.manner = manner;
        this.decline = decline;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }

    Manner manner() {
        return manner;
    }

    /// Null if the card is good.
    @Nullable DeclineCode decline() {
        return decline;
    }
}
