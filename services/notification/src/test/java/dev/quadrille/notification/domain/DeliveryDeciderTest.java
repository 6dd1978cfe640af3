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
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.Delivery.Delivered;
import dev.quadrille.notification.domain.Delivery.GivenUp;
import dev.quadrille.notification.domain.Delivery.Waiting;
import dev.quadrille.notification.domain.DeliveryInput.Attempted;
import dev.quadrille.notification.domain.DeliveryInput.Redeliver;
import dev.quadrille.notification.domain.DeliveryInput.Standing;
import dev.quadrille.notification.domain.DeliveryInput.WorkDue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryDeciderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final DeliveryRules RULES =
            new DeliveryRules(List.of(Duration.ofSeconds(4), Duration.ofMinutes(1)), LEASE);
    private static final int ATTEMPTS = 3;

    private static final DeliveryDetails DETAILS =
            new DeliveryDetails(
                    new UUID(1, 1),
                    new UUID(2, 2),
                    new UUID(3, 3),
                    new UUID(4, 4),
                    Kind.ORDER_SHIPPED);

    private static final Waiting WAITING = new Waiting(DETAILS, Tries.NONE, NOW);
    private static final Attempting ATTEMPTING =
            new Attempting(DETAILS, tries(1, 1), NOW.plus(LEASE));
    private static final Delivered DELIVERED = new Delivered(DETAILS, new Tries(1, 1, 200, null));
    private static final GivenUp GIVEN_UP =
            new GivenUp(DETAILS, new Tries(3, 3, 500, "http-500"), "http-500");
    private static final List<Delivery> STATES = List.of(WAITING, ATTEMPTING, DELIVERED, GIVEN_UP);

    private static final Trouble TROUBLE = new Trouble("http-500", 500, null);
    private static final List<Answer> ANSWERS =
            List.of(new Taken(204), new Gone(), TROUBLE, new Trouble("timeout", null, null));

    @Test
    void aDeliveryThatIsDueIsAttempted() {
        assertThat(decide(WAITING, due(), NOW)).isEqualTo(Decision.advance(ATTEMPTING));
    }

    @Test
    void aDeliveryThatIsNotDueWaits() {
        assertThat(decide(WAITING, due(), NOW.minusMillis(1))).isEqualTo(new Ignore<>("not-due"));
    }

    @ParameterizedTest
    @CsvSource({"DISABLED, endpoint-disabled", "DELETED, endpoint-deleted"})
    void aDeliveryWhoseEndpointIsNotCalledAnyMoreIsGivenUp(Standing standing, String word) {
        var dead = new Attempting(DETAILS, tries(2, 2), NOW);

        assertThat(decide(WAITING, new WorkDue(standing), NOW))
                .isEqualTo(Decision.advance(new GivenUp(DETAILS, Tries.NONE, word)));
        assertThat(decide(WAITING, new WorkDue(standing), NOW.minusSeconds(99)))
                .isEqualTo(Decision.advance(new GivenUp(DETAILS, Tries.NONE, word)));
        assertThat(decide(ATTEMPTING, new WorkDue(standing), NOW))
                .isEqualTo(new Ignore<>("being-attempted"));
        assertThat(decide(dead, new WorkDue(standing), NOW))
                .isEqualTo(Decision.advance(new GivenUp(DETAILS, tries(2, 2), word)));
        assertThat(decide(ATTEMPTING, attempted(1, TROUBLE, standing), NOW))
                .isEqualTo(
                        Decision.advance(
                                new GivenUp(DETAILS, new Tries(1, 1, 500, "http-500"), word)));
        for (var state : STATES) {
            assertThat(decide(state, new Redeliver(standing), NOW)).isEqualTo(new Reject<>(word));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheEndpointTookIsDeliveredHoweverItStandsNow(Standing standing) {
        assertThat(decide(ATTEMPTING, attempted(1, new Taken(200), standing), NOW))
                .isEqualTo(Decision.advance(DELIVERED));
    }

    @Test
    void aDeliveryThatFailedIsAttemptedAgainLater() {
        assertThat(decide(ATTEMPTING, attempted(1, TROUBLE), NOW))
                .isEqualTo(
                        Decision.advance(
                                new Waiting(
                                        DETAILS,
                                        new Tries(1, 1, 500, "http-500"),
                                        NOW.plusSeconds(2))));
    }

    @Test
    void aDeliveryThatFailedAtTheLastAttemptIsGivenUp() {
        var last = new Attempting(DETAILS, tries(8, ATTEMPTS), NOW.plus(LEASE));

        assertThat(decide(last, attempted(8, TROUBLE), NOW))
                .isEqualTo(
                        Decision.advance(
                                new GivenUp(
                                        DETAILS,
                                        new Tries(8, ATTEMPTS, 500, "http-500"),
                                        "http-500")));
    }

    @Test
    void aReceiverThatWantsNothingMoreGetsNothingMore() {
        assertThat(decide(ATTEMPTING, attempted(1, new Gone()), NOW))
                .isEqualTo(
                        Decision.advance(
                                new GivenUp(
                                        DETAILS, new Tries(1, 1, 410, "http-410"), "http-410")));
    }

    @Test
    void aDeliveryWhoseCallerDiedIsAttemptedAgainOnceItsLeaseIsOver() {
        var over = NOW.plus(LEASE);

        assertThat(decide(ATTEMPTING, due(), over.minusMillis(1)))
                .isEqualTo(new Ignore<>("being-attempted"));
        assertThat(decide(ATTEMPTING, due(), over))
                .isEqualTo(
                        Decision.advance(new Attempting(DETAILS, tries(2, 2), over.plus(LEASE))));
    }

    @Test
    void aDeliveryWhoseCallerDiedAtTheLastAttemptIsGivenUp() {
        var last = new Attempting(DETAILS, tries(ATTEMPTS, ATTEMPTS), NOW);

        assertThat(decide(last, due(), NOW))
                .isEqualTo(
                        Decision.advance(
                                new GivenUp(
                                        DETAILS, tries(ATTEMPTS, ATTEMPTS), "outcome-unknown")));
    }

    @Test
    void anEndedDeliveryIsAttemptedAgainWhenAskedFor() {
        assertThat(decide(DELIVERED, new Redeliver(Standing.ENABLED), NOW))
                .isEqualTo(Decision.advance(new Waiting(DETAILS, new Tries(1, 0, 200, null), NOW)));
        assertThat(decide(GIVEN_UP, new Redeliver(Standing.ENABLED), NOW))
                .isEqualTo(
                        Decision.advance(
                                new Waiting(DETAILS, new Tries(3, 0, 500, "http-500"), NOW)));
    }

    @Test
    void aWaitingDeliveryIsDueAtOnceWhenAskedForAndKeepsItsRound() {
        var later = new Waiting(DETAILS, tries(2, 2), NOW.plusSeconds(99));

        assertThat(decide(later, new Redeliver(Standing.ENABLED), NOW))
                .isEqualTo(Decision.advance(new Waiting(DETAILS, tries(2, 2), NOW)));
    }

    @Test
    void aDeliveryUnderWayIsLeftToItsCaller() {
        assertThat(decide(ATTEMPTING, new Redeliver(Standing.ENABLED), NOW))
                .isEqualTo(new Ignore<>("being-attempted"));
    }

    @Test
    void anEndedDeliveryStaysAsItIs() {
        for (var answer : ANSWERS) {
            assertThat(decide(DELIVERED, attempted(1, answer), NOW))
                    .isEqualTo(new Ignore<>("already-delivered"));
            assertThat(decide(GIVEN_UP, attempted(3, answer), NOW))
                    .isEqualTo(new Ignore<>("already-given-up"));
        }
        assertThat(decide(DELIVERED, due(), NOW)).isEqualTo(new Ignore<>("already-delivered"));
        assertThat(decide(GIVEN_UP, due(), NOW)).isEqualTo(new Ignore<>("already-given-up"));
    }

    @Test
    void theAnswerToAnotherAttemptIsIgnoredAndToNoneRejected() {
        var again = new Waiting(DETAILS, tries(1, 1), NOW);
        var second = new Attempting(DETAILS, tries(2, 2), NOW.plus(LEASE));

        for (var answer : ANSWERS) {
            assertThat(decide(again, attempted(1, answer), NOW))
                    .isEqualTo(new Ignore<>("other-attempt"));
            assertThat(decide(second, attempted(1, answer), NOW))
                    .isEqualTo(new Ignore<>("other-attempt"));
            assertThat(decide(WAITING, attempted(1, answer), NOW))
                    .isEqualTo(new Reject<>("never-attempted"));
            assertThat(decide(second, attempted(3, answer), NOW))
                    .isEqualTo(new Reject<>("never-attempted"));
        }
    }

    @Test
    void anAnswerIsAwaitedJustWhenItWouldMoveTheDelivery() {
        var second = new Attempting(DETAILS, tries(2, 2), NOW.plus(LEASE));
        var states = new ArrayList<>(STATES);
        states.add(second);

        for (var state : states) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                for (var answer : ANSWERS) {
                    assertThat(decide(state, attempted(attempt, answer), NOW) instanceof Advance)
                            .isEqualTo(DeliveryDecider.awaits(state, attempt));
                }
            }
        }
        assertThat(DeliveryDecider.awaits(second, 2)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1, , 0, 2000",
        "1, , 1, 4000",
        "2, , 0, 30000",
        "1, 1, 0, 2000", // less than it would wait anyway
        "1, 7, 0, 7000",
        "1, 999999999, 0, 60000", // no longer than the longest pause
    })
    void aReceiverMayAskForMoreTimeWithinBounds(
            int attempt, Integer retryAfterSeconds, double jitter, long millis) {
        var retryAfter = retryAfterSeconds == null ? null : Duration.ofSeconds(retryAfterSeconds);

        assertThat(RULES.pauseAfter(attempt, retryAfter, jitter))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void rulesWithoutPauseOrLeaseAreNone() {
        var second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new DeliveryRules(List.of(Duration.ZERO), second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DeliveryRules(List.of(second), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Every history of up to six inputs, with the clock standing still or passing every lease and
    /// pause: none throws, attempts only rise, no round has more of them than it may, and without
    /// somebody asking for it nothing that ended moves again.
    @Test
    void everyHistoryIsJudgedAndEveryRoundIsBounded() {
        int histories = explore(WAITING, NOW, 6);

        assertThat(histories).isGreaterThan(10_000);
    }

    private static int explore(Delivery state, Instant now, int depth) {
        if (depth == 0) {
            return 1;
        }
        int histories = 0;
        for (var then : List.of(now, now.plus(Duration.ofMinutes(1)))) {
            for (var input : inputs(state)) {
                if (!(decide(state, input, then)
                        instanceof Advance<Delivery, NotificationEvent>(var next, var told))) {
                    histories++;
                    continue;
                }
                boolean hadEnded = state instanceof Delivered || state instanceof GivenUp;
                assertThat(told).isEmpty();
                assertThat(!hadEnded || input instanceof Redeliver).isTrue();
                assertThat(next.tries().all()).isGreaterThanOrEqualTo(state.tries().all());
                assertThat(next.tries().inRound()).isLessThanOrEqualTo(ATTEMPTS);
                histories += explore(next, then, depth - 1);
            }
        }
        return histories;
    }

    private static List<DeliveryInput> inputs(Delivery state) {
        var inputs = new ArrayList<DeliveryInput>();
        inputs.add(due());
        inputs.add(new WorkDue(Standing.DELETED));
        inputs.add(new Redeliver(Standing.ENABLED));
        inputs.add(new Redeliver(Standing.DISABLED));
        int attempts = state.tries().all();
        for (int attempt = Math.max(1, attempts - 1); attempt <= attempts + 1; attempt++) {
            inputs.add(attempted(attempt, new Taken(200)));
            inputs.add(attempted(attempt, TROUBLE));
        }
        inputs.add(attempted(Math.max(1, attempts), new Gone(), Standing.DISABLED));
        inputs.add(attempted(Math.max(1, attempts), TROUBLE, Standing.DISABLED));
        return inputs;
    }

    private static Tries tries(int all, int inRound) {
        return new Tries(all, inRound, null, null);
    }

    private static WorkDue due() {
        return new WorkDue(Standing.ENABLED);
    }

    private static Attempted attempted(int attempt, Answer answer) {
        return attempted(attempt, answer, Standing.ENABLED);
    }

    private static Attempted attempted(int attempt, Answer answer, Standing standing) {
        return new Attempted(attempt, answer, standing, 0);
    }

    private static Decision<Delivery, NotificationEvent> decide(
            Delivery state, DeliveryInput input, Instant now) {
        return DeliveryDecider.decide(state, input, RULES, now);
    }
}
