package dev.quadrille.payment.application;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the provider is asked again.
final class Pauses {

    static final Duration MIN = Duration.ofMillis(250);
    static final Duration MAX = Duration.ofSeconds(30);
    static final Duration AWAY = Duration.ofSeconds(2);

    static final Duration AFTER_REFUNDS_IN_VAIN = Duration.ofHours(6);

    private static final int REFUNDS_BEFORE_LONG_PAUSE = 3;

    private Pauses() {}

    /// Twice as long after each attempt, up to [#MAX]; of that a random part, up to a half, is left
    /// out, so that what failed together does not come again together.
    ///
    /// @param attempt from 1
    static Duration after(int attempt, RandomGenerator random) {
        // 2^20 times the shortest is far beyond the longest, and does not overflow.
        long grownMillis = MIN.toMillis() << Math.min(attempt - 1, 20);
        return jittered(Math.min(grownMillis, MAX.toMillis()), random);
    }

    /// After a refund that failed. Each is a refund of its own at the provider, so after a few in
    /// vain there is time for an operator to find out why.
    ///
    /// @param inVain how many have failed, from 1
    /// @param attempt from 1
    static Duration afterRefunds(int inVain, int attempt, RandomGenerator random) {
        return inVain < REFUNDS_BEFORE_LONG_PAUSE
                ? after(attempt, random)
                : jittered(AFTER_REFUNDS_IN_VAIN.toMillis(), random);
    }

    /// While the provider is not asked because it seems to be in trouble. It does not grow, so that
    /// all goes on soon after the trouble has ended.
    static Duration whileAway(RandomGenerator random) {
        return jittered(AWAY.toMillis(), random);
    }

    private static Duration jittered(long millis, RandomGenerator random) {
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }
}
