package dev.quadrille.delivery;

import dev.quadrille.contract.EventAttributes;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

/// Sends events to Kafka, pipelined.
@ApplicationScoped
class Publisher {

    /// Only its producer is used, which takes the settings of `mp.messaging.outgoing.relay`.
    private static final String CHANNEL = "relay";

    private final KafkaClientService kafka;
    private final String topicPrefix;

    /// @param topicPrefix stands before the name of every topic, for installations that share a
    ///   broker
    /// @param declaresTheChannel a channel that nobody injects is not there
    Publisher(
            KafkaClientService kafka,
            @ConfigProperty(name = "quadrille.topic-prefix") Optional<String> topicPrefix,
            @Channel(CHANNEL) Emitter<String> declaresTheChannel) {
        this.kafka = kafka;
        this.topicPrefix = topicPrefix.orElse("");
    }

    /// Succeeds once the broker has acknowledged every event, and fails with the first failure, on
    /// a thread of Kafka's either way.
    Uni<Void> publish(List<OutboxRow> rows) {
        KafkaProducer<String, String> producer = kafka.getProducer(CHANNEL);
        return Uni.createFrom()
                .emitter(acknowledged -> {
                    var open = new AtomicInteger(rows.size());
                    producer.runOnSendingThread(
                                    kafkaProducer -> {
                                        for (var row : rows) {
                                            var _ =
                                                    kafkaProducer.send(
                                                            record(row),
                                                            (_, failure) -> {
                                                                if (failure != null) {
                                                                    acknowledged.fail(failure);
                                                                } else if (open.decrementAndGet()
                                                                        == 0) {
                                                                    acknowledged.complete(null);
                                                                }
                                                            });
                                        }
                                    })
                            .subscribe()
                            .with(_ -> {}, acknowledged::fail);
                });
    }

    private ProducerRecord<String, String> record(OutboxRow row) {
        var headers = new RecordHeaders();
        row.attributes()
                .headers()
                .forEach(
                        (name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(
                topicPrefix + row.topic(),
                null,
                row.attributes().subject(),
                row.payload(),
                headers);
    }

    /// An outbox row, as it goes to Kafka.
    record OutboxRow(long position, String topic, EventAttributes attributes, String payload) {}
}
