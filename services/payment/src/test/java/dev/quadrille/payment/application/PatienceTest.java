package dev.quadrille.payment.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.payment.application.Patience.Advice;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, ASK_AGAIN",
        "599, ASK_AGAIN",
        "600, SEEK",
        "659, SEEK",
        "660, GIVE_UP",
        "86400, GIVE_UP",
        "-5, ASK_AGAIN"
    })
    void itIsAskedForThenSoughtAndThenGivenUp(long seconds, Advice advice) {
        var patience = new Patience(Duration.ofMinutes(10), Duration.ofMinutes(1));

        assertThat(patience.at(BEGIN, BEGIN.plusSeconds(seconds))).isEqualTo(advice);
    }

    @ParameterizedTest
    @CsvSource({"PT23H", "PT24H", "P2D", "-PT1S"})
    void itIsNotAskedForOnceTheProviderMayHaveForgottenTheKey(Duration askAgain) {
        assertThatThrownBy(() -> new Patience(askAgain, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give-up-after");
        assertThat(new Patience(Duration.ofHours(23).minusMillis(1), Duration.ZERO)).isNotNull();
    }
}
