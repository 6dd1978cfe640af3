package dev.quadrille.deployment.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ways of traces and logs out of the house. Neither program is here, so this is their
/// structure; that the parser reads a service's lines, the end-to-end tests tell.
class TelemetryTest {

    /// `${NAME}` of Fluent Bit, `${env:NAME:-default}` of the collector.
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(?:env:)?([A-Z_]+)(:-[^}]*)?}");

    private static final Path COLLECTOR = Observability.file("collector/collector.yaml");
    private static final Path FLUENT_BIT = Observability.file("fluent-bit/fluent-bit.yaml");

    @Test
    void everyPartOfThePipelinesIsDefinedAndEveryDefinedPartIsUsed() {
        var collector = Observability.yaml(COLLECTOR);
        for (var kind : List.of("receivers", "processors", "exporters")) {
            var used = new TreeSet<String>();
            collector
                    .at("/service/pipelines")
                    .forEach(pipeline ->
                            pipeline.path(kind).forEach(part -> used.add(part.asText())));

            assertThat(used).as(kind).isNotEmpty().isEqualTo(names(collector.path(kind)));
        }
        assertThat(texts(collector.at("/service/extensions")))
                .containsExactlyElementsOf(names(collector.path("extensions")));
    }

    @Test
    void memoryIsBoundedFirstAndNothingIsSentBeforePersonalDataIsGone() {
        var processors =
                texts(Observability.yaml(COLLECTOR).at("/service/pipelines/traces/processors"));

        assertThat(processors)
                .containsExactly("memory_limiter", "attributes/no-personal-data", "batch");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enduser.id",
                "user.email",
                "http.request.header.authorization",
                "http.response.header.set-cookie",
                "client.address",
                "net.peer.ip",
                "url.query",
                "url.full",
                "user_agent.original",
                "db.query.text"
            })
    void whatMayHoldPersonalDataIsDropped(String attribute) {
        assertThat(isDropped(attribute)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.route",
                "http.request.method",
                "http.response.status_code",
                "url.path",
                "service.name",
                "server.address",
                "messaging.destination.name"
            })
    void whatATraceIsReadByStays(String attribute) {
        assertThat(isDropped(attribute)).isFalse();
    }

    /// OTLP's registered port, which the README and Quarkus' default name.
    @Test
    void collectorListensWhereTheServicesSend() {
        var protocols = Observability.yaml(COLLECTOR).at("/receivers/otlp/protocols");

        assertThat(protocols.at("/grpc/endpoint").asText()).isEqualTo("0.0.0.0:4317");
        assertThat(protocols.at("/http/endpoint").asText()).isEqualTo("0.0.0.0:4318");
        assertThat(Observability.text(Observability.root().resolve("README.md")))
                .contains("OTLP collector on port 4317");
    }

    @Test
    void whereThereIsNoBackendOnlyTheExporterIsAnother() {
        var debug = Observability.yaml(Observability.file("collector/collector-debug.yaml"));

        assertThat(texts(debug.at("/service/pipelines/traces/exporters")))
                .containsExactlyElementsOf(names(debug.path("exporters")));
        assertThat(names(debug.at("/service/pipelines/traces"))).containsExactly("exporters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector/collector.yaml",
                "fluent-bit/fluent-bit.yaml",
                "fluent-bit/output-cloudwatch.yaml",
                "fluent-bit/output-opensearch.yaml"
            })
    void everyVariableOfTheEnvironmentIsExplainedAboveAndNoOther(String name) {
        var text = Observability.text(Observability.file(name));
        var head = text.substring(0, firstLineOfContent(text));
        var explained = new TreeSet<String>();
        Pattern.compile("(?m)^# {3}([A-Z][A-Z_]+) ")
                .matcher(head)
                .results()
                .forEach(line -> explained.add(line.group(1)));
        var used = new TreeSet<String>();
        VARIABLE.matcher(text.substring(head.length()))
                .results()
                .forEach(variable -> used.add(variable.group(1)));

        assertThat(used).isNotEmpty().isEqualTo(explained);
    }

    @Test
    void logsGoThroughAParserAndFiltersThatAreDefinedToOneOutput() {
        var config = Observability.yaml(FLUENT_BIT);
        var parsers = new ArrayList<String>();
        config.path("parsers").forEach(parser -> parsers.add(parser.path("name").asText()));
        var input = config.at("/pipeline/inputs/0");
        var filters = config.at("/pipeline/filters");

        assertThat(filters.get(0).path("name").asText()).isEqualTo("kubernetes");
        assertThat(filters.get(0).path("merge_log_parser").asText()).isIn(parsers);
        assertThat(filters.get(0).path("kube_tag_prefix").asText())
                .isEqualTo(input.path("tag").asText().replace("*", "var.log.containers."));
        assertThat(filters)
                .allSatisfy(filter ->
                        assertThat(filter.path("match").asText())
                                .isEqualTo(input.path("tag").asText()));
        assertThat(texts(config.path("includes"))).containsExactly("output.yaml");
        assertThat(config.at("/pipeline/outputs").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudwatch", "opensearch"})
    void outputTakesEverythingAndGivesUpSometime(String name) {
        var outputs =
                Observability.yaml(Observability.file("fluent-bit/output-" + name + ".yaml"))
                        .at("/pipeline/outputs");

        assertThat(outputs)
                .hasSize(1)
                .allSatisfy(output -> {
                    assertThat(output.path("name").asText()).startsWith(name);
                    assertThat(output.path("match").asText()).isEqualTo("kube.*");
                    assertThat(output.path("retry_limit").asInt()).isPositive();
                });
    }

    private static int firstLineOfContent(String text) {
        var matcher = Pattern.compile("(?m)^[a-z]").matcher(text);
        return matcher.find() ? matcher.start() : text.length();
    }

    private static boolean isDropped(String attribute) {
        var actions =
                Observability.yaml(COLLECTOR)
                        .path("processors")
                        .path("attributes/no-personal-data")
                        .path("actions");
        return StreamSupport.stream(actions.spliterator(), false)
                .filter(action -> action.path("action").asText().equals("delete"))
                .anyMatch(action ->
                        action.has("key")
                                ? action.path("key").asText().equals(attribute)
                                : Pattern.compile(action.path("pattern").asText())
                                        .matcher(attribute)
                                        .find());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    private static TreeSet<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
