package dev.quadrille.deployment.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTest {

    private static final List<String> SERVICES =
            List.of("inventory", "notification", "order", "payment");

    @ParameterizedTest
    @ValueSource(strings = {"prometheus.yml", "prometheus-local.yml"})
    void configurationIsWhatPrometheusTakes(String name) {
        var file = Observability.file("prometheus/" + name);

        var verdict =
                Promtool.run(file.getParent(), "check", "config", "--syntax-only", file.toString());

        assertThat(verdict.exitCode()).as(verdict.output()).isZero();
    }

    /// Under the service's name and at its own port, because rules and dashboards know it by that.
    @ParameterizedTest
    @ValueSource(strings = {"prometheus.yml", "prometheus-local.yml"})
    void everyServiceIsAJobAtItsPort(String name) {
        var scraped = new TreeMap<String, String>();
        for (var job :
                Observability.yaml(Observability.file("prometheus/" + name))
                        .path("scrape_configs")) {
            assertThat(job.path("metrics_path").asText()).isEqualTo("/q/metrics");
            assertThat(job.at("/static_configs/0/labels/namespace").asText())
                    .startsWith("quadrille-");
            scraped.put(
                    job.path("job_name").asText(), job.at("/static_configs/0/targets/0").asText());
        }

        var expected = new TreeMap<String, String>();
        SERVICES.forEach(service ->
                expected.put(
                        service,
                        (name.equals("prometheus.yml") ? service : "localhost")
                                + ":"
                                + port(service)));
        assertThat(scraped).isEqualTo(expected);
    }

    @Test
    void objectsForTheClusterAreTheRulesWordForWord() throws Exception {
        var objects = new LinkedHashMap<String, JsonNode>();
        for (var object : documents(Observability.file("kubernetes/prometheus-rules.yaml"))) {
            // Strictly: the mapper refuses what the model does not know.
            var typed = Observability.YAML.convertValue(object, PrometheusRule.class);
            assertThat(typed.getAdditionalProperties()).isEmpty();
            assertThat(typed.getSpec().getAdditionalProperties()).isEmpty();
            objects.put(typed.getMetadata().getName(), object.path("spec"));
        }

        var rules = new LinkedHashMap<String, JsonNode>();
        RulesTest.rules()
                .forEach(file ->
                        rules.put(
                                "quadrille-" + file.getFileName().toString().replace(".yml", ""),
                                Observability.yaml(file)));
        assertThat(objects)
                .as("write them anew: infra/observability/write-prometheus-rules.sh")
                .isEqualTo(rules);
    }

    @Test
    void scriptWritesWhatIsCommitted(@TempDir Path folder) throws Exception {
        var output = folder.resolve("output");
        var process =
                new ProcessBuilder(
                                Observability.file("write-prometheus-rules.sh").toString(),
                                "--print")
                        .redirectOutput(output.toFile())
                        .redirectErrorStream(true)
                        .start();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(output))
                .isEqualTo(
                        Observability.text(Observability.file("kubernetes/prometheus-rules.yaml")));
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        return Observability.YAML
                .readerFor(new TypeReference<JsonNode>() {})
                .<JsonNode>readValues(file.toFile())
                .readAll();
    }

    private static String port(String service) {
        var properties = new Properties();
        var file =
                Observability.root()
                        .resolve("services")
                        .resolve(service)
                        .resolve("src/main/resources/application.properties");
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("quarkus.http.port", "none");
    }
}
