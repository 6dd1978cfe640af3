package dev.quadrille.topics;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.Topic;
import dev.quadrille.topics.Standing.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The topics as the services need them.
///
/// @param partitions of each topic, when it is created
/// @param replicas of each partition; empty for what the broker takes to be right
/// @param prefix before the name of each
public record Topics(int partitions, Optional<Short> replicas, String prefix) {

    /// Long enough to replay a week, and less than the inboxes remember what they have seen.
    private static final Duration EVENT_RETENTION = Duration.ofDays(7);

    /// How late a record may come. A relay stamps a record when it claims it: the broker refuses
    /// what one that was paused meanwhile, and whose share of the outbox another has taken over,
    /// would publish after the other's.
    private static final Duration LATENESS_AT_MOST = Duration.ofSeconds(3);

    private static final String FENCE = TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG;

    private static final Duration ADMIN_AT_MOST = Duration.ofSeconds(30);
    private static final Duration ONE_QUESTION = Duration.ofSeconds(5);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);
    private static final int QUESTIONS = 6;

    /// Creates what is missing and looks at what is there. Any number may do so at the same time.
    ///
    /// Of a topic that is there only the fence is changed, without which a paused relay could
    /// publish behind its successor; what else somebody has set for it stays.
    ///
    /// @param client of Kafka's clients, `bootstrap.servers` among them
    /// @param said is told every few seconds what is waited for, while the broker is away
    /// @return in the contract's order
    /// @throws TopicsFault if the broker refuses, or does not answer for half a minute
    public List<Standing> ensure(Map<String, String> client, Consumer<String> said)
            throws TopicsFault, InterruptedException {
        var broker = client.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
        try (var admin = Admin.create(configuration(client))) {
            awaitBroker(admin, broker, said);
            return look(admin, create(admin));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new TopicsFault(broker, e);
        }
    }

    private static Map<String, Object> configuration(Map<String, String> client) {
        var all = new HashMap<String, Object>();
        all.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Long.toString(ADMIN_AT_MOST.toMillis()));
        all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        all.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, "50");
        all.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, "50");
        all.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
        all.put(AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        all.putAll(client);
        return all;
    }

    /// A refused login or a certificate that is not trusted is no reason to wait.
    private static void awaitBroker(Admin admin, String broker, Consumer<String> said)
            throws ExecutionException, TimeoutException, InterruptedException {
        var options = new DescribeClusterOptions().timeoutMs((int) ONE_QUESTION.toMillis());
        for (int question = 1; ; question++) {
            try {
                answer(admin.describeCluster(options).nodes());
                return;
            } catch (ExecutionException e) {
                if (question == QUESTIONS || !(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
                said.accept("Waits for the broker at %s".formatted(broker));
            }
        }
    }

    private Set<String> create(Admin admin)
            throws ExecutionException, TimeoutException, InterruptedException {
        var created = new HashSet<String>();
        var results =
                admin.createTopics(Arrays.stream(Topic.values()).map(this::topic).toList())
                        .values();
        for (var result : results.entrySet()) {
            try {
                answer(result.getValue());
                created.add(result.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        return created;
    }

    private List<Standing> look(Admin admin, Set<String> created)
            throws ExecutionException, TimeoutException, InterruptedException {
        var names = Arrays.stream(Topic.values()).map(this::name).toList();
        var descriptions = onceKnown(() -> admin.describeTopics(names).allTopicNames());
        var resources = names.stream().map(Topics::resource).toList();
        var configs = onceKnown(() -> admin.describeConfigs(resources).all());
        var standings = new ArrayList<Standing>();
        var unfenced = new ArrayList<String>();
        for (var topic : Topic.values()) {
            var name = name(topic);
            var config = requireNonNull(configs.get(resource(name)), name);
            boolean fenced = lateness().value().equals(value(config, FENCE));
            if (!fenced) {
                unfenced.add(name);
            }
            standings.add(
                    new Standing(
                            name,
                            created.contains(name),
                            !fenced && !created.contains(name),
                            differences(
                                    topic, requireNonNull(descriptions.get(name), name), config)));
        }
        fence(admin, unfenced);
        return List.copyOf(standings);
    }

    private List<Difference> differences(Topic topic, TopicDescription is, Config config) {
        var all = new ArrayList<Difference>();
        compare(
                all,
                Difference.PARTITIONS,
                Integer.toString(is.partitions().size()),
                Integer.toString(partitions));
        replicas.ifPresent(wished ->
                compare(
                        all,
                        Difference.REPLICAS,
                        Integer.toString(is.partitions().getFirst().replicas().size()),
                        wished.toString()));
        settings(topic).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(setting ->
                        compare(
                                all,
                                setting.getKey(),
                                value(config, setting.getKey()),
                                setting.getValue()));
        return all;
    }

    private static void compare(List<Difference> all, String setting, String is, String wished) {
        if (!is.equals(wished)) {
            all.add(new Difference(setting, is, wished));
        }
    }

    private static void fence(Admin admin, List<String> names)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (names.isEmpty()) {
            return;
        }
        var change = List.of(new AlterConfigOp(lateness(), AlterConfigOp.OpType.SET));
        var changes = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        for (String name : names) {
            changes.put(resource(name), change);
        }
        answer(admin.incrementalAlterConfigs(changes).all());
    }

    private NewTopic topic(Topic topic) {
        var configuration = new HashMap<>(settings(topic));
        configuration.put(FENCE, lateness().value());
        return new NewTopic(name(topic), Optional.of(partitions), replicas).configs(configuration);
    }

    /// Beside the fence.
    private static Map<String, String> settings(Topic topic) {
        return topic.compacted()
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
    }

    private static ConfigEntry lateness() {
        return new ConfigEntry(FENCE, Long.toString(LATENESS_AT_MOST.toMillis()));
    }

    private String name(Topic topic) {
        return prefix + topic.wireName();
    }

    private static ConfigResource resource(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static String value(Config config, String name) {
        var entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    /// Of several brokers, one may not have heard yet of what another has just created.
    private static <T> T onceKnown(Supplier<KafkaFuture<T>> question)
            throws ExecutionException, TimeoutException, InterruptedException {
        for (int asked = 1; ; asked++) {
            try {
                return answer(question.get());
            } catch (ExecutionException e) {
                if (asked == QUESTIONS
                        || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        }
    }

    private static <T> T answer(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(ADMIN_AT_MOST.toSeconds(), TimeUnit.SECONDS);
    }
}
