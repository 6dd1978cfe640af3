package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The pods that come of an object, each like the others.
///
/// @param of the workload, or what an operator makes pods of
/// @param spec missing for an operator's: it knows better
/// @param ports by their names; what an operator gives none has its number for a name
record Pods(Manifest of, Map<String, String> labels, JsonNode spec, Map<String, Integer> ports) {

    Pods {
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
    }

    static Optional<Pods> of(Manifest manifest) {
        return switch (manifest.kind()) {
            case "Deployment", "Rollout", "StatefulSet", "DaemonSet", "Job", "ReplicaSet" ->
                    Optional.of(templated(manifest, manifest.at("spec", "template")));
            case "CronJob" ->
                    Optional.of(
                            templated(
                                    manifest,
                                    manifest.at("spec", "jobTemplate", "spec", "template")));
            case "Pod" -> Optional.of(templated(manifest, manifest.tree()));
            // What the documentation of Strimzi, CloudNativePG and cert-manager promises of their
            // pods.
            case "Kafka" ->
                    Optional.of(
                            operated(
                                    manifest,
                                    Map.of(
                                            "strimzi.io/cluster",
                                            manifest.name(),
                                            "strimzi.io/kind",
                                            "Kafka",
                                            "strimzi.io/name",
                                            manifest.name() + "-kafka"),
                                    9090,
                                    9091,
                                    9093,
                                    8443));
            case "Cluster" ->
                    Optional.of(
                            operated(
                                    manifest,
                                    Map.of("cnpg.io/cluster", manifest.name()),
                                    5432,
                                    8000));
            case "Gateway" ->
                    Optional.of(
                            operated(
                                    manifest,
                                    Map.of("acme.cert-manager.io/http01-solver", "true"),
                                    8089));
            default -> Optional.empty();
        };
    }

    private static Pods templated(Manifest manifest, JsonNode template) {
        var spec = template.path("spec");
        var ports =
                containers(spec)
                        .flatMap(container -> each(container.path("ports")))
                        .collect(
                                toMap(
                                        port ->
                                                port.has("name")
                                                        ? port.path("name").asText()
                                                        : port.path("containerPort").asText(),
                                        port -> port.path("containerPort").asInt(),
                                        (one, _) -> one));
        return new Pods(
                manifest, Manifest.texts(Manifest.at(template, "metadata", "labels")), spec, ports);
    }

    private static Pods operated(Manifest manifest, Map<String, String> labels, int... ports) {
        return new Pods(
                manifest,
                labels,
                MissingNode.getInstance(),
                Arrays.stream(ports).boxed().collect(toMap(String::valueOf, port -> port)));
    }

    /// Those that start it too.
    Stream<JsonNode> containers() {
        return containers(spec);
    }

    private static Stream<JsonNode> containers(JsonNode spec) {
        return Stream.of("initContainers", "containers").flatMap(kind -> each(spec.path(kind)));
    }

    List<JsonNode> volumes() {
        return each(spec.path("volumes")).toList();
    }

    boolean isOperated() {
        return spec.isMissingNode();
    }

    /// @param port a name or a number
    boolean listensOn(JsonNode port) {
        return port.isInt() ? ports.containsValue(port.asInt()) : ports.containsKey(port.asText());
    }

    @Override
    public String toString() {
        return of.toString();
    }
}
