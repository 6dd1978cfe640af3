package dev.quadrille.deployment.manifests;

import static dev.quadrille.deployment.manifests.Manifest.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What of the services' HTTP the world may reach: what is listed here, and nothing that a service
/// learns to answer later.
class PublicPathsTest {

    private static final Set<String> PUBLIC =
            Set.of(
                    "POST /v1/orders",
                    "GET /v1/orders/{id}",
                    "GET /v1/orders/{id}/timeline",
                    "POST /v1/orders/{id}/cancellation",
                    "GET /v1/products",
                    "GET /v1/products/{sku}",
                    "GET /v1/stock/{sku}",
                    "POST /v1/provider-events");

    private static final Map<String, String> SAMPLES =
            Map.of(
                    "{id}", "019a1b2c-3d4e-7f50-8a9b-0c1d2e3f4a5b",
                    "{orderId}", "019a1b2c-3d4e-7f50-8a9b-0c1d2e3f4a5b",
                    "{sku}", "TEA-01",
                    "{key}", "019a1b2c-3d4e-7f50-8a9b-0c1d2e3f4a5b",
                    "{position}", "1");

    static Stream<String> environments() {
        return Kustomize.ENVIRONMENTS.stream();
    }

    @ParameterizedTest
    @MethodSource("environments")
    void theGatewayLetsThroughWhatIsPublic(String environment) {
        var rendered = Kustomize.overlay(environment);

        var open = new TreeSet<String>();
        int all = 0;
        for (var service : Sources.SERVICES) {
            for (var operation : Sources.operations(service)) {
                all++;
                if (isLetThrough(rendered, service, sample(operation))) {
                    open.add(operation);
                }
            }
        }

        assertThat(all).as("operations of the services").isGreaterThan(35);
        assertThat(open).containsExactlyInAnyOrderElementsOf(PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /q/metrics",
                "GET /q/health/ready",
                "GET /v1/ops/unsettled",
                "GET /v1/orders",
                "POST /v1/orders/019a1b2c-3d4e-7f50-8a9b-0c1d2e3f4a5b/cancellation/../shipment",
                "GET /v1/orders/..%2f..%2fq%2fmetrics",
                "GET /v1/productsandmore",
                "GET /v1/stock/TEA-01/ledger",
                "POST /v1/provider-events/more"
            })
    void noWayLeadsAround(String operation) {
        var rendered = Kustomize.overlay("production");

        for (var service : Sources.SERVICES) {
            assertThat(isLetThrough(rendered, service, operation)).as(service).isFalse();
        }
    }

    /// The Gateway's hosts are the way in; what the mesh believes is said once more behind it.
    @Test
    void theMeshBelievesTheGatewayTheSame() {
        var policies = Rendered.of(Kustomize.KUBERNETES.resolve("components/istio/security.yaml"));

        var open = new TreeSet<String>();
        for (var service : Sources.SERVICES) {
            for (var operation : Sources.operations(service)) {
                boolean isBelieved =
                        policies.all("AuthorizationPolicy")
                                .filter(policy -> policy.name().equals("gateway-to-" + service))
                                .flatMap(policy -> each(policy.at("spec", "rules")))
                                .flatMap(rule -> each(rule.path("to")))
                                .map(to -> to.path("operation"))
                                .anyMatch(allowed -> isBelieved(allowed, sample(operation)));
                if (isBelieved) {
                    open.add(operation);
                }
            }
        }

        assertThat(open).containsExactlyInAnyOrderElementsOf(PUBLIC);
    }

    private static boolean isLetThrough(Rendered rendered, String service, String operation) {
        var method = operation.substring(0, operation.indexOf(' '));
        var path = operation.substring(operation.indexOf(' ') + 1);
        return rendered.all("HTTPRoute")
                .flatMap(route -> each(route.at("spec", "rules")))
                .filter(rule ->
                        each(rule.path("backendRefs"))
                                .anyMatch(backend -> backend.path("name").asText().equals(service)))
                .flatMap(rule -> each(rule.path("matches")))
                .anyMatch(match ->
                        match.path("method").asText(method).equals(method)
                                && agrees(match.path("path"), path));
    }

    private static boolean agrees(JsonNode match, String path) {
        var value = match.path("value").asText("/");
        return switch (match.path("type").asText("PathPrefix")) {
            case "Exact" -> path.equals(value);
            case "PathPrefix" -> path.equals(value) || path.startsWith(value + "/");
            case "RegularExpression" -> path.matches(value);
            default -> true;
        };
    }

    /// `*` at an end stands for anything, `{*}` for one part of a path.
    private static boolean isBelieved(JsonNode allowed, String operation) {
        var method = operation.substring(0, operation.indexOf(' '));
        var path = operation.substring(operation.indexOf(' ') + 1);
        return each(allowed.path("methods")).anyMatch(each -> each.asText().equals(method))
                && each(allowed.path("paths"))
                        .map(JsonNode::asText)
                        .map(pattern -> pattern.replace("{*}", "[^/]+").replaceAll("/\\*$", "/.*"))
                        .anyMatch(path::matches);
    }

    private static String sample(String operation) {
        var sample = operation;
        for (var each : SAMPLES.entrySet()) {
            sample = sample.replace(each.getKey(), each.getValue());
        }
        assertThat(sample).as("every part of the path has a sample").doesNotContain("{");
        return sample;
    }
}
