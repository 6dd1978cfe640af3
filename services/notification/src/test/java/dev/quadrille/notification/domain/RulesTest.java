package dev.quadrille.notification.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How long is waited between attempts, of mails and of webhooks, to the boundary.
class RulesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final SendingRules MAILS =
            new SendingRules(3, SECOND, SECOND.multipliedBy(5), MINUTE);
    private static final DeliveryRules WEBHOOKS =
            new DeliveryRules(List.of(SECOND, MINUTE, SECOND.multipliedBy(2)), MINUTE);

    @ParameterizedTest
    @CsvSource({"1, 1000", "2, 2000", "3, 4000", "4, 5000", "40, 5000", "2000000000, 5000"})
    void thePauseOfAMailDoublesUpToItsLimit(int attempt, long millis) {
        assertThat(MAILS.pauseAfter(attempt, 1)).hasMillis(millis);
        assertThat(MAILS.pauseAfter(attempt, 0)).hasMillis(millis / 2);
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        var none = Duration.ZERO;

        new SendingRules(1, SECOND, SECOND, SECOND);
        new DeliveryRules(List.of(), SECOND);
        assertRefused(() -> new SendingRules(0, SECOND, SECOND, SECOND));
        assertRefused(() -> new SendingRules(1, none, SECOND, SECOND));
        assertRefused(() -> new SendingRules(1, MINUTE, SECOND, SECOND));
        assertRefused(() -> new SendingRules(1, SECOND, SECOND, none));
        assertRefused(() -> new DeliveryRules(List.of(SECOND, none), SECOND));
        assertRefused(() -> new DeliveryRules(List.of(SECOND), none));
    }

    @Test
    void theAttemptAfterTheLastPauseIsTheLast() {
        assertThat(WEBHOOKS.isLast(3)).isFalse();
        assertThat(WEBHOOKS.isLast(4)).isTrue();
    }

    @Test
    void aReceiverThatAsksForMoreTimeGetsItUpToTheLongestPause() {
        assertThat(WEBHOOKS.pauseAfter(1, null, 1)).isEqualTo(SECOND);
        assertThat(WEBHOOKS.pauseAfter(1, SECOND.dividedBy(2), 1)).isEqualTo(SECOND);
        assertThat(WEBHOOKS.pauseAfter(1, SECOND.multipliedBy(3), 1))
                .isEqualTo(SECOND.multipliedBy(3));
        assertThat(WEBHOOKS.pauseAfter(1, MINUTE.plusMillis(1), 1)).isEqualTo(MINUTE);
        assertThat(WEBHOOKS.pauseAfter(3, Duration.ofDays(1), 1)).isEqualTo(MINUTE);
    }

    private static void assertRefused(Runnable making) {
        assertThatThrownBy(making::run).isInstanceOf(IllegalArgumentException.class);
    }
}
