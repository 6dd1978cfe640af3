package dev.quadrille.bench;

import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A hand on Kafka: it looks at offsets, which costs the broker next to nothing.
final class Broker implements AutoCloseable {

    private static final int LIMIT_SECONDS = 30;
    private static final long LOOK_MS = 20;

    private final String address;
    private final Admin admin;
    private final Map<Topic, List<TopicPartition>> partitions = new HashMap<>();

    Broker(String address) {
        this.address = address;
        this.admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    /// How many records there ever were on a topic.
    long end(Topic topic) throws Fault, InterruptedException {
        return ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many records of a topic a group has done with.
    long committed(String group, Topic topic) throws Fault, InterruptedException {
        var offsets = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        long sum = 0;
        for (var partition : partitions(topic)) {
            OffsetAndMetadata offset = offsets.get(partition);
            sum += offset == null ? 0 : offset.offset();
        }
        return sum;
    }

    /// Waits until a group has no member: a new one that came before would have to wait for the old
    /// one's session to end.
    void awaitEmpty(String group) throws Fault, InterruptedException {
        long deadline = System.nanoTime() + LIMIT_SECONDS * 1_000_000_000L;
        while (!members(group).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new Fault(
                        "The group %s still has a member after %d s"
                                .formatted(group, LIMIT_SECONDS));
            }
            Thread.sleep(LOOK_MS);
        }
    }

    private Collection<MemberDescription> members(String group) throws Fault, InterruptedException {
        var described = get(admin.describeConsumerGroups(List.of(group)).all()).get(group);
        return described == null ? List.of() : described.members();
    }

    /// Lets a group that has no member pass over all there is.
    void skipToEnd(String group, Topic topic) throws Fault, InterruptedException {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        ends(topic).forEach((partition, end) -> offsets.put(partition, new OffsetAndMetadata(end)));
        get(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    /// From now on the broker says when it has written a record.
    void stampOnAppend(Topic topic) throws Fault, InterruptedException {
        get(
                admin.incrementalAlterConfigs(
                                Map.of(
                                        new ConfigResource(
                                                ConfigResource.Type.TOPIC, topic.wireName()),
                                        List.of(
                                                new AlterConfigOp(
                                                        new ConfigEntry(
                                                                "message.timestamp.type",
                                                                "LogAppendTime"),
                                                        AlterConfigOp.OpType.SET))))
                        .all());
    }

    /// @throws Fault unless all were acknowledged
    void send(Stream<EncodedEvent> events) throws Fault {
        var failure = new AtomicReference<Exception>();
        try (var producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", address,
                                "acks", "all",
                                "linger.ms", "20",
                                "batch.size", "131072"),
                        new StringSerializer(),
                        new StringSerializer())) {
            events.forEach(event -> {
                var _ =
                        producer.send(
                                record(event),
                                (_, wrong) -> {
                                    if (wrong != null) {
                                        failure.set(wrong);
                                    }
                                });
            });
        }
        if (failure.get() != null) {
            throw new Fault("Kafka refused an event: " + failure.get());
        }
    }

    /// A reader of what comes from now on.
    Consumer<String, byte[]> readerFromNow(Topic topic) throws Fault, InterruptedException {
        var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", address,
                                "enable.auto.commit", "false",
                                "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(partitions(topic));
        ends(topic).forEach(consumer::seek);
        return consumer;
    }

    @Override
    public void close() {
        admin.close();
    }

    private static ProducerRecord<String, String> record(EncodedEvent event) {
        var headers = new RecordHeaders();
        event.attributes()
                .headers()
                .forEach(
                        (name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(
                event.topic().wireName(), null, event.key(), event.body(), headers);
    }

    private Map<TopicPartition, Long> ends(Topic topic) throws Fault, InterruptedException {
        var asked =
                partitions(topic).stream()
                        .collect(
                                Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        get(admin.listOffsets(asked).all())
                .forEach((partition, found) -> ends.put(partition, found.offset()));
        return ends;
    }

    private List<TopicPartition> partitions(Topic topic) throws Fault, InterruptedException {
        var known = partitions.get(topic);
        if (known != null) {
            return known;
        }
        String name = topic.wireName();
        var described = get(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
        if (described == null) {
            throw new Fault("There is no topic " + name);
        }
        var found =
                described.partitions().stream()
                        .map(partition -> new TopicPartition(name, partition.partition()))
                        .toList();
        partitions.put(topic, found);
        return found;
    }

    private static <T> T get(Future<T> future) throws Fault, InterruptedException {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new Fault("Kafka: " + e.getCause());
        } catch (TimeoutException e) {
            throw new Fault("Kafka gave no answer within " + LIMIT_SECONDS + " s");
        }
    }
}
