package dev.quadrille.notification.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.notification.domain.Notification.Delivering;
import dev.quadrille.notification.domain.Notification.Failed;
import dev.quadrille.notification.domain.Notification.Pending;
import dev.quadrille.notification.domain.Notification.Sending;
import dev.quadrille.notification.domain.Notification.Sent;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.DeliveriesEnded;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome.Accepted;
import dev.quadrille.notification.domain.Outcome.NotSent;
import dev.quadrille.notification.domain.Outcome.Refused;
import dev.quadrille.notification.domain.Outcome.Unclear;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NotificationDeciderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final SendingRules RULES =
            new SendingRules(3, Duration.ofSeconds(1), Duration.ofSeconds(3), LEASE);

    private static final UUID ID = new UUID(1, 1);
    private static final UUID ORDER_ID = new UUID(2, 2);
    private static final NotificationDetails DETAILS =
            new NotificationDetails(
                    ID, ORDER_ID, Kind.ORDER_CONFIRMED, Channel.EMAIL, new UUID(3, 3), null);

    private static final Pending PENDING = new Pending(DETAILS, 0, NOW);
    private static final Sending SENDING = new Sending(DETAILS, 1, NOW.plus(LEASE));
    private static final Sent SENT = new Sent(DETAILS, 1);
    private static final Failed FAILED = new Failed(DETAILS, 1, "smtp-550");

    private static final NotificationDetails WEBHOOK =
            new NotificationDetails(
                    ID, ORDER_ID, Kind.ORDER_CONFIRMED, Channel.WEBHOOK, new UUID(3, 3), null);
    private static final Delivering DELIVERING = new Delivering(WEBHOOK, "{}");
    private static final DeliveryDetails DELIVERY =
            new DeliveryDetails(new UUID(4, 4), ID, new UUID(5, 5), ORDER_ID, Kind.ORDER_CONFIRMED);

    private static final List<Outcome> OUTCOMES =
            List.of(
                    new Accepted(),
                    new NotSent("smtp-450"),
                    new Refused("smtp-550"),
                    new Unclear());

    @Test
    void aPendingNotificationThatIsDueIsSent() {
        assertThat(decide(PENDING, new WorkDue(), NOW)).isEqualTo(Decision.advance(SENDING));
    }

    @Test
    void aPendingNotificationThatIsNotDueWaits() {
        assertThat(decide(PENDING, new WorkDue(), NOW.minusMillis(1)))
                .isEqualTo(new Ignore<>("not-due"));
    }

    @Test
    void anAcceptedMailIsSent() {
        assertThat(decide(SENDING, attempted(1, new Accepted()), NOW))
                .isEqualTo(
                        Decision.advance(
                                SENT,
                                new NotificationSent(
                                        ORDER_ID, ID, Kind.ORDER_CONFIRMED, Channel.EMAIL)));
    }

    @Test
    void aMailThatWasNotSentIsTriedAgainLater() {
        assertThat(decide(SENDING, attempted(1, new NotSent("smtp-450")), NOW))
                .isEqualTo(Decision.advance(new Pending(DETAILS, 1, NOW.plusMillis(500))));
    }

    @Test
    void aMailThatWasNotSentAtTheLastAttemptFails() {
        var last = new Sending(DETAILS, 3, NOW.plus(LEASE));

        assertThat(decide(last, attempted(3, new NotSent("no-connection")), NOW))
                .isEqualTo(failed(3, "no-connection"));
    }

    @Test
    void aRefusedMailFailsAtOnce() {
        assertThat(decide(SENDING, attempted(1, new Refused("smtp-550")), NOW))
                .isEqualTo(failed(1, "smtp-550"));
    }

    @Test
    void aMailOfWhichNobodyKnowsWhetherItWasSentFailsAndIsNotSentAgain() {
        assertThat(decide(SENDING, attempted(1, new Unclear()), NOW))
                .isEqualTo(failed(1, "outcome-unknown"));
    }

    @Test
    void aMailWhoseSenderDiedFailsOnceItsLeaseIsOver() {
        assertThat(decide(SENDING, new WorkDue(), NOW.plus(LEASE)))
                .isEqualTo(failed(1, "outcome-unknown"));
    }

    @Test
    void aMailThatIsBeingSentIsLeftToItsSender() {
        assertThat(decide(SENDING, new WorkDue(), NOW.plus(LEASE).minusMillis(1)))
                .isEqualTo(new Ignore<>("being-sent"));
    }

    @Test
    void aMailThatEndedStaysAsItIs() {
        var inputs = new ArrayList<NotificationInput>(List.of(new WorkDue()));
        OUTCOMES.forEach(outcome -> inputs.add(attempted(1, outcome)));

        for (var input : inputs) {
            assertThat(decide(SENT, input, NOW)).isEqualTo(new Ignore<>("already-sent"));
            assertThat(decide(FAILED, input, NOW)).isEqualTo(new Ignore<>("already-failed"));
        }
    }

    /// An outcome is stored again when the database did not say whether it had been.
    @Test
    void theOutcomeOfAnEarlierAttemptIsIgnored() {
        var again = new Pending(DETAILS, 1, NOW);
        var secondAttempt = new Sending(DETAILS, 2, NOW.plus(LEASE));

        for (var outcome : OUTCOMES) {
            assertThat(decide(again, attempted(1, outcome), NOW))
                    .isEqualTo(new Ignore<>("other-attempt"));
            assertThat(decide(secondAttempt, attempted(1, outcome), NOW))
                    .isEqualTo(new Ignore<>("other-attempt"));
        }
    }

    @Test
    void theOutcomeOfAnAttemptThatWasNeverBegunIsRejected() {
        for (var outcome : OUTCOMES) {
            assertThat(decide(PENDING, attempted(1, outcome), NOW))
                    .isEqualTo(new Reject<>("never-attempted"));
            assertThat(decide(SENDING, attempted(2, outcome), NOW))
                    .isEqualTo(new Reject<>("never-attempted"));
        }
    }

    /// Every history of up to eight inputs that have an effect, with the clock standing still or
    /// passing every lease and pause: a mail goes to the server only after each earlier attempt is
    /// known not to have sent it (invariant I12), at most maxAttempts times, and it ends once.
    @Test
    void inNoHistoryIsAMailSentThatMayHaveBeenSentBefore() {
        int histories = explore(PENDING, NOW, true, 0, 8);

        assertThat(histories).isGreaterThan(1_000);
    }

    @Test
    void aNotificationIsSentOnceAllItsDeliveriesAre() {
        assertThat(decide(DELIVERING, ended(delivered(1), delivered(2)), NOW))
                .isEqualTo(
                        Decision.advance(
                                new Sent(WEBHOOK, 3),
                                new NotificationSent(
                                        ORDER_ID, ID, Kind.ORDER_CONFIRMED, Channel.WEBHOOK)));
    }

    @Test
    void aNotificationFailsOnceAllItsDeliveriesHaveEndedAndOneWasGivenUp() {
        assertThat(decide(DELIVERING, ended(delivered(1), givenUp("http-500")), NOW))
                .isEqualTo(
                        Decision.advance(
                                new Failed(WEBHOOK, 4, "http-500"),
                                new NotificationFailed(
                                        ORDER_ID,
                                        ID,
                                        Kind.ORDER_CONFIRMED,
                                        Channel.WEBHOOK,
                                        "http-500")));
    }

    @Test
    void aNotificationWaitsForEachOfItsDeliveries() {
        var tries = new Tries(1, 1, null, null);

        for (var underWay :
                List.of(
                        new Delivery.Waiting(DELIVERY, tries, NOW),
                        new Delivery.Attempting(DELIVERY, tries, NOW))) {
            assertThat(decide(DELIVERING, ended(givenUp("timeout"), underWay, delivered(1)), NOW))
                    .isEqualTo(new Ignore<>("deliveries-under-way"));
        }
    }

    @Test
    void aNotificationThatEndedIsNotMovedByARedelivery() {
        for (var end : List.of(delivered(2), givenUp("http-500"))) {
            assertThat(decide(SENT, ended(end), NOW)).isEqualTo(new Ignore<>("already-sent"));
            assertThat(decide(FAILED, ended(end), NOW)).isEqualTo(new Ignore<>("already-failed"));
        }
    }

    @Test
    void mailsAndWebhooksAreNotTakenForEachOther() {
        for (var state : List.of(PENDING, SENDING)) {
            assertThat(decide(state, ended(delivered(1)), NOW))
                    .isEqualTo(new Reject<>("not-a-webhook"));
        }
        for (var outcome : OUTCOMES) {
            assertThat(decide(DELIVERING, attempted(1, outcome), NOW))
                    .isEqualTo(new Reject<>("not-a-mail"));
        }
        assertThat(decide(DELIVERING, new WorkDue(), NOW)).isEqualTo(new Ignore<>("not-a-mail"));
        assertThat(decide(DELIVERING, ended(), NOW)).isEqualTo(new Reject<>("no-deliveries"));
    }

    @Test
    void pausesGrowToTheirLongestAndAreSpread() {
        assertThat(RULES.pauseAfter(1, 0)).isEqualTo(Duration.ofMillis(500));
        assertThat(RULES.pauseAfter(1, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(RULES.pauseAfter(2, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(RULES.pauseAfter(3, 1)).isEqualTo(Duration.ofSeconds(3));
        assertThat(RULES.pauseAfter(3, 0.5)).isEqualTo(Duration.ofMillis(2_250));
        assertThat(RULES.pauseAfter(1_000, 1)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void rulesWithoutAnyAttemptOrPauseAreNone() {
        var second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new SendingRules(0, second, second, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendingRules(1, Duration.ZERO, second, second))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendingRules(1, second.multipliedBy(2), second, second))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static int explore(
            Notification state, Instant now, boolean surelyNotSent, int ends, int depth) {
        if (depth == 0) {
            return 1;
        }
        int histories = 0;
        for (var then : List.of(now, now.plus(LEASE))) {
            for (var input : inputs(state)) {
                if (!(decide(state, input, then)
                        instanceof Advance<Notification, NotificationEvent>(var next, var told))) {
                    histories++;
                    continue;
                }
                boolean begun = next instanceof Sending;
                boolean known = input instanceof Attempted(_, NotSent _, _);
                assertThat(!begun || surelyNotSent).isTrue();
                assertThat(next.attempts()).isLessThanOrEqualTo(RULES.maxAttempts());
                assertThat(told).hasSize(next instanceof Sent || next instanceof Failed ? 1 : 0);
                assertThat(ends + told.size()).isLessThanOrEqualTo(1);
                histories += explore(next, then, !begun && known, ends + told.size(), depth - 1);
            }
        }
        return histories;
    }

    private static List<NotificationInput> inputs(Notification state) {
        var inputs = new ArrayList<NotificationInput>(List.of(new WorkDue()));
        for (int attempt = Math.max(1, state.attempts() - 1);
                attempt <= state.attempts() + 1;
                attempt++) {
            for (var outcome : OUTCOMES) {
                inputs.add(attempted(attempt, outcome));
            }
        }
        return inputs;
    }

    private static DeliveriesEnded ended(Delivery... deliveries) {
        return new DeliveriesEnded(List.of(deliveries));
    }

    private static Delivery delivered(int attempts) {
        return new Delivery.Delivered(DELIVERY, new Tries(attempts, attempts, 200, null));
    }

    private static Delivery givenUp(String error) {
        return new Delivery.GivenUp(DELIVERY, new Tries(3, 3, null, error), error);
    }

    private static Attempted attempted(int attempt, Outcome outcome) {
        return new Attempted(attempt, outcome, 0);
    }

    private static Decision<Notification, NotificationEvent> failed(int attempts, String error) {
        return Decision.advance(
                new Failed(DETAILS, attempts, error),
                new NotificationFailed(ORDER_ID, ID, Kind.ORDER_CONFIRMED, Channel.EMAIL, error));
    }

    private static Decision<Notification, NotificationEvent> decide(
            Notification state, NotificationInput input, Instant now) {
        return NotificationDecider.decide(state, input, RULES, now);
    }
}
