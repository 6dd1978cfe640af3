package dev.quadrille.delivery;

import dev.quadrille.contract.EventAttributes;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.jspecify.annotations.Nullable;

/// Sends events to Kafka, pipelined.
///
/// The producer never gives an event up by itself (`delivery.timeout.ms` is unlimited): one that it
/// gave up could be overtaken by the next of its aggregate, which it did not. So a batch is settled
/// only when the broker has accepted or refused every event, and nothing else is sent before.
@ApplicationScoped
class Publisher {

    /// Only its producer is used, which takes the settings of `mp.messaging.outgoing.relay`.
    private static final String CHANNEL = "relay";

    private final KafkaClientService kafka;
    private final String topicPrefix;
    private final AtomicInteger unsettled = new AtomicInteger();

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

    /// How many events of the last batch the broker has neither accepted nor refused.
    int unsettled() {
        return unsettled.get();
    }

    /// Succeeds once the broker has accepted every event, and fails with the first failure once
    /// every event is settled, on a thread of Kafka's either way.
    Uni<Void> publish(List<OutboxRow> rows) {
        KafkaProducer<String, String> producer = kafka.getProducer(CHANNEL);
        Objects.requireNonNull(producer, "there is no producer");
        if (!unsettled.compareAndSet(0, rows.size())) {
            throw new IllegalStateException("the last batch is not settled");
        }
        var batch = new Batch(rows);
        return Uni.createFrom()
                .completionStage(() -> {
                    producer.runOnSendingThread(batch::send)
                            .subscribe()
                            .with(_ -> {}, batch::abandonRest);
                    return batch.settled;
                });
    }

    /// A batch under way.
    private final class Batch {

        private final List<OutboxRow> rows;
        private final CompletableFuture<Void> settled = new CompletableFuture<>();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        /// Touched by the sending thread alone.
        private int sent;

        Batch(List<OutboxRow> rows) {
            this.rows = rows;
        }

        void send(Producer<String, String> producer) {
            // What follows an event that failed may be of the same aggregate.
            while (sent < rows.size() && failure.get() == null) {
                var record = record(rows.get(sent));
                sent++;
                var _ = producer.send(record, (_, refusal) -> settle(1, refusal));
            }
            settle(rows.size() - sent, null);
        }

        void abandonRest(Throwable cause) {
            // What threw has settled nothing of what it was given.
            settle(rows.size() - sent + (sent > 0 ? 1 : 0), cause);
        }

        private void settle(int events, @Nullable Throwable cause) {
            if (cause != null) {
                failure.compareAndSet(null, cause);
            }
            if (events > 0 && unsettled.addAndGet(-events) == 0) {
                var first = failure.get();
                if (first == null) {
                    settled.complete(null);
                } else {
                    settled.completeExceptionally(first);
                }
            }
        }
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
                row.claimedAtMillis(),
                row.attributes().subject(),
                row.payload(),
                headers);
    }

    /// An outbox row, as it goes to Kafka.
    ///
    /// @param claimedAtMillis by the database's clock
    record OutboxRow(
            long position,
            long claimedAtMillis,
            String topic,
            EventAttributes attributes,
            String payload) {}
}
