package dev.quadrille.local;

import dev.quadrille.contract.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/// Kafka: one process that is broker and controller, and the topics of the contract.
record Kafka(Settings settings) implements Program {

    /// At least as long as the inboxes remember what they have seen, and long enough to replay a
    /// week.
    private static final Duration EVENT_RETENTION = Duration.ofDays(7);

    /// How late a record may come. A relay stamps a record when it claims it: the broker refuses
    /// what one that was paused meanwhile, and whose share of the outbox another has taken over,
    /// would publish after the other's.
    private static final Duration LATENESS_AT_MOST = Duration.ofSeconds(3);

    private static final Duration ADMIN_AT_MOST = Duration.ofSeconds(30);

    @Override
    public Instance instance() {
        return Instance.first(Part.KAFKA);
    }

    @Override
    public Invocation prepare(Guardian guardian) throws IOException {
        Path data = settings.home().data();
        Files.createDirectories(data);
        Path properties = data.resolve("kafka.properties");
        var lines = new StringBuilder("# Written by Quadrille's launcher at each start.\n");
        new TreeMap<>(configuration())
                .forEach(
                        (name, value) -> lines.append(name).append('=').append(value).append('\n'));
        Files.writeString(properties, lines);
        return new Invocation(
                Program.java(
                        256,
                        List.of(
                                "-cp",
                                JavaProgram.classPath(),
                                KafkaBroker.class.getName(),
                                properties.toString())),
                SMALL,
                data);
    }

    @Override
    public boolean answers() {
        return Program.listens(settings.port(Port.KAFKA));
    }

    @Override
    public void provision() throws Exception {
        try (Admin admin = Admin.create(adminConfiguration())) {
            var results =
                    admin.createTopics(List.of(Topic.values()).stream().map(this::topic).toList())
                            .values();
            for (var result : results.entrySet()) {
                try {
                    result.getValue().get(ADMIN_AT_MOST.toSeconds(), TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
            requirePartitions(admin, List.copyOf(results.keySet()));
            fence(admin, List.copyOf(results.keySet()));
        }
    }

    @Override
    public String remedy() {
        return "begin with empty data: ./run.sh --fresh";
    }

    @Override
    public String address() {
        return "localhost:" + settings.port(Port.KAFKA);
    }

    /// A topic that is there keeps its partitions: more of them would put the later events of an
    /// order on another partition than the earlier ones.
    private void requirePartitions(Admin admin, List<String> names) throws Exception {
        var topics =
                admin.describeTopics(names)
                        .allTopicNames()
                        .get(ADMIN_AT_MOST.toSeconds(), TimeUnit.SECONDS);
        for (var topic : topics.values()) {
            if (topic.partitions().size() != settings.partitions()) {
                throw new StartFault(
                        "topic %s has %d partitions, and QUADRILLE_PARTITIONS asks for %d"
                                .formatted(
                                        topic.name(),
                                        topic.partitions().size(),
                                        settings.partitions()),
                        "set QUADRILLE_PARTITIONS to what there is, or begin with empty data:"
                                + " ./run.sh --fresh");
            }
        }
    }

    /// Also for a topic that is there already; what else somebody has set for it stays.
    private static void fence(Admin admin, List<String> names) throws Exception {
        var change = List.of(new AlterConfigOp(lateness(), AlterConfigOp.OpType.SET));
        var changes = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        for (String name : names) {
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, name), change);
        }
        admin.incrementalAlterConfigs(changes)
                .all()
                .get(ADMIN_AT_MOST.toSeconds(), TimeUnit.SECONDS);
    }

    private static ConfigEntry lateness() {
        return new ConfigEntry(
                TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                Long.toString(LATENESS_AT_MOST.toMillis()));
    }

    private NewTopic topic(Topic topic) {
        var configuration =
                topic.compacted()
                        ? Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_COMPACT,
                                TopicConfig.RETENTION_MS_CONFIG,
                                "-1",
                                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                                Long.toString(Duration.ofDays(1).toMillis()),
                                // Only a segment that is closed can be compacted.
                                TopicConfig.SEGMENT_MS_CONFIG,
                                Long.toString(Duration.ofHours(1).toMillis()))
                        : Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG,
                                TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG,
                                Long.toString(EVENT_RETENTION.toMillis()),
                                TopicConfig.RETENTION_BYTES_CONFIG,
                                "-1");
        return new NewTopic(
                        settings.topicPrefix() + topic.wireName(),
                        Optional.of(settings.partitions()),
                        Optional.of((short) 1))
                .configs(configuration);
    }

    private Map<String, Object> adminConfiguration() {
        return Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + settings.port(Port.KAFKA),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Long.toString(ADMIN_AT_MOST.toMillis()),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                "10000",
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                "50",
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                "50",
                AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                "false",
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "");
    }

    private Map<String, String> configuration() {
        int port = settings.port(Port.KAFKA);
        int controller = settings.port(Port.KAFKA_CONTROLLER);
        var all = new HashMap<String, String>();

        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        // Named here and not stored in the log, so that the port may be another one next time.
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        all.put(
                "listeners",
                "BROKER://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controller));
        all.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
        all.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("inter.broker.listener.name", "BROKER");
        all.put("controller.listener.names", "CONTROLLER");
        all.put("log.dirs", settings.home().data(Part.KAFKA).toString());

        all.put("auto.create.topics.enable", "false");
        all.put("num.partitions", Integer.toString(settings.partitions()));
        all.put("default.replication.factor", "1");
        all.put("min.insync.replicas", "1");
        all.put("offsets.topic.replication.factor", "1");
        all.put("offsets.topic.num.partitions", "4");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("transaction.state.log.num.partitions", "4");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("share.coordinator.state.topic.num.partitions", "4");

        // A service that starts or restarts reads at once, and one that was killed gives its
        // partitions back within seconds instead of 45: after the session, and a heartbeat of those
        // who take them over.
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.consumer.assignment.interval.ms", "50");
        all.put("group.consumer.min.heartbeat.interval.ms", "1000");
        all.put("group.consumer.heartbeat.interval.ms", "1000");
        all.put("group.consumer.min.session.timeout.ms", "6000");
        all.put("group.consumer.session.timeout.ms", "6000");

        // A broker that was killed comes back after this time, since until then the controller
        // takes the old one to be alive. Both are one process here, so that hardly anything can
        // come between them that would have a broker fenced which lives.
        all.put("broker.session.timeout.ms", "2000");
        all.put("broker.heartbeat.interval.ms", "250");

        // Two cores and a small heap.
        all.put("num.network.threads", "2");
        all.put("num.io.threads", "2");
        all.put("num.recovery.threads.per.data.dir", "1");
        all.put("background.threads", "2");
        all.put("group.coordinator.threads", "1");
        all.put("share.coordinator.threads", "1");
        all.put("log.cleaner.threads", "1");
        all.put("log.cleaner.dedupe.buffer.size", "4194304");
        all.put("log.index.size.max.bytes", "1048576");
        all.put("log.segment.bytes", "67108864");
        all.put("queued.max.requests", "100");
        return all;
    }
}
