package dev.quadrille.deployment.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.deployment.manifests.Manifest;
import dev.quadrille.deployment.manifests.Rendered;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What of a cluster the replicas of one object take.
record Requests(BigDecimal cpus, BigDecimal bytes) {

    /// Of pods, brokers and databases, at the fewest replicas that whoever scales them leaves.
    static List<Requests> of(Rendered overlay) {
        var fewest = new HashMap<String, Integer>();
        for (var manifest : overlay.manifests()) {
            var spec = manifest.at("spec");
            var target = spec.at("/scaleTargetRef/name").asText();
            switch (manifest.kind()) {
                case "ScaledObject" -> fewest.put(target, spec.path("minReplicaCount").asInt());
                case "HorizontalPodAutoscaler" ->
                        fewest.put(target, spec.path("minReplicas").asInt(1));
                default -> {}
            }
        }
        return overlay.manifests().stream().flatMap(manifest -> of(manifest, fewest)).toList();
    }

    private static Stream<Requests> of(Manifest manifest, Map<String, Integer> fewest) {
        var spec = manifest.at("spec");
        return switch (manifest.kind()) {
            case "Deployment", "Rollout" -> {
                int replicas = fewest.getOrDefault(manifest.name(), spec.path("replicas").asInt(1));
                yield spec.at("/template/spec/containers")
                        .valueStream()
                        .map(container -> of(replicas, container));
            }
            case "Cluster" -> Stream.of(of(spec.path("instances").asInt(), spec));
            case "KafkaNodePool" -> Stream.of(of(spec.path("replicas").asInt(), spec));
            case "Kafka" ->
                    spec.path("entityOperator")
                            .valueStream()
                            .filter(operator -> operator.has("resources"))
                            .map(operator -> of(1, operator));
            default -> Stream.empty();
        };
    }

    private static Requests of(int replicas, JsonNode spec) {
        var requests = spec.at("/resources/requests");
        var times = BigDecimal.valueOf(replicas);
        return new Requests(
                new Quantity(requests.path("cpu").asText("0")).getNumericalAmount().multiply(times),
                Quantity.getAmountInBytes(new Quantity(requests.path("memory").asText("0")))
                        .multiply(times));
    }
}
