package dev.quadrille.delivery;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Not ready when the relay gets nowhere.
@Readiness
class RelayCheck implements HealthCheck {

    private final Relay relay;
    private final Backlog backlog;
    private final OutboxConfig config;

    RelayCheck(Relay relay, Backlog backlog, OutboxConfig config) {
        this.relay = relay;
        this.backlog = backlog;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        var own = relay.sinceSuccess();
        // Replicas that fail in turn, each for a while, get nowhere either.
        var all = backlog.sinceProgress();
        var stalled = own.compareTo(all) > 0 ? own : all;
        return HealthCheckResponse.named("outbox relay")
                .status(stalled.compareTo(config.maxStall()) <= 0)
                .withData("secondsSinceProgress", stalled.toSeconds())
                .build();
    }
}
