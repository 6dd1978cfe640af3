package dev.quadrille.delivery;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Not ready when the relay gets nowhere.
@Readiness
class RelayCheck implements HealthCheck {

    private final Relay relay;
    private final OutboxConfig config;

    RelayCheck(Relay relay, OutboxConfig config) {
        this.relay = relay;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        var stalled = relay.sinceSuccess();
        return HealthCheckResponse.named("outbox relay")
                .status(stalled.compareTo(config.maxStall()) <= 0)
                .withData("secondsSinceProgress", stalled.toSeconds())
                .build();
    }
}
