package dev.quadrille.local;

import java.time.Duration;

/// How long to wait before a part that ended is started again. The pause doubles, so that a part
/// which cannot live does not eat the machine. One that came up and then ended is soon started
/// again, however often: something ended it, and its own start is a pause.
record BackOff(Duration pause) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONGEST_ONCE_READY = Duration.ofMillis(500);
    private static final Duration WELL = Duration.ofSeconds(10);

    static BackOff fresh() {
        return new BackOff(SHORTEST);
    }

    /// For a part that was ready for so long, and ended.
    BackOff afterBeingReady(Duration ready) {
        if (ready.compareTo(WELL) >= 0) {
            return fresh();
        }
        return pause.compareTo(LONGEST_ONCE_READY) > 0 ? new BackOff(LONGEST_ONCE_READY) : this;
    }

    /// For the next time.
    BackOff longer() {
        Duration doubled = pause.multipliedBy(2);
        return new BackOff(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
    }
}
