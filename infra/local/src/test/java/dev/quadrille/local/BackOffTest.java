package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BackOffTest {

    @Test
    void pausesDoubleUpToHalfAMinute() {
        var pauses = new ArrayList<Long>();

        BackOff backOff = BackOff.fresh();
        for (int i = 0; i < 8; i++) {
            pauses.add(backOff.pause().toMillis());
            backOff = backOff.afterRunning(Duration.ofSeconds(59)).longer();
        }

        assertThat(pauses)
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
    }

    @Test
    void aPartThatRanWellForAMinuteIsStartedAgainSoon() {
        BackOff longer = BackOff.fresh().longer().longer();

        BackOff after = longer.afterRunning(Duration.ofMinutes(1));

        assertThat(after).isEqualTo(BackOff.fresh());
    }
}
