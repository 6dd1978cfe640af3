package dev.quadrille.order.adapter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.Topic;
import dev.quadrille.delivery.Versioned;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// The topic `products` from its beginning to its end. It is compacted, so that is the whole
/// catalogue.
///
/// This is a reader of its own, because the service's consumer goes on where its group stands, and
/// its inbox would call all of this duplicates. It is in no group and leaves no offsets behind.
@ApplicationScoped
public class ProductsTopic {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration API_LIMIT = Duration.ofSeconds(10);
    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);
    private static final int MAX_BATCH_RECORDS = 500;

    private final Map<String, Object> kafka;
    private final String topic;

    ProductsTopic(
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "quadrille.topic-prefix") Optional<String> topicPrefix) {
        this.kafka = kafka;
        this.topic = topicPrefix.orElse("") + Topic.PRODUCTS.wireName();
    }

    /// Some of what stands there.
    ///
    /// @param listed the newest version of each sku among the records
    /// @param skipped how many records are no product that this version of the contract can read
    public record Batch(Collection<Versioned<ProductListed>> listed, int records, int skipped) {}

    /// Hands over what stands there now, in batches. Blocks.
    ///
    /// @throws org.apache.kafka.common.KafkaException if the broker is away, or says nothing for 30
    ///   s
    public void read(Consumer<Batch> taker) {
        try (var consumer =
                new KafkaConsumer<>(
                        configuration(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            var found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no topic " + topic);
            }
            var partitions =
                    found.stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // What comes later comes to the service's consumer.
            readUntil(consumer, consumer.endOffsets(partitions), taker);
        }
    }

    private static void readUntil(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Consumer<Batch> taker) {
        long progressAt = System.nanoTime();
        while (isBefore(consumer, ends)) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                taker.accept(batch(records));
                progressAt = System.nanoTime();
            } else if (System.nanoTime() - progressAt > STALL_LIMIT.toNanos()) {
                throw new TimeoutException("nothing came for " + STALL_LIMIT);
            }
        }
    }

    private static boolean isBefore(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    private static Batch batch(ConsumerRecords<byte[], byte[]> records) {
        var newest = new HashMap<String, Versioned<ProductListed>>();
        int skipped = 0;
        for (var record : records) {
            var product = product(record);
            if (product == null) {
                skipped++;
            } else {
                newest.merge(
                        product.state().sku(),
                        product,
                        (one, other) -> one.version() < other.version() ? other : one);
            }
        }
        return new Batch(newest.values(), records.count(), skipped);
    }

    private static @Nullable Versioned<ProductListed> product(
            ConsumerRecord<byte[], byte[]> record) {
        var decoded = CloudEvents.decode(name -> header(record, name), record.value());
        return decoded instanceof Decoded.Known(var envelope)
                        && envelope.event() instanceof ProductListed listed
                        && listed.subject().equals(text(record.key()))
                ? new Versioned<>(listed, envelope.sequence())
                : null;
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : text(header.value());
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    private Map<String, Object> configuration() {
        var configuration = new HashMap<>(kafka);
        configuration.remove(ConsumerConfig.GROUP_ID_CONFIG);
        configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        configuration.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        configuration.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_BATCH_RECORDS);
        configuration.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) API_LIMIT.toMillis());
        return configuration;
    }
}
