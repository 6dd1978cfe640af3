package dev.quadrille.deployment.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quadrille.deployment.Script;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What of the cluster an environment takes, as `kubectl kustomize` renders it.
final class Overlay {

    private static final YAMLMapper YAML = new YAMLMapper();

    /// Of all replicas of one object.
    record Requests(BigDecimal cpus, BigDecimal bytes) {}

    private Overlay() {}

    /// Skips the test if there is no kubectl, but not in CI.
    static List<JsonNode> of(String environment) throws IOException {
        assumeTrue(
                "true".equals(System.getenv("CI")) || isThere(),
                "Skipped: there is no kubectl on the PATH, which renders the overlays.");
        var rendered = Files.createTempFile("overlay", ".yaml");
        try {
            var process =
                    new ProcessBuilder("kubectl", "kustomize", "kubernetes/overlays/" + environment)
                            .directory(Script.checkout().toFile())
                            .redirectOutput(rendered.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            try (var documents =
                    YAML.readerFor(JsonNode.class).<JsonNode>readValues(rendered.toFile())) {
                return documents.readAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(rendered);
        }
    }

    /// Of pods, brokers and databases, at the fewest replicas that whoever scales them leaves.
    static List<Requests> requests(List<JsonNode> objects) {
        var fewest = new HashMap<String, Integer>();
        for (var object : objects) {
            var spec = object.path("spec");
            switch (object.path("kind").asText()) {
                case "ScaledObject" ->
                        fewest.put(
                                spec.at("/scaleTargetRef/name").asText(),
                                spec.path("minReplicaCount").asInt());
                case "HorizontalPodAutoscaler" ->
                        fewest.put(
                                spec.at("/scaleTargetRef/name").asText(),
                                spec.path("minReplicas").asInt(1));
                default -> {}
            }
        }
        var all = new ArrayList<Requests>();
        for (var object : objects) {
            var spec = object.path("spec");
            switch (object.path("kind").asText()) {
                case "Deployment", "Rollout" -> {
                    var name = object.at("/metadata/name").asText();
                    int replicas = fewest.getOrDefault(name, spec.path("replicas").asInt(1));
                    for (var container : spec.at("/template/spec/containers")) {
                        all.add(requests(replicas, container));
                    }
                }
                case "Cluster" -> all.add(requests(spec.path("instances").asInt(), spec));
                case "KafkaNodePool" -> all.add(requests(spec.path("replicas").asInt(), spec));
                case "Kafka" -> {
                    for (var operator : spec.path("entityOperator")) {
                        if (operator.has("resources")) {
                            all.add(requests(1, operator));
                        }
                    }
                }
                default -> {}
            }
        }
        return all;
    }

    private static Requests requests(int replicas, JsonNode of) {
        var requests = of.at("/resources/requests");
        var times = BigDecimal.valueOf(replicas);
        return new Requests(
                new Quantity(requests.path("cpu").asText("0")).getNumericalAmount().multiply(times),
                Quantity.getAmountInBytes(new Quantity(requests.path("memory").asText("0")))
                        .multiply(times));
    }

    private static boolean isThere() {
        return Stream.ofNullable(System.getenv("PATH"))
                .flatMap(path -> Stream.of(path.split(File.pathSeparator, -1)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }
}
