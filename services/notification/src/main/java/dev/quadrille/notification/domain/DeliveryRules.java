package dev.quadrille.notification.domain;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How patiently endpoints are called.
///
/// @param pauses after the first attempt of a round, the second and so on; after the attempt that
///   has none the delivery is given up
/// @param lease how long an attempt may take, with the storing of its outcome
public record DeliveryRules(List<Duration> pauses, Duration lease) {

    public DeliveryRules {
        pauses = List.copyOf(pauses);
        if (!lease.isPositive() || !pauses.stream().allMatch(Duration::isPositive)) {
            throw new IllegalArgumentException("pauses and lease are longer than nothing");
        }
    }

    boolean isLast(int attemptInRound) {
        return attemptInRound > pauses.size();
    }

    /// How long to wait after an attempt that is not the last: what is due by the list, or what the
    /// receiver asks for when that is more, up to the longest pause of the list.
    Duration pauseAfter(int attemptInRound, @Nullable Duration retryAfter, double jitter) {
        var own = SendingRules.spread(pauses.get(attemptInRound - 1), jitter);
        if (retryAfter == null || retryAfter.compareTo(own) <= 0) {
            return own;
        }
        var longest = pauses.stream().max(Comparator.naturalOrder()).orElseThrow();
        return retryAfter.compareTo(longest) < 0 ? retryAfter : longest;
    }
}
