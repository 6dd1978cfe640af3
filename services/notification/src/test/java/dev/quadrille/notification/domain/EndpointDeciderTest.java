package dev.quadrille.notification.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.domain.Answer.Gone;
import dev.quadrille.notification.domain.Answer.Taken;
import dev.quadrille.notification.domain.Answer.Trouble;
import dev.quadrille.notification.domain.Endpoint.Disabled;
import dev.quadrille.notification.domain.Endpoint.Enabled;
import dev.quadrille.notification.domain.Endpoint.Failing;
import dev.quadrille.notification.domain.Endpoint.Reason;
import dev.quadrille.notification.domain.EndpointInput.Called;
import dev.quadrille.notification.domain.EndpointInput.Enable;
import dev.quadrille.notification.domain.EndpointInput.RotateSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EndpointDeciderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
    private static final Duration DISABLE_AFTER = Duration.ofDays(5);
    private static final Duration OVERLAP = Duration.ofHours(24);
    private static final Duration LONGEST_HOLD = Duration.ofHours(10);
    private static final Duration FORGET_AFTER = Duration.ofDays(2);
    private static final EndpointRules RULES =
            new EndpointRules(DISABLE_AFTER, FORGET_AFTER, LONGEST_HOLD, OVERLAP);

    private static final EndpointDetails DETAILS =
            new EndpointDetails(
                    new UUID(1, 1),
                    "https://receiver.example/hooks/s3cret",
                    List.of(Kind.ORDER_CONFIRMED));
    private static final SigningSecrets SECRETS = SigningSecrets.of("whsec_MQ==");
    private static final Enabled WELL = new Enabled(DETAILS, SECRETS, null);
    private static final Enabled FAILING = failing(NOW, NOW);
    private static final Disabled DISABLED = new Disabled(DETAILS, SECRETS, NOW, Reason.FAILING);

    private static final Called TAKEN = new Called(new Taken(200));
    private static final Called GONE = new Called(new Gone());
    private static final Called TROUBLE = new Called(new Trouble("timeout", null, null));

    @Test
    void theFirstFailureIsNoted() {
        assertThat(decide(WELL, TROUBLE, NOW)).isEqualTo(Decision.advance(FAILING));
    }

    @Test
    void anEndpointIsBorneWithForAWhile() {
        var later = NOW.plus(DISABLE_AFTER);

        assertThat(decide(failing(NOW, later.minusSeconds(1)), TROUBLE, later))
                .isEqualTo(Decision.advance(failing(NOW, later)));
    }

    @Test
    void anEndpointThatFailsForTooLongIsDisabled() {
        var later = NOW.plus(DISABLE_AFTER).plusMillis(1);

        assertThat(decide(failing(NOW, later.minus(FORGET_AFTER)), TROUBLE, later))
                .isEqualTo(Decision.advance(new Disabled(DETAILS, SECRETS, later, Reason.FAILING)));
    }

    /// It failed, was not called for long because there was nothing to tell it, and fails once.
    @Test
    void aFailureLongAfterTheLastOneIsTheFirst() {
        var later = NOW.plus(Duration.ofDays(10));

        assertThat(decide(failing(NOW, NOW.plus(Duration.ofDays(3))), TROUBLE, later))
                .isEqualTo(Decision.advance(failing(later, later)));
        assertThat(decide(FAILING, TROUBLE, NOW.plus(FORGET_AFTER)))
                .isEqualTo(Decision.advance(failing(NOW, NOW.plus(FORGET_AFTER))));
    }

    @Test
    void anEndpointThatAsksForTimeIsLeftAlone() {
        var hour = Duration.ofHours(1);
        var held = new Enabled(DETAILS, SECRETS, new Failing(NOW, NOW, NOW.plus(hour)));
        var longest = new Enabled(DETAILS, SECRETS, new Failing(NOW, NOW, NOW.plus(LONGEST_HOLD)));

        assertThat(decide(WELL, asking(hour), NOW)).isEqualTo(Decision.advance(held));
        assertThat(decide(FAILING, asking(hour), NOW)).isEqualTo(Decision.advance(held));
        assertThat(decide(held, TROUBLE, NOW)).isEqualTo(Decision.advance(held));
        assertThat(decide(held, asking(hour.dividedBy(2)), NOW)).isEqualTo(Decision.advance(held));
        assertThat(decide(held, asking(Duration.ofDays(99)), NOW))
                .isEqualTo(Decision.advance(longest));
        assertThat(decide(held, TAKEN, NOW)).isEqualTo(Decision.advance(WELL));
    }

    @Test
    void aSuccessMakesUpForAllFailures() {
        assertThat(decide(FAILING, TAKEN, NOW)).isEqualTo(Decision.advance(WELL));
        assertThat(decide(WELL, TAKEN, NOW)).isEqualTo(new Ignore<>("all-is-well"));
    }

    @Test
    void anEndpointThatIsGoneIsDisabledAtOnce() {
        var gone = Decision.advance(new Disabled(DETAILS, SECRETS, NOW, Reason.GONE));

        assertThat(decide(WELL, GONE, NOW)).isEqualTo(gone);
        assertThat(decide(FAILING, GONE, NOW)).isEqualTo(gone);
    }

    @Test
    void aLateAnswerEnablesNothing() {
        for (var input : List.of(TAKEN, GONE, TROUBLE)) {
            assertThat(decide(DISABLED, input, NOW)).isEqualTo(new Ignore<>("endpoint-disabled"));
        }
    }

    @Test
    void anOperatorEnablesAnEndpointThatThenStartsAfresh() {
        assertThat(decide(DISABLED, new Enable(), NOW)).isEqualTo(Decision.advance(WELL));
        assertThat(decide(FAILING, new Enable(), NOW)).isEqualTo(new Ignore<>("already-enabled"));
    }

    @Test
    void theSecretBeforeTheNewestSignsTooForAWhile() {
        var rotated = SECRETS.rotate("whsec_Mg==", OVERLAP, NOW);

        assertThat(decide(FAILING, new RotateSecret("whsec_Mg=="), NOW))
                .isEqualTo(
                        Decision.advance(
                                new Enabled(DETAILS, rotated, new Failing(NOW, NOW, null))));
        assertThat(decide(DISABLED, new RotateSecret("whsec_Mg=="), NOW))
                .isEqualTo(Decision.advance(new Disabled(DETAILS, rotated, NOW, Reason.FAILING)));
        assertThat(rotated.valid(NOW.plus(OVERLAP).minusMillis(1)))
                .containsExactly("whsec_Mg==", "whsec_MQ==");
        assertThat(rotated.valid(NOW.plus(OVERLAP))).containsExactly("whsec_Mg==");
    }

    @Test
    void everySecretSignsUntilItsOwnTimeIsOver() {
        var half = OVERLAP.dividedBy(2);
        var twice =
                SECRETS.rotate("whsec_Mg==", OVERLAP, NOW)
                        .rotate("whsec_Mw==", OVERLAP, NOW.plus(half));

        assertThat(twice.valid(NOW.plus(OVERLAP).minusMillis(1)))
                .containsExactly("whsec_Mw==", "whsec_Mg==", "whsec_MQ==");
        assertThat(twice.valid(NOW.plus(OVERLAP))).containsExactly("whsec_Mw==", "whsec_Mg==");
        assertThat(twice.valid(NOW.plus(OVERLAP).plus(half))).containsExactly("whsec_Mw==");
        assertThat(twice.rotate("whsec_NA==", OVERLAP, NOW.plus(OVERLAP)).previous())
                .extracting(SigningSecrets.Previous::secret)
                .containsExactly("whsec_Mw==", "whsec_Mg==");
    }

    @Test
    void aFifthSecretIsRefusedAsLongAsFourSign() {
        var four =
                SECRETS.rotate("whsec_Mg==", OVERLAP, NOW)
                        .rotate("whsec_Mw==", OVERLAP, NOW)
                        .rotate("whsec_NA==", OVERLAP, NOW);
        var next = new RotateSecret("whsec_NQ==");

        for (var endpoint :
                List.of(
                        new Enabled(DETAILS, four, null),
                        new Disabled(DETAILS, four, NOW, Reason.GONE))) {
            assertThat(decide(endpoint, next, NOW.plus(OVERLAP).minusMillis(1)))
                    .isEqualTo(new Reject<>("too-many-secrets"));
            assertThat(decide(endpoint, next, NOW.plus(OVERLAP))).isInstanceOf(Advance.class);
        }
    }

    @Test
    void nothingOfAnEndpointThatIsSecretIsPrinted() {
        var rotated = SECRETS.rotate("whsec_Mg==", OVERLAP, NOW);

        assertThat(WELL + " " + DISABLED + new RotateSecret("whsec_Mg==") + rotated.previous())
                .doesNotContain("s3cret")
                .doesNotContain("M");
    }

    @Test
    void rulesThatBearWithNothingAreNone() {
        assertRefused(() -> new EndpointRules(Duration.ZERO, FORGET_AFTER, LONGEST_HOLD, OVERLAP));
        assertRefused(() -> new EndpointRules(DISABLE_AFTER, Duration.ZERO, LONGEST_HOLD, OVERLAP));
        assertRefused(() ->
                new EndpointRules(DISABLE_AFTER, FORGET_AFTER, LONGEST_HOLD.negated(), OVERLAP));
        assertRefused(() ->
                new EndpointRules(DISABLE_AFTER, FORGET_AFTER, LONGEST_HOLD, OVERLAP.negated()));
    }

    @Test
    void eachKindOfNewsHasANameThatReadsBack() {
        for (var kind : Kind.values()) {
            assertThat(WireName.kind(WireName.of(kind))).contains(kind);
        }
        assertThat(WireName.kind("order-placed")).isEmpty();
    }

    private static void assertRefused(Runnable making) {
        assertThatThrownBy(making::run).isInstanceOf(IllegalArgumentException.class);
    }

    private static Called asking(Duration retryAfter) {
        return new Called(new Trouble("http-429", 429, retryAfter));
    }

    private static Enabled failing(Instant since, Instant last) {
        return new Enabled(DETAILS, SECRETS, new Failing(since, last, null));
    }

    private static Decision<Endpoint, NotificationEvent> decide(
            Endpoint endpoint, EndpointInput input, Instant now) {
        return EndpointDecider.decide(endpoint, input, RULES, now);
    }
}
