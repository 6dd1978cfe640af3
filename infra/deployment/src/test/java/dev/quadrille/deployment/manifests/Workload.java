package dev.quadrille.deployment.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// An object that makes pods, among the others that it was rendered with.
record Workload(JsonNode object, JsonNode template, List<? extends JsonNode> all) {

    static List<Workload> of(List<? extends JsonNode> objects) {
        return objects.stream()
                .flatMap(object ->
                        switch (object.path("kind").asText()) {
                            case "Deployment", "Rollout", "StatefulSet", "DaemonSet", "Job" ->
                                    Stream.of(
                                            new Workload(
                                                    object, object.at("/spec/template"), objects));
                            case "CronJob" ->
                                    Stream.of(
                                            new Workload(
                                                    object,
                                                    object.at("/spec/jobTemplate/spec/template"),
                                                    objects));
                            default -> Stream.empty();
                        })
                .toList();
    }

    String name() {
        return object.at("/metadata/name").asText();
    }

    /// One of the four, not a job or what is there to develop against.
    boolean isService() {
        return Set.of("Deployment", "Rollout").contains(object.path("kind").asText())
                && BuiltManifests.SERVICES.contains(name());
    }

    JsonNode pod() {
        return template.path("spec");
    }

    JsonNode podLabels() {
        return template.at("/metadata/labels");
    }

    Stream<JsonNode> containers() {
        return Stream.concat(
                Policy.each(pod().path("initContainers")), Policy.each(pod().path("containers")));
    }

    Stream<JsonNode> volumes() {
        return Policy.each(pod().path("volumes"));
    }

    /// A complaint for each container whose member at this path is not as it should be.
    Stream<String> eachContainer(String path, Predicate<JsonNode> right) {
        return containers()
                .filter(container -> !right.test(container.at(path)))
                .map(container ->
                        "%s of its container %s is %s"
                                .formatted(
                                        path, container.path("name").asText(), container.at(path)));
    }

    Stream<? extends JsonNode> others(String kind) {
        return all.stream().filter(other -> other.path("kind").asText().equals(kind));
    }

    boolean selectedBy(JsonNode labels) {
        return !labels.isEmpty()
                && labels.properties().stream()
                        .allMatch(
                                label -> label.getValue().equals(podLabels().path(label.getKey())));
    }

    @Override
    public String toString() {
        return object.path("kind").asText() + " " + name();
    }
}
