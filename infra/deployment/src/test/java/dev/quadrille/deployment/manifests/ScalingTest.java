package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Topic;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How many there are of each service, whether they find room, and by what a new version is judged.
class ScalingTest {

    private static final Pattern TABLE = Pattern.compile("from ([a-z_]+) where ([a-z_]+) ");

    static Stream<String> environments() {
        return Kustomize.ENVIRONMENTS.stream();
    }

    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void everyServiceIsScaledBetweenTwoAndAsManyAsThereArePartitions(String environment) {
        var scalers = scalers(Kustomize.overlay(environment));

        assertThat(scalers.keySet()).containsExactlyInAnyOrderElementsOf(Sources.SERVICES);
        scalers.forEach((service, scaler) -> {
            var spec = scaler.at("spec");
            assertThat(least(spec)).as(service).isEqualTo(service.equals("notification") ? 0 : 2);
            assertThat(most(spec)).as(service).isEqualTo(Topic.DEFAULT_PARTITIONS);
        });
    }

    /// Whoever sleeps at zero is woken by what is due, not only by what is new.
    @ParameterizedTest
    @ValueSource(strings = {"staging", "production"})
    void notificationIsWokenByWhatItsDatabaseCallsDue(String environment) {
        var migrations =
                Sources.read("services/notification/src/main/migrations/V0100__notifications.sql")
                        + Sources.read(
                                "services/notification/src/main/migrations/V0101__webhooks.sql");

        var query =
                each(scalers(Kustomize.overlay(environment))
                                .get("notification")
                                .at("spec", "triggers"))
                        .filter(trigger -> trigger.path("type").asText().equals("postgresql"))
                        .map(trigger -> Manifest.at(trigger, "metadata", "query").asText())
                        .findFirst()
                        .orElseThrow();

        assertThat(TABLE.matcher(query).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrder("notifications", "webhook_deliveries")
                .allSatisfy(
                        table -> assertThat(migrations).contains("create table " + table + " ("));
        assertThat(TABLE.matcher(query).results().map(found -> found.group(2)))
                .containsOnly("work_due_at");
    }

    /// Every service at its most, one more of each while a version is replaced, every job at once.
    @ParameterizedTest
    @MethodSource("environments")
    void theQuotaHasRoomForAllOfIt(String environment) {
        var rendered = Kustomize.overlay(environment);
        var scalers = scalers(rendered);
        var wanted = new TreeMap<String, BigDecimal>();
        for (var pods : rendered.pods().filter(pods -> !pods.isOperated()).toList()) {
            var scaler = scalers.get(pods.of().name());
            int most =
                    scaler == null
                            ? pods.of().at("spec", "replicas").asInt(1)
                            : most(scaler.at("spec"));
            for (var container : pods.containers().toList()) {
                add(wanted, container.path("resources"), most + 1);
            }
        }
        Stream.of("KafkaNodePool", "Cluster")
                .flatMap(rendered::all)
                .forEach(manifest -> {
                    int most =
                            manifest.at("spec", "replicas").asInt()
                                    + manifest.at("spec", "instances").asInt();
                    add(wanted, manifest.at("spec", "resources"), most + 1);
                    var storage = manifest.at("spec", "storage");
                    var size =
                            storage.has("size")
                                    ? storage.path("size")
                                    : storage.at("/volumes/0/size");
                    wanted.merge(
                            "requests.storage",
                            Policy.quantity(size).multiply(BigDecimal.valueOf(most)),
                            BigDecimal::add);
                });

        var hard = rendered.all("ResourceQuota").findFirst().orElseThrow().at("spec", "hard");
        assertThat(wanted.keySet())
                .contains("requests.cpu", "requests.memory", "limits.memory", "requests.storage");
        wanted.forEach((figure, amount) ->
                assertThat(amount)
                        .as(figure)
                        .isLessThan(
                                hard.has(figure)
                                        ? quantity(hard.path(figure))
                                        : amount.add(BigDecimal.ONE)));
    }

    @Test
    void aCanaryIsJudgedByFiguresThatThereAreAndWaitsLongEnoughForThem() {
        var rendered = Kustomize.overlay("production");
        var queries =
                rendered.all("AnalysisTemplate")
                        .flatMap(template -> each(template.at("spec", "metrics")))
                        .map(metric ->
                                Manifest.at(metric, "provider", "prometheus", "query").asText())
                        .toList();
        var deadline =
                Duration.parse(Sources.settings("order").getProperty("quadrille.order.deadline"));

        assertThat(queries)
                .anySatisfy(query ->
                        assertThat(query)
                                .contains("quadrille_saga_duration_seconds_count")
                                .contains(
                                        "outcome!=\""
                                                + CancellationReason.TIMED_OUT
                                                        .name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-')
                                                + "\""))
                .anySatisfy(query ->
                        assertThat(query)
                                .contains("quadrille_inbox_events_total")
                                .contains("outcome=\"parked\""));
        assertThat(Sources.allJava("services/order"))
                .contains("\"quadrille.saga.duration\"", ".tag(\"outcome\"");
        assertThat(Sources.allJava("shared-events/delivery"))
                .contains("\"quadrille.inbox.events\"");
        rendered.all("Rollout")
                .flatMap(rollout -> each(rollout.at("spec", "strategy", "canary", "steps")))
                .filter(step -> step.has("pause"))
                .map(step ->
                        Duration.parse(
                                "PT"
                                        + Manifest.at(step, "pause", "duration")
                                                .asText()
                                                .toUpperCase(Locale.ROOT)))
                .forEach(pause -> assertThat(pause).isGreaterThan(deadline.multipliedBy(2)));
    }

    private static Map<String, Manifest> scalers(Rendered rendered) {
        var scalers = new TreeMap<String, Manifest>();
        Stream.of("HorizontalPodAutoscaler", "ScaledObject")
                .flatMap(rendered::all)
                .forEach(scaler ->
                        scalers.put(scaler.at("spec", "scaleTargetRef", "name").asText(), scaler));
        return scalers;
    }

    private static int least(JsonNode spec) {
        return spec.has("minReplicas")
                ? spec.path("minReplicas").asInt()
                : spec.path("minReplicaCount").asInt(-1);
    }

    private static int most(JsonNode spec) {
        return spec.has("maxReplicas")
                ? spec.path("maxReplicas").asInt()
                : spec.path("maxReplicaCount").asInt(-1);
    }

    private static void add(Map<String, BigDecimal> wanted, JsonNode resources, int times) {
        for (var kind : List.of("requests", "limits")) {
            resources
                    .path(kind)
                    .properties()
                    .forEach(amount ->
                            wanted.merge(
                                    kind + "." + amount.getKey(),
                                    Policy.quantity(amount.getValue())
                                            .multiply(BigDecimal.valueOf(times)),
                                    BigDecimal::add));
        }
    }

    private static BigDecimal quantity(JsonNode quantity) {
        var text = quantity.asText();
        return text.endsWith("Ti")
                ? new BigDecimal(text.replace("Ti", "")).multiply(BigDecimal.valueOf(1L << 40))
                : Policy.quantity(quantity);
    }
}
