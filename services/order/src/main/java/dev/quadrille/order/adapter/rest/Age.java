package dev.quadrille.order.adapter.rest;

import dev.quadrille.chassis.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/// How old something is at least: a query parameter such as `PT1M`.
public record Age(Duration value) {

    static final String ANY = "PT0S";
    private static final Duration MAX = Duration.ofDays(36_500);

    /// Called by JAX-RS with the parameter's text.
    public static Age valueOf(String text) {
        try {
            var value = Duration.parse(text);
            if (!value.isNegative() && value.compareTo(MAX) <= 0) {
                return new Age(value);
            }
        } catch (DateTimeParseException _) {
            // Falls through: the answer is the same as for one out of range.
        }
        throw Problem.badRequest("olderThan", "must be an ISO 8601 duration such as PT1M");
    }
}
