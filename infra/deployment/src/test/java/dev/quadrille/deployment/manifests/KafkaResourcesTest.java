package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.contract.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Topics and users on the cluster's Kafka are those of the contract and of the services.
class KafkaResourcesTest {

    private static final Map<String, Set<String>> WRITER =
            Map.of("topic", Set.of("Write", "Describe", "DescribeConfigs"));
    private static final Map<String, Set<String>> READER =
            Map.of("topic", Set.of("Read", "Describe", "DescribeConfigs"), "group", Set.of("Read"));

    static Stream<String> environments() {
        return Kustomize.ENVIRONMENTS.stream();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void theTopicsAreThoseOfTheContract(String environment) {
        var topics = topics(Kustomize.overlay(environment));

        assertThat(topics.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Topic.values()).map(Topic::wireName).toList());
        for (var topic : Topic.values()) {
            var spec = topics.get(topic.wireName()).at("spec");
            assertThat(spec.path("partitions").asInt())
                    .as(topic.wireName())
                    .isEqualTo(Topic.DEFAULT_PARTITIONS);
            assertThat(Manifest.texts(spec.path("config")))
                    .as(topic.wireName())
                    .isEqualTo(configuration(topic));
        }
    }

    @ParameterizedTest
    @MethodSource("environments")
    void thereAreAsManyBrokersAsTheReplicasWant(String environment) {
        var rendered = Kustomize.overlay(environment);
        int brokers =
                rendered.all("KafkaNodePool")
                        .mapToInt(pool -> pool.at("spec", "replicas").asInt())
                        .sum();
        var config = rendered.all("Kafka").findFirst().orElseThrow().at("spec", "kafka", "config");

        assertThat(topics(rendered).values())
                .extracting(topic -> topic.at("spec", "replicas").asInt())
                .containsOnly(Math.min(brokers, 3));
        assertThat(config.path("default.replication.factor").asInt()).isLessThanOrEqualTo(brokers);
        assertThat(config.path("offsets.topic.replication.factor").asInt())
                .isLessThanOrEqualTo(brokers);
        // With one broker away everything still works, where there is more than one.
        assertThat(config.path("min.insync.replicas").asInt()).isEqualTo(brokers > 1 ? 2 : 1);
    }

    /// README, "On a broker of your own".
    @Test
    void theBrokerIsSetAsTheReadmeAsks() {
        var config =
                Kustomize.overlay("production")
                        .all("Kafka")
                        .findFirst()
                        .orElseThrow()
                        .at("spec", "kafka", "config");

        assertThat(Sources.read("README.md"))
                .contains(
                        "`group.initial.rebalance.delay.ms=0`",
                        "`message.timestamp.before.max.ms=3000`");
        assertThat(config.path("group.initial.rebalance.delay.ms").asInt(-1)).isZero();
        assertThat(config.path("auto.create.topics.enable").asBoolean(true)).isFalse();
    }

    @Test
    void aServiceMayWriteWhatItAnnouncesAndReadWhatItListensToAndNoMore() {
        var users = users(Kustomize.overlay("production"));

        assertThat(users.keySet()).contains("order", "inventory", "payment", "notification");
        for (var service : Sources.SERVICES) {
            var wanted = new TreeMap<String, Set<String>>();
            Sources.topics(service, "quadrille.outbox.topics")
                    .forEach(topic -> wanted.put("topic " + topic, WRITER.get("topic")));
            Sources.topics(service, "mp.messaging.incoming.events.topics")
                    .forEach(topic -> wanted.put("topic " + topic, READER.get("topic")));
            wanted.put("group " + service, READER.get("group"));
            assertThat(rights(users.get(service))).as(service).isEqualTo(wanted);
        }
    }

    @Test
    void theSettingsOfTheServicesAndTheDocumentForOthersAgree() throws IOException {
        JsonNode document;
        try (var in = Topic.class.getResourceAsStream("asyncapi.yaml")) {
            document = Rendered.YAML.readTree(in);
        }

        for (var service : Sources.SERVICES) {
            assertThat(topics(document, service, "send"))
                    .as(service)
                    .isEqualTo(Sources.topics(service, "quadrille.outbox.topics"));
            assertThat(topics(document, service, "receive"))
                    .as(service)
                    .isEqualTo(Sources.topics(service, "mp.messaging.incoming.events.topics"));
        }
    }

    @Test
    void whoScalesSeesHowFarTheGroupsAreAndNothingElse() {
        var rendered = Kustomize.overlay("production");
        var wanted = new TreeMap<String, Set<String>>();
        rendered.all("ScaledObject")
                .flatMap(scaler -> each(scaler.at("spec", "triggers")))
                .filter(trigger -> trigger.path("type").asText().equals("kafka"))
                .map(trigger -> trigger.path("metadata"))
                .forEach(kafka -> {
                    wanted.put("topic " + kafka.path("topic").asText(), Set.of("Describe"));
                    wanted.put("group " + kafka.path("consumerGroup").asText(), Set.of("Describe"));
                });

        assertThat(rights(users(rendered).get("scaler"))).isEqualTo(wanted);
    }

    /// A topic that nobody scales by would fill up unseen.
    @Test
    void whoIsScaledByLagIsScaledByEveryTopicThatItListensTo() {
        for (var environment : List.of("staging", "production")) {
            var rendered = Kustomize.overlay(environment);
            for (var service : List.of("inventory", "payment", "notification")) {
                var triggers =
                        rendered.all("ScaledObject")
                                .filter(scaler -> scaler.name().equals(service))
                                .flatMap(scaler -> each(scaler.at("spec", "triggers")))
                                .filter(trigger -> trigger.path("type").asText().equals("kafka"))
                                .map(trigger -> trigger.path("metadata"))
                                .toList();

                assertThat(triggers)
                        .extracting(kafka -> kafka.path("topic").asText())
                        .as(service)
                        .containsExactlyInAnyOrderElementsOf(
                                Sources.topics(service, "mp.messaging.incoming.events.topics"));
                assertThat(triggers)
                        .allSatisfy(kafka -> {
                            assertThat(kafka.path("consumerGroup").asText()).isEqualTo(service);
                            assertThat(kafka.path("bootstrapServers").asText())
                                    .isEqualTo(
                                            "quadrille-kafka-kafka-bootstrap.quadrille-%s.svc:9093"
                                                    .formatted(environment));
                        });
            }
        }
    }

    private static Map<String, String> configuration(Topic topic) {
        var all = new TreeMap<String, String>();
        all.put("message.timestamp.before.max.ms", "3000");
        if (topic.compacted()) {
            all.put("cleanup.policy", "compact");
            all.put("retention.ms", "-1");
            all.put("delete.retention.ms", millis(Duration.ofDays(1)));
            all.put("segment.ms", millis(Duration.ofHours(1)));
        } else {
            all.put("cleanup.policy", "delete");
            all.put("retention.ms", millis(Duration.ofDays(7)));
            all.put("retention.bytes", "-1");
        }
        return all;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static Map<String, Manifest> topics(Rendered rendered) {
        return rendered.all("KafkaTopic").collect(toMap(Manifest::name, topic -> topic));
    }

    private static Map<String, Manifest> users(Rendered rendered) {
        return rendered.all("KafkaUser").collect(toMap(Manifest::name, user -> user));
    }

    private static Map<String, Set<String>> rights(Manifest user) {
        var rights = new TreeMap<String, Set<String>>();
        for (var acl : each(user.at("spec", "authorization", "acls")).toList()) {
            assertThat(acl.path("type").asText("allow")).isEqualTo("allow");
            var resource = acl.path("resource");
            assertThat(resource.path("patternType").asText()).isEqualTo("literal");
            var operations = new TreeSet<String>();
            each(acl.path("operations")).forEach(operation -> operations.add(operation.asText()));
            var name = resource.path("type").asText() + " " + resource.path("name").asText();
            assertThat(rights.put(name, operations)).as(name).isNull();
        }
        return rights;
    }

    private static Set<String> topics(JsonNode document, String service, String action) {
        var topics = new TreeSet<String>();
        document.path("operations")
                .forEach(operation -> {
                    boolean isOfService =
                            each(operation.path("tags"))
                                    .anyMatch(tag -> tag.path("name").asText().equals(service));
                    if (isOfService && operation.path("action").asText().equals(action)) {
                        topics.add(
                                Manifest.at(operation, "channel", "$ref")
                                        .asText()
                                        .replace("#/channels/", ""));
                    }
                });
        return topics;
    }
}
