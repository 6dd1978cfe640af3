package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {

    private static final String OTHERS = "0123456789-+:.TZtz ,";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T12:34:56Z",
                "2026-11-21T12:34:56.1Z",
                "2026-11-21T12:34:56.123456789Z",
                "0000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "9999-12-31T23:59:59Z",
                "2024-02-29T00:00:00Z",
                "2026-11-21T24:00:00Z",
                "2016-12-31T23:59:60Z",
                "+12345-01-01T00:00:00Z",
                "2026-11-21T12:34:56+01:00",
                "2026-11-21T12:34Z",
                "2023-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-11-21T25:00:00Z",
                "2026-11-21T12:60:00Z",
                "2026-11-21T12:34:56.Z",
                "2026-11-21T12:34:56.1234567890Z",
                "2026-11-21T12:34:56",
                "2026-11-21",
                "yesterday",
                "",
            })
    void readsWhatTheJdkReadsAndRefusesWhatItRefuses(String text) {
        assertThat(result(Instants::parse, text)).isEqualTo(result(Instant::parse, text));
    }

    @Test
    void anyTimeAndAnythingThatLooksLikeOneIsReadAsTheJdkReadsIt() {
        var random = new Random(42);

        for (int i = 0; i < 100_000; i++) {
            var time =
                    Instant.ofEpochSecond(
                            random.nextLong(-62_167_219_200L, 253_402_300_800L),
                            random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
            var text = new StringBuilder(time.toString());
            if (random.nextBoolean()) {
                text.setCharAt(
                        random.nextInt(text.length()),
                        OTHERS.charAt(random.nextInt(OTHERS.length())));
            }

            assertThat(result(Instants::parse, text.toString()))
                    .as(text.toString())
                    .isEqualTo(result(Instant::parse, text.toString()));
        }
    }

    private static Object result(Function<String, Instant> parser, String text) {
        try {
            return parser.apply(text);
        } catch (DateTimeException e) {
            return DateTimeException.class;
        }
    }
}
