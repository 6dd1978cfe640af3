package dev.quadrille.delivery;

import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Not ready when the consumer does not poll any more, or cannot take in what it has polled.
@Readiness
class ConsumerCheck implements HealthCheck {

    private final EventConsumer consumer;
    private final ConsumerFigures figures;
    private final InboxConfig config;

    ConsumerCheck(EventConsumer consumer, ConsumerFigures figures, InboxConfig config) {
        this.consumer = consumer;
        this.figures = figures;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("events consumer");
        var sincePoll = figures.sincePoll();
        var sinceBatch = consumer.sinceBatch();
        if (sincePoll.isEmpty()) {
            return response.down().withData("error", "there is no consumer").build();
        }
        return response.status(isShort(sincePoll.get()) && isShort(sinceBatch))
                .withData("secondsSincePoll", sincePoll.get().toSeconds())
                .withData("secondsOnBatch", sinceBatch.toSeconds())
                .build();
    }

    private boolean isShort(Duration since) {
        return since.compareTo(config.maxStall()) <= 0;
    }
}
