package dev.quadrille.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// What Kafka's consumer knows of itself. The binder of Micrometer would bring several hundred
/// meters of which this is what anybody looks at.
@ApplicationScoped
class ConsumerFigures {

    private final KafkaClientService kafka;
    private final MeterRegistry metrics;

    ConsumerFigures(KafkaClientService kafka, MeterRegistry metrics) {
        this.kafka = kafka;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Gauge.builder("quadrille.consumer.lag", this, ConsumerFigures::lag)
                .description("events on the topics that this replica has not polled yet")
                .baseUnit("events")
                .register(metrics);
    }

    /// How long ago the consumer polled last; empty if there is none.
    Optional<Duration> sincePoll() {
        return named("consumer-metrics", "last-poll-seconds-ago")
                // Before the first poll it is -1.
                .filter(seconds -> seconds >= 0)
                .max()
                .stream()
                .mapToObj(seconds -> Duration.ofMillis((long) (seconds * 1_000)))
                .findFirst();
    }

    private double lag() {
        return named("consumer-fetch-manager-metrics", "records-lag").sum();
    }

    private DoubleStream named(String group, String name) {
        return figures().entrySet().stream()
                .filter(figure ->
                        figure.getKey().group().equals(group)
                                && figure.getKey().name().equals(name))
                .mapToDouble(figure -> (double) figure.getValue().metricValue())
                .filter(value -> !Double.isNaN(value));
    }

    private Map<MetricName, ? extends Metric> figures() {
        // The channel is there before its client, which is made on the thread that polls.
        var channel = kafka.getConsumer(EventConsumer.CHANNEL);
        var client = channel == null ? null : channel.unwrap();
        return client == null ? Map.of() : client.metrics();
    }
}
