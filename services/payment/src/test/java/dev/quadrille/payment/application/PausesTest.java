package dev.quadrille.payment.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PausesTest {

    @ParameterizedTest
    @CsvSource({"1, 125, 250", "2, 250, 500", "5, 2000, 4000", "8, 15000, 30000"})
    void aPauseDoublesWithEachAttempt(int attempt, long minMillis, long maxMillis) {
        var random = new Random(1);

        for (int i = 0; i < 1_000; i++) {
            assertThat(Pauses.after(attempt, random))
                    .isBetween(Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis));
        }
    }

    @ParameterizedTest
    @CsvSource({"9", "40", "64", "2147483647"})
    void aPauseIsBounded(int attempt) {
        assertThat(Pauses.after(attempt, new Random(1)))
                .isBetween(Pauses.MAX.dividedBy(2), Pauses.MAX);
    }

    @Test
    void whileTheProviderIsAwayThePauseDoesNotGrow() {
        var random = new Random(1);

        for (int i = 0; i < 1_000; i++) {
            assertThat(Pauses.whileAway(random))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 125, 250", "2, 125, 250", "3, 10800000, 21600000", "90, 10800000, 21600000"})
    void afterThreeRefundsInVainThePauseIsOfHours(int inVain, long minMillis, long maxMillis) {
        assertThat(Pauses.afterRefunds(inVain, 1, new Random(1)))
                .isBetween(Duration.ofMillis(minMillis), Duration.ofMillis(maxMillis));
    }

    @Test
    void whatFailedTogetherDoesNotComeAgainTogether() {
        var random = new Random(1);

        assertThat(Pauses.after(8, random)).isNotEqualTo(Pauses.after(8, random));
    }
}
