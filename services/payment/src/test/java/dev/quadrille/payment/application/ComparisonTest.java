package dev.quadrille.payment.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.payment.adapter.provider.ProviderIntent;
import dev.quadrille.payment.application.Difference.Kind;
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
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

    private static final UUID ORDER = UUID.randomUUID();
    private static final Money AMOUNT = new Money(900, "EUR");
    private static final PaymentMethod VISA = new PaymentMethod("pm_card_visa");
    private static final String INTENT = "pi_1";

    private static final Map<String, Known> SETTLED = new LinkedHashMap<>();
    private static final Map<String, ProviderIntent> THEIRS = new LinkedHashMap<>();

    static {
        SETTLED.put("Authorized", new Authorized(ORDER, AMOUNT, INTENT));
        SETTLED.put("Captured", new Captured(ORDER, AMOUNT, INTENT));
        SETTLED.put("Refunded", new Refunded(ORDER, AMOUNT, INTENT));
        SETTLED.put("Voided", new Voided(ORDER, AMOUNT, INTENT));

        THEIRS.put("held", theirs(INTENT, "requires_capture", 0, 0));
        THEIRS.put("captured", theirs(INTENT, "succeeded", 900, 0));
        THEIRS.put("part refunded", theirs(INTENT, "succeeded", 900, 400));
        THEIRS.put("refunded", theirs(INTENT, "succeeded", 900, 900));
        THEIRS.put("canceled", theirs(INTENT, "canceled", 0, 900));
        THEIRS.put("refused", theirs(INTENT, "requires_payment_method", 0, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "Authorized, held",
        "Captured,   captured",
        "Refunded,   refunded",
        "Voided,     canceled"
    })
    void eachStateAgreesWithOneOfTheirsAndNoOther(String ours, String theirs) {
        THEIRS.forEach((name, intent) ->
                assertThat(Comparison.of(SETTLED.get(ours), intent))
                        .as("%s and %s", ours, name)
                        .isEqualTo(
                                name.equals(theirs) ? Optional.empty() : Optional.of(Kind.STATE)));
    }

    @Test
    void anAmountMayDiffer() {
        var authorized = SETTLED.get("Authorized");
        var captured = SETTLED.get("Captured");

        for (var other :
                List.of(
                        new ProviderIntent(INTENT, ORDER, "requires_capture", 901, "eur", 0, 0),
                        new ProviderIntent(INTENT, ORDER, "requires_capture", 900, "usd", 0, 0),
                        new ProviderIntent(INTENT, ORDER, "requires_capture", 900, null, 0, 0))) {
            assertThat(Comparison.of(authorized, other)).contains(Kind.AMOUNT);
        }
        assertThat(Comparison.of(captured, theirs(INTENT, "succeeded", 899, 0)))
                .contains(Kind.AMOUNT);
    }

    @Test
    void anotherIntentMustHaveNoMoney() {
        THEIRS.forEach((name, intent) -> {
            var other = theirs("pi_2", intent.status(), intent.captured(), intent.refunded());
            boolean hasMoney = List.of("held", "captured", "part refunded").contains(name);
            for (var ours : SETTLED.values()) {
                assertThat(Comparison.of(ours, other))
                        .as("%s and another that is %s", ours, name)
                        .isEqualTo(hasMoney ? Optional.of(Kind.SECOND_HOLD) : Optional.empty());
            }
            for (var ours :
                    List.of(
                            new AwaitingStock(ORDER, AMOUNT, VISA),
                            new AwaitingOrder(ORDER),
                            new Declined(ORDER, AMOUNT, "lost_card"),
                            new Cancelled(ORDER, null))) {
                assertThat(Comparison.of(ours, intent))
                        .as("%s and one that is %s", ours, name)
                        .isEqualTo(hasMoney ? Optional.of(Kind.STATE) : Optional.empty());
            }
        });
    }

    @Test
    void whatIsUnderWayIsNoDifference() {
        for (var ours :
                List.of(
                        new Authorizing(ORDER, AMOUNT, VISA, true),
                        new Abandoning(ORDER, AMOUNT, VISA),
                        new Voiding(ORDER, AMOUNT, INTENT),
                        new Capturing(ORDER, AMOUNT, INTENT),
                        new CapturingToRefund(ORDER, AMOUNT, INTENT),
                        new Refunding(ORDER, AMOUNT, INTENT))) {
            for (var theirs : THEIRS.values()) {
                assertThat(Comparison.of(ours, theirs)).isEmpty();
            }
        }
    }

    private static ProviderIntent theirs(
            String reference, String status, long capturedMinor, long refundedMinor) {
        return new ProviderIntent(
                reference, ORDER, status, 900, "eur", capturedMinor, refundedMinor);
    }
}
