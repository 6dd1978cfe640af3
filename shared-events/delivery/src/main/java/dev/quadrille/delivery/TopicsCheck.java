package dev.quadrille.delivery;

import static java.util.stream.Collectors.toCollection;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/// Not ready while a topic is missing that this service announces on or listens to: a consumer
/// would wait for it without a word, and a relay would hold its events back.
///
/// The topics are looked at after the start, and again until they are as they should be. The start
/// does not wait for it, because whatever is accepted meanwhile is safe in the outbox.
@Readiness
@ApplicationScoped
class TopicsCheck implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(TopicsCheck.class);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Map<String, Object> kafka;
    private final Set<String> announced;
    private final Set<String> heard;
    private final InboxConfig inbox;

    private volatile Set<String> missing = Set.of();
    private volatile boolean stopped;

    TopicsCheck(
            Vertx vertx,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            @ConfigProperty(name = "quadrille.topic-prefix") Optional<String> topicPrefix,
            @ConfigProperty(name = "mp.messaging.incoming.events.topics") List<String> heard,
            OutboxConfig outbox,
            InboxConfig inbox) {
        this.vertx = vertx;
        this.kafka = kafka;
        this.announced =
                outbox.topics().stream()
                        .map(topic -> topicPrefix.orElse("") + topic)
                        .collect(toCollection(TreeSet::new));
        this.heard = new TreeSet<>(heard);
        this.inbox = inbox;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("topics").status(missing.isEmpty());
        return missing.isEmpty()
                ? response.build()
                : response.withData("missing", String.join(", ", missing)).build();
    }

    void start(@Observes StartupEvent event) {
        look();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void look() {
        vertx.executeBlocking(this::missing)
                .onSuccess(this::found)
                // A broker that is away is the relay's and the consumer's business.
                .onFailure(_ -> lookAgain());
    }

    private void found(Set<String> nowMissing) {
        if (!nowMissing.isEmpty() && !nowMissing.equals(missing)) {
            LOG.errorf("These topics are missing, create them: %s", String.join(", ", nowMissing));
        }
        missing = nowMissing;
        if (!nowMissing.isEmpty()) {
            lookAgain();
        }
    }

    private void lookAgain() {
        if (!stopped) {
            vertx.setTimer(INTERVAL.toMillis(), _ -> look());
        }
    }

    private Set<String> missing() throws Exception {
        var configuration = new HashMap<>(kafka);
        configuration.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis());
        configuration.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LIMIT.toMillis() / 2);
        try (var admin = Admin.create(configuration)) {
            var absent = new TreeSet<String>();
            var all = Stream.concat(announced.stream(), heard.stream()).distinct().toList();
            for (var topic : admin.describeTopics(all).topicNameValues().entrySet()) {
                try {
                    topic.getValue().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                        throw e;
                    }
                    absent.add(topic.getKey());
                }
            }
            if (absent.isEmpty()) {
                warn(admin, all);
            }
            return absent;
        }
    }

    /// Whoever may not see the settings is not kept from working.
    private void warn(Admin admin, Collection<String> topics) throws InterruptedException {
        try {
            warnOf(configs(admin, topics));
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("The settings of the topics cannot be seen: %s", e.getMessage());
        }
    }

    private static Map<ConfigResource, Config> configs(Admin admin, Collection<String> topics)
            throws InterruptedException, ExecutionException, TimeoutException {
        return admin.describeConfigs(
                        topics.stream()
                                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                                .toList())
                .all()
                .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void warnOf(Map<ConfigResource, Config> configs) {
        configs.forEach((topic, config) -> {
            if (announced.contains(topic.name())) {
                long accepted = number(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
                if (accepted > OutboxSession.ACCEPTED.toMillis()) {
                    LOG.warnf(
                            "Topic %s accepts records that are older than %s: a relay that was"
                                    + " paused could publish behind its successor. Set %s=%d",
                            topic.name(),
                            OutboxSession.ACCEPTED,
                            TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                            OutboxSession.ACCEPTED.toMillis());
                }
            }
            if (heard.contains(topic.name()) && !isCompacted(config)) {
                long kept = number(config, TopicConfig.RETENTION_MS_CONFIG);
                if (kept < 0 || kept > inbox.retention().toMillis()) {
                    LOG.warnf(
                            "Topic %s keeps events longer than the inbox remembers them (%s): one"
                                    + " that is read again later would have its effect again. Set"
                                    + " quadrille.inbox.retention to more than the topic's %s",
                            topic.name(), inbox.retention(), TopicConfig.RETENTION_MS_CONFIG);
                }
            }
        });
    }

    private static boolean isCompacted(Config config) {
        return config.get(TopicConfig.CLEANUP_POLICY_CONFIG)
                .value()
                .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static long number(Config config, String name) {
        var entry = config.get(name);
        return entry == null ? Long.MAX_VALUE : Long.parseLong(entry.value());
    }
}
