package dev.quadrille.chassis;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

/// The one clock of a service. It ticks in microseconds, as PostgreSQL does, so that a time reads
/// back as it was written.
@ApplicationScoped
class Clocks {

    private static final Duration TICK = Duration.ofNanos(1_000);

    @Produces
    @Singleton
    InstantSource clock() {
        return Clock.tick(Clock.systemUTC(), TICK);
    }
}
