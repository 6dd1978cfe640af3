package dev.quadrille.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparingInt;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.Topic;
import dev.quadrille.contract.UuidV7;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// A test's hand on the topics: it plays the other services, and reads what the one under test has
/// announced.
public final class Wire implements AutoCloseable {

    private static final int MAX_RECORD_BYTES = 3 << 20;
    private static final Duration POLL = Duration.ofMillis(50);

    /// As the installation has them, but that larger records are taken: a test sends one.
    private static final Map<String, String> TOPIC =
            Map.of(
                    "message.timestamp.before.max.ms",
                    "3000",
                    "max.message.bytes",
                    Integer.toString(MAX_RECORD_BYTES));

    private static final SecureRandom RANDOM = new SecureRandom();
    private static @Nullable Wire current;

    private final String bootstrap;
    private final String topicPrefix;
    private final KafkaProducer<String, byte[]> producer;
    private final List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();
    private @Nullable KafkaConsumer<String, byte[]> reader;

    private Wire(String bootstrap, String topicPrefix) {
        this.bootstrap = bootstrap;
        this.topicPrefix = topicPrefix;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrap,
                                "acks",
                                "all",
                                "max.request.size",
                                MAX_RECORD_BYTES),
                        new StringSerializer(),
                        new ByteArraySerializer());
    }

    /// The topics of the service under test.
    ///
    /// It is told through system properties, because Quarkus loads the test's classes a second
    /// time.
    public static synchronized Wire ofServiceUnderTest() {
        var prefix = System.getProperty("quadrille.test.topic-prefix");
        if (current == null || !current.topicPrefix.equals(prefix)) {
            current = new Wire(System.getProperty("quadrille.test.kafka"), prefix);
        }
        return current;
    }

    /// The topics of a whole stack.
    public static Wire of(String bootstrap) {
        return new Wire(bootstrap, "");
    }

    /// Creates all topics under a prefix.
    static Wire create(String bootstrap, String topicPrefix) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(
                            Arrays.stream(Topic.values())
                                    .map(topic ->
                                            new NewTopic(
                                                            topicPrefix + topic.wireName(),
                                                            Topic.DEFAULT_PARTITIONS,
                                                            (short) 1)
                                                    .configs(TOPIC))
                                    .toList())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no topics for the tests", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        System.setProperty("quadrille.test.kafka", bootstrap);
        System.setProperty("quadrille.test.topic-prefix", topicPrefix);
        return new Wire(bootstrap, topicPrefix);
    }

    String topicPrefix() {
        return topicPrefix;
    }

    /// Announces an event as the service that owns its topic would.
    public <E extends DomainEvent> Envelope<E> announce(E event) {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var envelope = new Envelope<>(UuidV7.at(now, RANDOM), now, 1, null, null, event);
        announce(envelope);
        return envelope;
    }

    /// Announces an event again, or with an envelope of the test's making.
    public void announce(Envelope<?> envelope) {
        var encoded = CloudEvents.encode(envelope);
        var headers = new RecordHeaders();
        encoded.attributes()
                .headers()
                .forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
        send(
                new ProducerRecord<>(
                        topicPrefix + encoded.topic().wireName(),
                        null,
                        encoded.key(),
                        encoded.body().getBytes(UTF_8),
                        headers));
    }

    /// Puts anything on a topic.
    public void send(Topic topic, @Nullable String key, byte[] value, Map<String, String> headers) {
        var kafkaHeaders = new RecordHeaders();
        headers.forEach((name, text) -> kafkaHeaders.add(name, text.getBytes(UTF_8)));
        send(new ProducerRecord<>(topicPrefix + topic.wireName(), null, key, value, kafkaHeaders));
    }

    /// All that stands on a topic now, partition by partition.
    public synchronized List<ConsumerRecord<String, byte[]>> records(Topic topic) {
        var reader = reader();
        var ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(POLL).forEach(read::add);
        }
        var name = topicPrefix + topic.wireName();
        return read.stream()
                .filter(record -> record.topic().equals(name))
                .sorted(comparingInt(ConsumerRecord::partition))
                .toList();
    }

    /// One reader of all topics, kept from call to call: to make one takes longer than to read.
    private KafkaConsumer<String, byte[]> reader() {
        if (reader == null) {
            reader =
                    new KafkaConsumer<>(
                            Map.of("bootstrap.servers", bootstrap),
                            new StringDeserializer(),
                            new ByteArrayDeserializer());
            var partitions = new ArrayList<TopicPartition>();
            for (var topic : Topic.values()) {
                reader.partitionsFor(topicPrefix + topic.wireName())
                        .forEach(info ->
                                partitions.add(new TopicPartition(info.topic(), info.partition())));
            }
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
        }
        return reader;
    }

    /// The events about a subject that stand on a topic now, in their order.
    public List<Envelope<?>> events(Topic topic, String subject) {
        var events = new ArrayList<Envelope<?>>();
        for (var record : records(topic)) {
            if (subject.equals(record.key())
                    && decode(record) instanceof Decoded.Known(var envelope)) {
                events.add(envelope);
            }
        }
        return events;
    }

    /// Puts records onto their partitions again, in their order, as they are but for the time.
    public void copy(List<ConsumerRecord<String, byte[]>> records) {
        var sent = new ArrayList<Future<?>>(records.size());
        for (var record : records) {
            sent.add(
                    producer.send(
                            new ProducerRecord<>(
                                    record.topic(),
                                    record.partition(),
                                    record.key(),
                                    record.value(),
                                    record.headers())));
        }
        sent.forEach(Wire::await);
    }

    @Override
    public synchronized void close() {
        producer.close();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    public static Decoded decode(ConsumerRecord<String, byte[]> record) {
        return CloudEvents.decode(name -> header(record, name), record.value());
    }

    public static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private void send(ProducerRecord<String, byte[]> record) {
        await(producer.send(record));
    }

    private static void await(Future<?> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the record was not accepted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
