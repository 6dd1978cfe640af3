package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("quadrille.root")));
    private static final Path CHART = ROOT.resolve("kubernetes/chart");
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void itGivesTheObjectsOfTheBaseAndWhatTheServicesAreTold() throws IOException {
        Map<String, String> base = new TreeMap<>();
        for (String service : BuiltManifests.SERVICES) {
            base.putAll(
                    objects(
                            Files.readString(
                                    ROOT.resolve("kubernetes/base/" + service + ".yaml"))));
        }

        Map<String, String> chart = objects(template().call());
        Map<String, String> told = new TreeMap<>(chart);
        told.keySet().removeIf(object -> !object.startsWith("ConfigMap "));
        chart.keySet().removeAll(told.keySet());

        assertThat(chart).isEqualTo(base);
        assertThat(told.keySet())
                .containsExactly(
                        "ConfigMap inventory",
                        "ConfigMap notification",
                        "ConfigMap order",
                        "ConfigMap payment");
    }

    @Test
    void everyObjectIsStrictlyOneOfItsKindAndWhatOneNamesAnotherIs() {
        Rendered chart = Rendered.of(template().call());
        List<Provision> said = new ArrayList<>();
        for (String service : BuiltManifests.SERVICES) {
            said.add(secret(service, "sasl.jaas.config"));
            said.add(secret(service + "-database-app", "username", "password"));
        }
        said.add(secret("payment-provider", "key", "webhook-secret"));
        said.add(secret("quadrille-kafka-cluster-ca-cert", "ca.crt"));

        assertThat(Models.violations(chart)).isEmpty();
        assertThat(CrossChecks.violations(chart, said.toArray(Provision[]::new))).isEmpty();
        assertThat(CrossChecks.violations(chart)).isNotEmpty();
    }

    @Test
    void itIsOfTheVersionOfItsServices() throws IOException {
        JsonNode chart = YAML.readTree(Files.readString(CHART.resolve("Chart.yaml")));

        for (String service : BuiltManifests.SERVICES) {
            JsonNode own =
                    YAML.readTree(
                            Files.readString(CHART.resolve("charts/" + service + "/Chart.yaml")));
            assertThat(own.path("version")).isEqualTo(chart.path("version"));
            assertThat(chart.path("dependencies"))
                    .anySatisfy(dependency -> {
                        assertThat(dependency.path("name").asText()).isEqualTo(service);
                        assertThat(dependency.path("version")).isEqualTo(own.path("version"));
                    });
        }
    }

    @Test
    void helmHasNothingToSayAgainstIt() {
        var lint = new Helm(CHART).lint().strict().call();

        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @Test
    void anImageByDigestAndASettingOfOnesOwnArrive() throws IOException {
        Map<String, String> objects =
                objects(
                        template()
                                .set(
                                        "order.app.image",
                                        "registry.example/quadrille/order@sha256:0f")
                                .set("settings.order.QUADRILLE_ORDER_DEADLINE", "PT5M")
                                .set("settings.order.KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9093")
                                .call());

        assertThat(objects.get("Deployment order"))
                .contains("registry.example/quadrille/order@sha256:0f");
        assertThat(objects.get("ConfigMap order"))
                .contains("\"QUADRILLE_ORDER_DEADLINE\":\"PT5M\"")
                .contains("\"KAFKA_BOOTSTRAP_SERVERS\":\"elsewhere:9093\"")
                .contains("\"KAFKA_SASL_MECHANISM\":\"SCRAM-SHA-512\"");
        assertThat(objects.get("ConfigMap payment")).doesNotContain("elsewhere");
    }

    @Test
    void whoHasNoOperatorOfPrometheusDoesWithout() throws IOException {
        Map<String, String> objects =
                objects(template().set("order.app.monitored", "false").call());

        assertThat(objects)
                .containsKey("ServiceMonitor payment")
                .doesNotContainKey("ServiceMonitor order");
    }

    @Test
    void aMisspeltValueIsRefused() {
        assertRefused("order.app.replica", "3", "replica");
        assertRefused("orders.app.replicas", "3", "orders");
        assertRefused("settings.order.deadline", "PT5M", "deadline");
        assertRefused("order.app.replicas", "many", "replicas");
    }

    @Test
    void aClusterWhoseKubeletCannotWaitBeforeItStopsAPodIsRefused() {
        assertThatThrownBy(() -> template().withKubeVersion("1.29.9").call())
                .hasMessageContaining("requires kubeVersion: >=1.30");
    }

    /// values.yaml says of each of these that it has to be there.
    private static Provision secret(String name, String... keys) {
        return new Provision("Secret", name, Set.of(keys), "whoever installs the chart");
    }

    private static TemplateCommand template() {
        return new Helm(CHART).template().withKubeVersion("1.34.0");
    }

    private static void assertRefused(String value, String set, String named) {
        assertThatThrownBy(() -> template().set(value, set).call())
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(named);
    }

    /// By kind and name. Quantities are compared as text: 1 is "1".
    private static Map<String, String> objects(String yaml) throws IOException {
        Map<String, String> objects = new TreeMap<>();
        for (String document : BuiltManifests.manifests(withoutComments(yaml)).split("(?m)^---$")) {
            if (!document.isBlank()) {
                JsonNode object = YAML.readTree(document);
                for (JsonNode container : object.at("/spec/template/spec/containers")) {
                    textual((ObjectNode) container.at("/resources/limits"));
                    textual((ObjectNode) container.at("/resources/requests"));
                }
                String name =
                        object.path("kind").asText() + " " + object.at("/metadata/name").asText();
                assertThat(objects.put(name, object.toString()))
                        .as(name + " is there twice")
                        .isNull();
            }
        }
        return objects;
    }

    private static void textual(ObjectNode quantities) {
        quantities
                .properties()
                .forEach(quantity ->
                        quantities.put(quantity.getKey(), quantity.getValue().asText()));
    }

    private static String withoutComments(String yaml) {
        return yaml.replaceAll("(?m)^#.*\\R", "");
    }
}
