package dev.quadrille.endtoend;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import dev.quadrille.endtoend.Query.Selector;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Alerts and dashboards ask for nothing that the services do not have: metric by metric, label by
/// label, and value by value as far as an order brings them forth.
class MetricsIT {

    private static final Pattern LINE =
            Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

    /// What Prometheus adds to everything that it scrapes, by our configuration or its operator's.
    private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance", "namespace");

    /// What kube-state-metrics shows, of which we have none here: as its documentation has it.
    private static final Map<String, Set<String>> OF_KUBERNETES =
            Map.of(
                    "kube_pod_status_ready", Set.of("namespace", "pod", "condition"),
                    "kube_pod_status_phase", Set.of("namespace", "pod", "phase"),
                    "kube_pod_container_status_waiting_reason",
                            Set.of("namespace", "pod", "container", "reason"),
                    "kube_job_failed", Set.of("namespace", "job_name", "condition"));

    /// The label whose values tell of trouble that this stack has not, for it is well.
    private static final Map<String, String> ONLY_IN_TROUBLE =
            Map.of(
                    "quadrille_provider_calls_seconds_count", "outcome",
                    "quadrille_provider_events_total", "outcome",
                    "quadrille_webhook_seconds_count", "outcome",
                    "http_server_requests_seconds_count", "outcome");

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private static TestStack stack;

    /// A query, and where it stands.
    private record Asked(String where, String expression, String legend) {}

    /// Has everything happen once that a metric tells of.
    @BeforeAll
    static void danceOnce() throws Exception {
        stack = TestStack.whole();
        try (var shop = new Shop(stack)) {
            var gone = receiverThatIsGone();
            try {
                var endpoint =
                        "{\"url\":\"http://localhost:%d/gone\",\"events\":[\"order-confirmed\"]}"
                                .formatted(gone.getAddress().getPort());
                var registered =
                        HTTP.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        stack.url("notification")
                                                                + "/v1/webhook-endpoints"))
                                        .timeout(ANSWER_LIMIT)
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofString(endpoint))
                                        .build(),
                                BodyHandlers.discarding());
                assertThat(registered.statusCode()).isEqualTo(201);
                var id = shop.place(shop.sell(10), 1, "pm_card_visa");
                shop.awaitOrder(id, "status", "CONFIRMED");
                shop.ship(id, "SNAIL-1");
                shop.awaitOrder(id, "settled", "true");
                await().atMost(Ending.TO_REST)
                        .until(() ->
                                exposed().containsKey("quadrille_webhook_endpoints_disabled_total")
                                        && exposed().containsKey("quadrille_mail_seconds_count")
                                        && exposed()
                                                .containsKey("quadrille_provider_events_total"));
            } finally {
                gone.stop(0);
            }
        }
    }

    @Test
    void alertsAskForNothingThatIsNotThere() {
        assertThat(rules()).isNotEmpty();
        assertThat(findings(rules())).isEmpty();
    }

    @Test
    void dashboardsAskForNothingThatIsNotThere() {
        assertThat(dashboards()).isNotEmpty();
        assertThat(findings(dashboards())).isEmpty();
    }

    @Test
    void whatIsNotThereIsFound() {
        assertThat(findings(asked("rate(quadrille_orders_dreamt_total[5m])"))).hasSize(1);
        assertThat(findings(asked("quadrille_parked_keys{color=\"red\"}"))).hasSize(1);
        assertThat(findings(asked("sum by (color) (quadrille_parked_keys)"))).hasSize(1);
        assertThat(findings(asked("quadrille_parked_keys{job=\"orders\"}"))).hasSize(1);
        assertThat(
                        findings(
                                asked(
                                        "quadrille_saga_duration_seconds_bucket{outcome=\"confirmed\",le=\"5.1\"}")))
                .hasSize(1);
        assertThat(findings(List.of(new Asked("here", "quadrille_parked_keys", "{{color}}"))))
                .hasSize(1);
        assertThat(findings(asked("quadrille_parked_keys{job=\"order\"} > 0"))).isEmpty();
    }

    /// The monitors are written by the build of each service.
    @Test
    void monitorsScrapeWhatAnswers() throws Exception {
        for (var monitor : monitors()) {
            var name = monitor.at("/metadata/name").asText();
            assertThat(Witness.SERVICES).contains(name);
            for (var endpoint : monitor.at("/spec/endpoints")) {
                assertThat(scrape(name, endpoint.path("path").asText())).contains("quadrille_");
            }
        }
    }

    private static HttpServer receiverThatIsGone() throws IOException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/gone",
                exchange -> {
                    exchange.sendResponseHeaders(410, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static List<Asked> asked(String expression) {
        return List.of(new Asked("here", expression, ""));
    }

    private static List<Asked> rules() {
        return rulesOf(files("rules", ".yml"))
                .map(rule ->
                        new Asked(
                                rule.path("alert").asText(rule.path("record").asText()),
                                rule.path("expr").asText(),
                                ""))
                .toList();
    }

    private static Stream<JsonNode> rulesOf(List<Path> files) {
        return files.stream()
                .map(file -> read(YAML, file))
                .flatMap(file -> each(file.path("groups")))
                .flatMap(group -> each(group.path("rules")));
    }

    private static List<Asked> dashboards() {
        var asked = new ArrayList<Asked>();
        for (var file : files("dashboards", ".json")) {
            var dashboard = read(JSON, file);
            var title = dashboard.path("title").asText() + ": ";
            for (var panel : dashboard.path("panels")) {
                for (var target : panel.path("targets")) {
                    asked.add(
                            new Asked(
                                    title + panel.path("title").asText(),
                                    target.path("expr").asText(),
                                    target.path("legendFormat").asText()));
                }
            }
            for (var variable : dashboard.at("/templating/list")) {
                var values = LABEL_VALUES.matcher(variable.at("/query/query").asText());
                if (values.matches()) {
                    asked.add(
                            new Asked(
                                    title + variable.path("name").asText(),
                                    values.group(1),
                                    "{{" + values.group(2) + "}}"));
                }
            }
        }
        return asked;
    }

    private static List<String> findings(List<Asked> asked) {
        var exposed = exposed();
        var recorded =
                rulesOf(files("rules", ".yml"))
                        .filter(rule -> rule.has("record"))
                        .collect(
                                toMap(
                                        rule -> rule.path("record").asText(),
                                        rule -> Query.of(rule.path("expr").asText()).labels()));
        var findings = new ArrayList<String>();
        for (var each : asked) {
            var query = Query.of(each.expression);
            var known = new HashSet<>(OF_THE_SCRAPE);
            known.addAll(query.made());
            for (var selector : query.selectors()) {
                var metric = selector.metric();
                var others = recorded.getOrDefault(metric, OF_KUBERNETES.get(metric));
                if (exposed.containsKey(metric)) {
                    var series = exposed.get(metric);
                    series.forEach(labels -> known.addAll(labels.keySet()));
                    finding(selector, series).ifPresent(what -> findings.add(each + ": " + what));
                } else if (others != null) {
                    known.addAll(others);
                } else if (!metric.equals("up")) {
                    findings.add(each + ": there is no " + metric);
                }
            }
            var used = new HashSet<>(query.labels());
            query.selectors().stream()
                    .filter(selector -> !exposed.containsKey(selector.metric()))
                    .flatMap(selector -> selector.matchers().stream())
                    .forEach(matcher -> used.add(matcher.label()));
            IN_LEGEND.matcher(each.legend).results().forEach(label -> used.add(label.group(1)));
            used.removeAll(known);
            if (!used.isEmpty()
                    && findings.stream().noneMatch(what -> what.startsWith("" + each))) {
                findings.add(each + ": there is no label " + used);
            }
        }
        return findings;
    }

    private static Optional<String> finding(Selector selector, List<Map<String, String>> series) {
        boolean isThere =
                series.stream()
                        .anyMatch(labels ->
                                selector.matchers().stream()
                                        .filter(matcher -> !matcher.value().startsWith("$"))
                                        .filter(matcher ->
                                                !matcher.label()
                                                                .equals(
                                                                        ONLY_IN_TROUBLE.get(
                                                                                selector.metric()))
                                                        || !labels.containsKey(matcher.label()))
                                        .allMatch(matcher ->
                                                labels.containsKey(matcher.label())
                                                        && matcher.matches(
                                                                labels.get(matcher.label()))));
        return isThere ? Optional.empty() : Optional.of("nothing is " + selector);
    }

    /// The labels of all series of all services, by their metrics, as Prometheus would have them.
    private static Map<String, List<Map<String, String>>> exposed() {
        var exposed = new HashMap<String, List<Map<String, String>>>();
        for (var service : Witness.SERVICES) {
            LINE.matcher(scrape(service, "/q/metrics"))
                    .results()
                    .forEach(line -> {
                        var labels = new LinkedHashMap<String, String>();
                        labels.put("job", service);
                        labels.put("instance", "localhost");
                        labels.put("namespace", "here");
                        var own = line.group(2) == null ? "" : line.group(2);
                        LABEL.matcher(own)
                                .results()
                                .forEach(label -> labels.put(label.group(1), label.group(2)));
                        exposed.computeIfAbsent(line.group(1), _ -> new ArrayList<>()).add(labels);
                    });
        }
        return exposed;
    }

    private static String scrape(String service, String path) {
        var request =
                HttpRequest.newBuilder(URI.create(stack.url(service) + path)).timeout(ANSWER_LIMIT);
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> monitors() throws IOException {
        var folder = TestStack.root().resolve("kubernetes/base");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var monitors = new ArrayList<JsonNode>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(file -> file.toString().matches(".*\\.ya?ml")).toList()) {
                var documents =
                        YAML.readerFor(JsonNode.class)
                                .<JsonNode>readValues(file.toFile())
                                .readAll();
                documents.stream()
                        .filter(each -> each.path("kind").asText().equals("ServiceMonitor"))
                        .forEach(monitors::add);
            }
        }
        return monitors;
    }

    private static List<Path> files(String folder, String suffix) {
        var path = TestStack.root().resolve("infra/observability").resolve(folder);
        try (var files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
