package dev.quadrille.notification.domain;

import java.time.Duration;

/// How patiently mails are sent.
///
/// @param maxAttempts after as many the notification is given up
/// @param firstPause after the first attempt; each further pause is twice as long
/// @param maxPause no pause is longer
/// @param lease how long an attempt may take, with the storing of its outcome
public record SendingRules(
        int maxAttempts, Duration firstPause, Duration maxPause, Duration lease) {

    private static final int MAX_DOUBLINGS = 30;

    public SendingRules {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("there is at least one attempt");
        }
        if (!firstPause.isPositive() || maxPause.compareTo(firstPause) < 0 || !lease.isPositive()) {
            throw new IllegalArgumentException("pauses and lease are longer than nothing");
        }
    }

    /// How long to wait after an attempt: between half and the whole of what is due, so that many
    /// notifications which failed together are not tried again together.
    Duration pauseAfter(int attempt, double jitter) {
        var doubled = firstPause.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
        var whole = doubled.compareTo(maxPause) < 0 ? doubled : maxPause;
        return spread(whole, jitter);
    }

    static Duration spread(Duration whole, double jitter) {
        return Duration.ofMillis((long) (whole.toMillis() * (1 + jitter) / 2));
    }
}
