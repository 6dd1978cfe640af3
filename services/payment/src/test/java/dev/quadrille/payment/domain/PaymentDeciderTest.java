package dev.quadrille.payment.domain;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static dev.quadrille.contract.CancellationReason.PAYMENT_DECLINED;
import static dev.quadrille.contract.CancellationReason.TIMED_OUT;
import static dev.quadrille.payment.domain.Samples.AMOUNT;
import static dev.quadrille.payment.domain.Samples.INTENT;
import static dev.quadrille.payment.domain.Samples.ORDER;
import static dev.quadrille.payment.domain.Samples.PLACED;
import static dev.quadrille.payment.domain.Samples.RESERVED;
import static dev.quadrille.payment.domain.Samples.RETURNED;
import static dev.quadrille.payment.domain.Samples.SHIPPED;
import static dev.quadrille.payment.domain.Samples.VISA;
import static dev.quadrille.payment.domain.Samples.cancelled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Capturing;
import dev.quadrille.payment.domain.Payment.CapturingToRefund;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Refunding;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import org.junit.jupiter.api.Test;

class PaymentDeciderTest {

    private static final Payment UNKNOWN = new Unknown();
    private static final Payment AWAITING_STOCK = new AwaitingStock(ORDER, AMOUNT, VISA);
    private static final Payment AWAITING_ORDER = new AwaitingOrder(ORDER);
    private static final Authorizing NOT_ASKED = new Authorizing(ORDER, AMOUNT, VISA, false);
    private static final Authorizing ASKED = new Authorizing(ORDER, AMOUNT, VISA, true);
    private static final Authorized AUTHORIZED = new Authorized(ORDER, AMOUNT, INTENT);
    private static final Declined DECLINED = new Declined(ORDER, AMOUNT, "insufficient_funds");
    private static final Abandoning ABANDONING = new Abandoning(ORDER, AMOUNT, VISA);
    private static final Voiding VOIDING = new Voiding(ORDER, AMOUNT, INTENT);
    private static final Voided VOIDED = new Voided(ORDER, AMOUNT, INTENT);
    private static final Cancelled CANCELLED_WITHOUT_ORDER = new Cancelled(ORDER, null);
    private static final Cancelled CANCELLED = new Cancelled(ORDER, AMOUNT);
    private static final Capturing CAPTURING = new Capturing(ORDER, AMOUNT, INTENT);
    private static final Captured CAPTURED = new Captured(ORDER, AMOUNT, INTENT);
    private static final CapturingToRefund CAPTURING_TO_REFUND =
            new CapturingToRefund(ORDER, AMOUNT, INTENT);
    private static final Refunding REFUNDING = new Refunding(ORDER, AMOUNT, INTENT);
    private static final Refunded REFUNDED = new Refunded(ORDER, AMOUNT, INTENT);
    private static final ProviderCaptured CAPTURE = new ProviderCaptured(INTENT);
    private static final ProviderVoided VOID = new ProviderVoided(INTENT);
    private static final ProviderRefunded REFUND = new ProviderRefunded(INTENT);

    @Test
    void aPlacedOrderWaitsForItsStock() {
        assertThat(heard(UNKNOWN, PLACED)).isEqualTo(advance(AWAITING_STOCK));
    }

    @Test
    void reservedStockBeginsTheAuthorizationOfAPlacedOrder() {
        assertThat(heard(AWAITING_STOCK, RESERVED)).isEqualTo(advance(NOT_ASKED));
    }

    @Test
    void reservedStockMayBeHeardOfBeforeItsOrder() {
        assertThat(heard(UNKNOWN, RESERVED)).isEqualTo(advance(AWAITING_ORDER));
        assertThat(heard(AWAITING_ORDER, PLACED)).isEqualTo(advance(NOT_ASKED));
    }

    @Test
    void whatIsHeardTwiceHasOneEffect() {
        assertThat(heard(AWAITING_STOCK, PLACED)).isEqualTo(Decision.ignore("already-placed"));
        assertThat(heard(ASKED, PLACED)).isEqualTo(Decision.ignore("already-placed"));
        assertThat(heard(AWAITING_ORDER, RESERVED)).isEqualTo(Decision.ignore("already-reserved"));
        assertThat(heard(AUTHORIZED, RESERVED)).isEqualTo(Decision.ignore("already-reserved"));
        assertThat(heard(VOIDING, cancelled(TIMED_OUT)))
                .isEqualTo(Decision.ignore("already-cancelled"));
    }

    @Test
    void anAuthorizedPaymentIsAnnouncedWithItsReference() {
        assertThat(answered(ASKED, new ProviderAuthorized(INTENT)))
                .isEqualTo(advance(AUTHORIZED, new PaymentAuthorized(ORDER, AMOUNT, INTENT)));
    }

    @Test
    void aDeclinedPaymentIsAnnouncedWithItsCode() {
        assertThat(answered(ASKED, new ProviderDeclined("insufficient_funds")))
                .isEqualTo(advance(DECLINED, new PaymentDeclined(ORDER, "insufficient_funds")));
    }

    @Test
    void anOrderCancelledBeforeTheProviderWasAskedIsVoidedAtOnce() {
        assertThat(heard(UNKNOWN, cancelled(TIMED_OUT)))
                .isEqualTo(advance(CANCELLED_WITHOUT_ORDER, new PaymentVoided(ORDER)));
        assertThat(heard(AWAITING_ORDER, cancelled(CUSTOMER_REQUEST)))
                .isEqualTo(advance(CANCELLED_WITHOUT_ORDER, new PaymentVoided(ORDER)));
        assertThat(heard(AWAITING_STOCK, cancelled(CUSTOMER_REQUEST)))
                .isEqualTo(advance(CANCELLED, new PaymentVoided(ORDER)));
        assertThat(heard(NOT_ASKED, cancelled(TIMED_OUT)))
                .isEqualTo(advance(CANCELLED, new PaymentVoided(ORDER)));
        assertThat(heard(AWAITING_STOCK, cancelled(PAYMENT_DECLINED)))
                .isEqualTo(advance(CANCELLED, new PaymentVoided(ORDER)));
    }

    @Test
    void anOrderWithoutStockEndsInSilenceIfTheProviderWasNotAsked() {
        assertThat(heard(AWAITING_STOCK, cancelled(OUT_OF_STOCK))).isEqualTo(advance(CANCELLED));
        assertThat(heard(NOT_ASKED, cancelled(OUT_OF_STOCK))).isEqualTo(advance(CANCELLED));
        assertThat(heard(UNKNOWN, cancelled(OUT_OF_STOCK)))
                .isEqualTo(advance(CANCELLED_WITHOUT_ORDER));
    }

    @Test
    void anOrderWithoutStockIsVoidedAllTheSameIfTheProviderWasAsked() {
        assertThat(heard(ASKED, cancelled(OUT_OF_STOCK))).isEqualTo(advance(ABANDONING));
        assertThat(heard(AUTHORIZED, cancelled(OUT_OF_STOCK))).isEqualTo(advance(VOIDING));
    }

    @Test
    void whatComesAfterACancellationBeginsNothing() {
        assertThat(heard(CANCELLED_WITHOUT_ORDER, PLACED))
                .isEqualTo(Decision.ignore("already-cancelled"));
        assertThat(heard(CANCELLED_WITHOUT_ORDER, RESERVED))
                .isEqualTo(Decision.ignore("already-cancelled"));
    }

    @Test
    void anOrderCancelledWhileTheProviderIsAskedWaitsForTheAnswer() {
        assertThat(heard(ASKED, cancelled(TIMED_OUT))).isEqualTo(advance(ABANDONING));
    }

    @Test
    void anAbandonedPaymentThatWasAuthorizedIsVoidedWithoutAWord() {
        assertThat(answered(ABANDONING, new ProviderAuthorized(INTENT)))
                .isEqualTo(advance(VOIDING));
    }

    @Test
    void anAbandonedPaymentThatWasDeclinedIsAnnouncedAsDeclined() {
        assertThat(answered(ABANDONING, new ProviderDeclined("insufficient_funds")))
                .isEqualTo(advance(DECLINED, new PaymentDeclined(ORDER, "insufficient_funds")));
    }

    @Test
    void aCancelledOrdersHoldIsLetGoAndThenAnnounced() {
        assertThat(heard(AUTHORIZED, cancelled(CUSTOMER_REQUEST))).isEqualTo(advance(VOIDING));
        assertThat(answered(VOIDING, new ProviderVoided(INTENT)))
                .isEqualTo(advance(VOIDED, new PaymentVoided(ORDER)));
    }

    @Test
    void theCancellationOfADeclinedPaymentHasItsAnswerAlready() {
        assertThat(heard(DECLINED, cancelled(PAYMENT_DECLINED)))
                .isEqualTo(Decision.ignore("already-declined"));
    }

    @Test
    void anAnswerThatComesAgainIsIgnored() {
        assertThat(answered(AUTHORIZED, new ProviderAuthorized(INTENT)))
                .isEqualTo(Decision.ignore("already-authorized"));
        assertThat(answered(VOIDED, new ProviderAuthorized(INTENT)))
                .isEqualTo(Decision.ignore("already-authorized"));
        assertThat(answered(DECLINED, new ProviderDeclined("generic_decline")))
                .isEqualTo(Decision.ignore("already-declined"));
        assertThat(answered(VOIDED, VOID)).isEqualTo(Decision.ignore("already-voided"));
        assertThat(answered(CAPTURED, CAPTURE)).isEqualTo(Decision.ignore("already-captured"));
        assertThat(answered(REFUNDING, CAPTURE)).isEqualTo(Decision.ignore("already-captured"));
        assertThat(answered(REFUNDED, CAPTURE)).isEqualTo(Decision.ignore("already-captured"));
        assertThat(answered(REFUNDED, REFUND)).isEqualTo(Decision.ignore("already-refunded"));
        for (var later :
                new Payment[] {CAPTURING, CAPTURED, CAPTURING_TO_REFUND, REFUNDING, REFUNDED}) {
            assertThat(answered(later, new ProviderAuthorized(INTENT)))
                    .isEqualTo(Decision.ignore("already-authorized"));
            assertThat(answered(later, new ProviderDeclined("generic_decline")))
                    .isEqualTo(Decision.reject("declined-after-authorization"));
            assertThat(heard(later, SHIPPED)).isEqualTo(Decision.ignore("already-shipped"));
            assertThat(heard(later, PLACED)).isEqualTo(Decision.ignore("already-placed"));
            assertThat(heard(later, RESERVED)).isEqualTo(Decision.ignore("already-reserved"));
        }
        for (var later : new Payment[] {CAPTURING_TO_REFUND, REFUNDING, REFUNDED}) {
            assertThat(heard(later, RETURNED)).isEqualTo(Decision.ignore("already-returned"));
        }
    }

    @Test
    void anIntentThatNeverHeldAnythingMayBeCanceled() {
        assertThat(answered(DECLINED, VOID)).isEqualTo(Decision.ignore("nothing-held"));
    }

    @Test
    void aSecondHoldIsRejected() {
        assertThat(answered(AUTHORIZED, new ProviderAuthorized("pi_2")))
                .isEqualTo(Decision.reject("second-hold"));
    }

    @Test
    void anAnswerThatContradictsTheEarlierOneIsRejected() {
        assertThat(answered(AUTHORIZED, new ProviderDeclined("generic_decline")))
                .isEqualTo(Decision.reject("declined-after-authorization"));
    }

    @Test
    void aRefusalThatTurnsOutToBeAHoldIsLetGoWithoutAWord() {
        assertThat(answered(DECLINED, new ProviderAuthorized(INTENT))).isEqualTo(advance(VOIDING));
    }

    @Test
    void anAnswerToWhatWasNeverAskedIsRejected() {
        assertThat(answered(UNKNOWN, new ProviderAuthorized(INTENT)))
                .isEqualTo(Decision.reject("never-asked"));
        assertThat(answered(CANCELLED, VOID)).isEqualTo(Decision.reject("never-asked"));
        assertThat(answered(NOT_ASKED, VOID)).isEqualTo(Decision.reject("never-asked"));
        assertThat(answered(ASKED, CAPTURE)).isEqualTo(Decision.reject("never-asked"));
        assertThat(answered(CAPTURED, REFUND)).isEqualTo(Decision.reject("refunded-unasked"));
        assertThat(answered(UNKNOWN, REFUND)).isEqualTo(Decision.reject("refunded-unasked"));
        assertThat(answered(AUTHORIZED, CAPTURE)).isEqualTo(Decision.reject("captured-unasked"));
    }

    @Test
    void anAbandonedPaymentIsAskedForByTheSameKeyAsBefore() {
        assertThat(ABANDONING.errand()).isEqualTo(ASKED.errand());
        assertThat(ABANDONING.errand().idempotencyKey()).isEqualTo("authorize-" + ORDER);
        assertThat(VOIDING.errand().idempotencyKey()).isEqualTo("void-" + ORDER);
    }

    @Test
    void aShippedOrdersHoldIsCapturedAndThenAnnounced() {
        assertThat(heard(AUTHORIZED, SHIPPED)).isEqualTo(advance(CAPTURING));
        assertThat(CAPTURING.errand()).isEqualTo(new Errand.Capture(ORDER, AMOUNT, INTENT));
        assertThat(CAPTURING.errand().idempotencyKey()).isEqualTo("capture-" + ORDER);
        assertThat(answered(CAPTURING, CAPTURE))
                .isEqualTo(advance(CAPTURED, new PaymentCaptured(ORDER, AMOUNT)));
    }

    @Test
    void aReturnedOrdersMoneyIsGivenBackAndThenAnnounced() {
        assertThat(heard(CAPTURED, RETURNED)).isEqualTo(advance(REFUNDING));
        assertThat(REFUNDING.errand()).isEqualTo(new Errand.Refund(ORDER, AMOUNT, INTENT));
        assertThat(REFUNDING.errand().idempotencyKey()).isEqualTo("refund-all-" + ORDER);
        assertThat(answered(REFUNDING, REFUND))
                .isEqualTo(advance(REFUNDED, new PaymentRefunded(ORDER, AMOUNT)));
    }

    @Test
    void anOrderThatComesBackWhileItIsCapturedIsCapturedFirst() {
        assertThat(heard(CAPTURING, RETURNED)).isEqualTo(advance(CAPTURING_TO_REFUND));
        assertThat(CAPTURING_TO_REFUND.errand()).isEqualTo(CAPTURING.errand());
        assertThat(answered(CAPTURING_TO_REFUND, CAPTURE))
                .isEqualTo(advance(REFUNDING, new PaymentCaptured(ORDER, AMOUNT)));
    }

    @Test
    void aHoldThatSomebodyCapturedInsteadOfLettingItGoIsRefunded() {
        assertThat(answered(VOIDING, CAPTURE)).isEqualTo(advance(REFUNDING));
    }

    @Test
    void aHoldThatLapsesIsAnnouncedAsVoidedWhereverItIsLearned() {
        var voided = advance(VOIDED, new PaymentVoided(ORDER));

        assertThat(answered(AUTHORIZED, VOID)).isEqualTo(voided);
        assertThat(answered(CAPTURING, VOID)).isEqualTo(voided);
        assertThat(answered(CAPTURING_TO_REFUND, VOID)).isEqualTo(voided);
        assertThat(answered(ABANDONING, VOID)).isEqualTo(voided);
    }

    @Test
    void aHoldThatLapsesBeforeTheOrderHeardOfItIsADecline() {
        assertThat(answered(ASKED, VOID))
                .isEqualTo(
                        advance(
                                new Declined(ORDER, AMOUNT, "hold_lapsed"),
                                new PaymentDeclined(ORDER, "hold_lapsed")));
    }

    @Test
    void aShipmentWithoutAHoldIsRejectedAndItsReturnOwesNothing() {
        assertThat(heard(VOIDED, SHIPPED)).isEqualTo(Decision.reject("hold-lapsed"));
        assertThat(heard(VOIDED, RETURNED)).isEqualTo(Decision.ignore("nothing-captured"));
        assertThat(heard(ASKED, SHIPPED)).isEqualTo(Decision.reject("not-authorized"));
        assertThat(heard(AUTHORIZED, RETURNED)).isEqualTo(Decision.reject("not-shipped"));
    }

    @Test
    void aShippedOrderIsNotCancelled() {
        var cancelled = cancelled(CUSTOMER_REQUEST);

        assertThat(heard(CAPTURING, cancelled)).isEqualTo(Decision.reject("already-shipped"));
        assertThat(heard(CAPTURED, cancelled)).isEqualTo(Decision.reject("already-shipped"));
        assertThat(heard(REFUNDING, cancelled)).isEqualTo(Decision.ignore("already-cancelled"));
    }

    @Test
    void anAnswerAboutAnotherIntentMovesNothing() {
        for (var payment :
                new Payment[] {
                    AUTHORIZED,
                    VOIDING,
                    VOIDED,
                    CAPTURING,
                    CAPTURED,
                    CAPTURING_TO_REFUND,
                    REFUNDING,
                    REFUNDED
                }) {
            assertThat(answered(payment, new ProviderCaptured("pi_2")))
                    .isEqualTo(Decision.reject("other-intent"));
            assertThat(answered(payment, new ProviderVoided("pi_2")))
                    .isEqualTo(Decision.reject("other-intent"));
            assertThat(answered(payment, new ProviderRefunded("pi_2")))
                    .isEqualTo(Decision.reject("other-intent"));
            assertThat(answered(payment, new ProviderAuthorized("pi_2")))
                    .isEqualTo(Decision.reject("second-hold"));
        }
    }

    @Test
    void theTokenIsForgottenOnceTheAnswerIsKnown() {
        assertThat(ASKED.method()).isEqualTo(VISA);
        assertThat(AUTHORIZED.method()).isNull();
        assertThat(DECLINED.method()).isNull();
        assertThat(VOIDING.method()).isNull();
        assertThat(CANCELLED.method()).isNull();
        assertThat(ASKED.toString() + ASKED.errand()).doesNotContain(VISA.token());
    }

    private static Decision<Known, PaymentEvent> heard(Payment payment, DomainEvent event) {
        return PaymentDecider.decide(payment, new Heard(event));
    }

    private static Decision<Known, PaymentEvent> answered(Payment payment, PaymentInput answer) {
        return PaymentDecider.decide(payment, answer);
    }

    private static Decision<Known, PaymentEvent> advance(Payment payment) {
        return Decision.advance((Known) payment);
    }

    private static Decision<Known, PaymentEvent> advance(Payment payment, PaymentEvent event) {
        return Decision.advance((Known) payment, event);
    }
}
