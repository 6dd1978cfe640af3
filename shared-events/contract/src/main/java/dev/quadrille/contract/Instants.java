package dev.quadrille.contract;

import java.time.Instant;
import java.time.LocalDate;

/// Reads times. An event has three of them, and [Instant#parse] was a third of what it cost to read
/// one: it interprets a format that allows more than anybody writes.
final class Instants {

    private static final int SECONDS_END = 19;
    private static final int MAX_FRACTION_DIGITS = 9;
    private static final long SECONDS_OF_DAY = 86_400;

    private Instants() {}

    /// Accepts and refuses what [Instant#parse] does, with the same result.
    ///
    /// @throws java.time.DateTimeException if it is no time
    static Instant parse(String text) {
        return isUsual(text) ? usual(text) : Instant.parse(text);
    }

    /// Whether it is as we write it ourselves, such as `2026-11-21T12:34:56.123456Z`.
    private static boolean isUsual(String text) {
        int end = text.length() - 1;
        if (end < SECONDS_END
                || end == SECONDS_END + 1
                || end > SECONDS_END + 1 + MAX_FRACTION_DIGITS
                || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < end; i++) {
            char wanted =
                    switch (i) {
                        case 4, 7 -> '-';
                        case 10 -> 'T';
                        case 13, 16 -> ':';
                        case SECONDS_END -> '.';
                        default -> '0';
                    };
            char is = text.charAt(i);
            if (wanted == '0' ? is < '0' || is > '9' : is != wanted) {
                return false;
            }
        }
        return number(text, 11, 13) <= 23
                && number(text, 14, 16) <= 59
                && number(text, 17, 19) <= 59;
    }

    private static Instant usual(String text) {
        long day =
                LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                        .toEpochDay();
        int second =
                number(text, 11, 13) * 3_600 + number(text, 14, 16) * 60 + number(text, 17, 19);
        int end = text.length() - 1;
        int nanos = 0;
        if (end > SECONDS_END) {
            nanos = number(text, SECONDS_END + 1, end);
            for (int digits = end - SECONDS_END - 1; digits < MAX_FRACTION_DIGITS; digits++) {
                nanos *= 10;
            }
        }
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY + second, nanos);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
