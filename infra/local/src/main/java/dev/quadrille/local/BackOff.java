package dev.quadrille.local;

import java.time.Duration;

/// How long to wait before a part that ended is started again: a pause that doubles, so that a part
/// which cannot live does not eat the machine, and that is short again once the part has run well.
record BackOff(Duration pause) {

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration RUN_WELL = Duration.ofMinutes(1);

    static BackOff fresh() {
        return new BackOff(SHORTEST);
    }

    /// For a part that has run for so long, and ended.
    BackOff afterRunning(Duration ran) {
        return ran.compareTo(RUN_WELL) >= 0 ? fresh() : this;
    }

    /// For the next time.
    BackOff longer() {
        Duration doubled = pause.multipliedBy(2);
        return new BackOff(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
    }
}
