package dev.quadrille.local;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A consumer as the services have one; as a program, one that can be killed.
final class GroupMember {

    private GroupMember() {}

    /// Polls until it is killed.
    ///
    /// @param arguments the bootstrap server, the group and the topic
    public static void main(String[] arguments) {
        PartLog.begin();
        try (var consumer = join(arguments[0], arguments[1], arguments[2])) {
            while (true) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }

    static KafkaConsumer<byte[], byte[]> join(String server, String group, String topic) {
        var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, server,
                                ConsumerConfig.GROUP_ID_CONFIG, group,
                                ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer",
                                ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, "range",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }
}
