package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private static final Duration SHORT = Duration.ofSeconds(9);

    @Test
    void pausesDoubleUpToHalfAMinuteForAPartThatDoesNotComeUp() {
        List<Long> pauses =
                Stream.iterate(BackOff.fresh(), BackOff::longer)
                        .limit(11)
                        .map(backOff -> backOff.pause().toMillis())
                        .toList();

        assertThat(pauses)
                .containsExactly(
                        100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12_800L, 25_600L, 30_000L,
                        30_000L);
    }

    @Test
    void aPartThatCameUpIsStartedAgainWithinHalfASecondHoweverOftenItEnds() {
        List<Long> pauses =
                Stream.iterate(BackOff.fresh(), last -> last.longer().afterBeingReady(SHORT))
                        .limit(6)
                        .map(backOff -> backOff.pause().toMillis())
                        .toList();

        assertThat(pauses).containsExactly(100L, 200L, 400L, 500L, 500L, 500L);
    }

    @Test
    void aPartThatWasReadyForTenSecondsIsStartedAgainAtOnce() {
        BackOff longer = BackOff.fresh().longer().longer();

        BackOff after = longer.afterBeingReady(Duration.ofSeconds(10));

        assertThat(after).isEqualTo(BackOff.fresh());
    }
}
