package dev.quadrille.deployment.manifests;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// One object, as it would be sent to the cluster.
public record Manifest(JsonNode tree) {

    String apiVersion() {
        return tree.path("apiVersion").asText();
    }

    /// Of its API, empty for the core's.
    public String group() {
        var version = apiVersion();
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    public String kind() {
        return tree.path("kind").asText();
    }

    public String name() {
        return tree.path("metadata").path("name").asText();
    }

    String namespace() {
        return tree.path("metadata").path("namespace").asText();
    }

    Map<String, String> labels() {
        return texts(at("metadata", "labels"));
    }

    public JsonNode at(String... path) {
        return at(tree, path);
    }

    boolean is(String kind) {
        return kind().equals(kind);
    }

    boolean is(String group, String kind) {
        return group().equals(group) && is(kind);
    }

    /// What a person calls it.
    @Override
    public String toString() {
        return kind() + " " + name();
    }

    static JsonNode at(JsonNode node, String... path) {
        for (var step : path) {
            node = node.path(step);
        }
        return node;
    }

    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(
                Spliterators.spliterator(
                        array.elements(), array.size(), Spliterator.ORDERED | Spliterator.NONNULL),
                false);
    }

    static Map<String, String> texts(JsonNode object) {
        var all = new LinkedHashMap<String, String>();
        object.properties().forEach(each -> all.put(each.getKey(), each.getValue().asText()));
        return all;
    }

    static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    static String listed(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(joining(", "));
    }
}
