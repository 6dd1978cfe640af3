package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/// Kubernetes' label selectors: `matchLabels` and `matchExpressions`.
final class Selector {

    private Selector() {}

    /// @param selector an empty one selects all, as it does in a cluster
    static boolean selects(JsonNode selector, Map<String, String> labels) {
        return holds(selector.path("matchLabels"), labels)
                && each(selector.path("matchExpressions"))
                        .allMatch(expression -> agrees(expression, labels));
    }

    /// @param wanted the short form: labels and their values
    static boolean holds(JsonNode wanted, Map<String, String> labels) {
        return Manifest.texts(wanted).entrySet().stream()
                .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }

    private static boolean agrees(JsonNode expression, Map<String, String> labels) {
        var key = expression.path("key").asText();
        boolean isAmong =
                each(expression.path("values"))
                        .anyMatch(value -> value.asText().equals(labels.get(key)));
        return switch (expression.path("operator").asText()) {
            case "In" -> isAmong;
            case "NotIn" -> !isAmong;
            case "Exists" -> labels.containsKey(key);
            case "DoesNotExist" -> !labels.containsKey(key);
            default -> false;
        };
    }
}
