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
import static dev.quadrille.payment.domain.Samples.VISA;
import static dev.quadrille.payment.domain.Samples.cancelled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
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
        assertThat(answered(VOIDING, new ProviderVoided()))
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
        assertThat(answered(VOIDED, new ProviderVoided()))
                .isEqualTo(Decision.ignore("already-voided"));
    }

    @Test
    void aSecondHoldIsRejected() {
        assertThat(answered(AUTHORIZED, new ProviderAuthorized("pi_2")))
                .isEqualTo(Decision.reject("second-hold"));
    }

    @Test
    void anAnswerThatContradictsTheEarlierOneIsRejected() {
        assertThat(answered(DECLINED, new ProviderAuthorized(INTENT)))
                .isEqualTo(Decision.reject("authorized-after-decline"));
        assertThat(answered(AUTHORIZED, new ProviderDeclined("generic_decline")))
                .isEqualTo(Decision.reject("declined-after-authorization"));
    }

    @Test
    void anAnswerToWhatWasNeverAskedIsRejected() {
        assertThat(answered(UNKNOWN, new ProviderAuthorized(INTENT)))
                .isEqualTo(Decision.reject("never-asked"));
        assertThat(answered(AUTHORIZED, new ProviderVoided()))
                .isEqualTo(Decision.reject("never-asked"));
    }

    @Test
    void anAbandonedPaymentIsAskedForByTheSameKeyAsBefore() {
        assertThat(ABANDONING.errand()).isEqualTo(ASKED.errand());
        assertThat(ABANDONING.errand().idempotencyKey()).isEqualTo("authorize-" + ORDER);
        assertThat(VOIDING.errand().idempotencyKey()).isEqualTo("void-" + ORDER);
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
