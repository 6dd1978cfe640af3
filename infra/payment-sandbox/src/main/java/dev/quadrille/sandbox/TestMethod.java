package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.TestMethod.Manner.BREAKS;
import static dev.quadrille.sandbox.TestMethod.Manner.FAILS_TWICE;
import static dev.quadrille.sandbox.TestMethod.Manner.GIVES_BACK_IN_VAIN_AT_FIRST;
import static dev.quadrille.sandbox.TestMethod.Manner.IS_SILENT_AT_FIRST;
import static dev.quadrille.sandbox.TestMethod.Manner.IS_SLOW;
import static dev.quadrille.sandbox.TestMethod.Manner.IS_STUCK;
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
    STUCK("pm_sandbox_stuck", IS_STUCK, null),
    TIMEOUT("pm_sandbox_timeout", IS_SILENT_AT_FIRST, null),
    FLAKY("pm_sandbox_flaky", FAILS_TWICE, null),
    BROKEN("pm_sandbox_broken", BREAKS, null),
    CAPTURE_FLAKY("pm_sandbox_capture_flaky", OBLIGES, FAILS_TWICE, OBLIGES),
    CAPTURE_TIMEOUT("pm_sandbox_capture_timeout", OBLIGES, IS_SILENT_AT_FIRST, OBLIGES),
    REFUND_TIMEOUT("pm_sandbox_refund_timeout", OBLIGES, OBLIGES, IS_SILENT_AT_FIRST),
    REFUND_FAILS("pm_sandbox_refund_fails", OBLIGES, OBLIGES, GIVES_BACK_IN_VAIN_AT_FIRST);

    /// How the provider carries itself when it is asked for something.
    enum Manner {
        /// Answers at once.
        OBLIGES,
        /// Waits first: meanwhile nothing is held and the idempotency key is in use.
        IS_SLOW,
        /// The same, and longer than an order with a short deadline is given.
        IS_STUCK,
        /// Does the work and does not answer the first call.
        IS_SILENT_AT_FIRST,
        /// Two 500 answers from before the work began: they are not stored, so that the same
        /// idempotency key may be tried again.
        FAILS_TWICE,
        /// A 500 from after the work began: it is stored, so that the same idempotency key gives it
        /// again and only a new key gets further. Stripe does so too, and clients forget it.
        BREAKS,
        /// The first refund of an intent is made and fails at the bank: no money moves, and only a
        /// further refund, with a new key, gets further.
        GIVES_BACK_IN_VAIN_AT_FIRST
    }

    private final String wire;
    private final Manner manner;
    private final Manner captureManner;
    private final Manner refundManner;
    private final @Nullable DeclineCode decline;

    TestMethod(String wire, Manner manner, @Nullable DeclineCode decline) {
        this.wire = wire;
        this.manner = manner;
        this.captureManner = Manner.OBLIGES;
        this.refundManner = Manner.OBLIGES;
        this.decline = decline;
    }

    TestMethod(String wire, Manner manner, Manner captureManner, Manner refundManner) {
        this.wire = wire;
        this.manner = manner;
        this.captureManner = captureManner;
        this.refundManner = refundManner;
        this.decline = null;
    }

    @Override
    @JsonValue
    public String wire() {
        return wire;
    }

    /// When it is asked to charge this method.
    Manner manner() {
        return manner;
    }

    /// When it is asked to take what it holds on this method.
    Manner captureManner() {
        return captureManner;
    }

    /// When it is asked to give back what it took from this method.
    Manner refundManner() {
        return refundManner;
    }

    /// Null if the card is good.
    @Nullable DeclineCode decline() {
        return decline;
    }
}
