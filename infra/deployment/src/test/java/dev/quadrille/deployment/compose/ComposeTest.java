package dev.quadrille.deployment.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.deployment.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each promise is kept by the file, and each is seen to be broken by a file in which one thing is
/// otherwise.
class ComposeTest {

    private static final Path ROOT = Path.of(System.getProperty("quadrille.root"));
    private static final String TEXT = read();

    @TempDir private Path folder;

    @Test
    void itFollowsTheSchema() {
        assertKept(Promises::followsTheSchema);
        assertBroken("    mem_limit: 768m\n", "    mem_limits: 768m\n", Promises::followsTheSchema);
        assertBroken("      interval: 2s\n", "      every: 2s\n", Promises::followsTheSchema);
    }

    @Test
    void aKeyThatStandsTwiceIsNoYaml() {
        var twice = TEXT.replace("  mail:\n", "  mail:\n    image: one\n");

        assertThatThrownBy(() -> ComposeFile.parse(twice)).hasMessageContaining("duplicate key");
    }

    @ParameterizedTest
    @CsvSource({
        "kafka:9092, kafka:9999",
        "QUARKUS_MAILER_PORT: \"3025\", QUARKUS_MAILER_PORT: \"1025\"",
        "http://payment-sandbox:8085, http://payment-sandbox:8080",
        "http://payment:8083/v1/provider-events, http://payment:8083/v1/events",
        "http://payment:8083/v1/provider-events, http://payments:8083/v1/provider-events",
        "http://collector:4317, http://collector:4318",
        "BROKER://kafka:9092, BROKER://kafka:9192",
        "15432}:5432, 15432}:5433",
        "11143}:3143, 11143}:3993",
        "http://localhost:3000/api/health, http://localhost:3001/api/health"
    })
    void addressesLeadSomewhere(String right, String wrong) {
        assertKept(Promises::addressesLeadSomewhere);
        assertBroken(right, wrong, Promises::addressesLeadSomewhere);
    }

    @Test
    void imagesAreExact() {
        assertKept(Promises::imagesAreExact);
        assertBroken("postgres:18.6-alpine", "postgres:latest", Promises::imagesAreExact);
        assertBroken("postgres:18.6-alpine", "postgres", Promises::imagesAreExact);
        assertBroken("postgres:18.6-alpine", "postgres:18-alpine", Promises::imagesAreExact);
        assertBroken("apache/kafka:4", "example.org/apache/kafka:4", Promises::imagesAreExact);
        assertBroken("quadrille/order:", "quadrille/payment:", Promises::imagesAreExact);
        assertBroken("-${QUADRILLE_FLAVOUR:-jvm}", "", Promises::imagesAreExact);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:18.6-alpine, postgres:18.5-alpine",
        "apache/kafka:4., apache/kafka:5.",
        "greenmail/standalone:2., greenmail/standalone:1."
    })
    void versionsAreThoseOfTheLocalStack(String right, String wrong) {
        assertKept(Promises::versionsAreThoseOfTheLocalStack);
        assertBroken(right, wrong, Promises::versionsAreThoseOfTheLocalStack);
    }

    @ParameterizedTest
    @CsvSource({
        "'  read_only: true', '  read_only: false'",
        "'cap_drop: [ALL]', 'cap_drop: [NET_RAW]'",
        "'no-new-privileges:true', 'no-new-privileges:false'",
        "'    mem_limit: 768m', '    privileged: true'",
        "'    mem_limit: 768m', '    network_mode: host'",
        "'databases.sql:ro', 'databases.sql'",
        "'/rules:ro', '/rules:rw'",
        "'65532:65532', '0:0'",
    })
    void containersAreConfined(String what, String otherwise) {
        assertKept(Promises::containersAreConfined);
        assertBroken(what, otherwise, Promises::containersAreConfined);
    }

    @ParameterizedTest
    @CsvSource({
        "QUADRILLE_ORDER_PORT:-8081}:8081, QUADRILLE_ORDER_PORT:-8091}:8081",
        "QUADRILLE_ORDER_PORT:-8081}:8081, QUADRILLE_ORDER_PORT:-8081}:8080",
        "'127.0.0.1:${QUADRILLE_IMAP_PORT', '0.0.0.0:${QUADRILLE_IMAP_PORT'",
        "QUADRILLE_SMTP_PORT, QUADRILLE_MAIL_PORT",
    })
    void portsAreThoseOfTheLocalStack(String what, String otherwise) {
        assertKept(Promises::portsAreThoseOfTheLocalStack);
        assertBroken(what, otherwise, Promises::portsAreThoseOfTheLocalStack);
    }

    @Test
    void servicesGetWhatTheyRead() {
        assertKept(Promises::servicesGetWhatTheyRead);
        assertBroken("QUARKUS_MAILER_HOST", "QUARKUS_MAIL_HOST", Promises::servicesGetWhatTheyRead);
        assertBroken(
                "      QUADRILLE_ORDER_DEADLINE:",
                "      QUADRILLE_ORDER_DEADLINES:",
                Promises::servicesGetWhatTheyRead);
        assertBroken(
                "      QUADRILLE_PAYMENT_PROVIDER_KEY: sk_test_quadrille\n",
                "",
                Promises::servicesGetWhatTheyRead);
    }

    @Test
    void theSandboxGetsWhatItReads() {
        assertKept(Promises::theSandboxGetsWhatItReads);
        assertBroken(
                "QUADRILLE_SANDBOX_DATA",
                "QUADRILLE_SANDBOX_HOME",
                Promises::theSandboxGetsWhatItReads);
        assertBroken(
                "QUADRILLE_SANDBOX_KEY: sk_test_quadrille",
                "QUADRILLE_SANDBOX_KEY: sk_test_other",
                Promises::theSandboxGetsWhatItReads);
    }

    @Test
    void jobsAreWhatTheirHelpKnows() {
        assertKept(Promises::jobsAreWhatTheirHelpKnows);
        assertBroken("command: [topics]", "command: [topic]", Promises::jobsAreWhatTheirHelpKnows);
        assertBroken(
                "[migrate, payment]", "[migrate, payments]", Promises::jobsAreWhatTheirHelpKnows);
        assertBroken(
                "QUADRILLE_READY_WITHIN", "QUADRILLE_WITHIN", Promises::jobsAreWhatTheirHelpKnows);
    }

    @Test
    void theStartIsGated() {
        assertKept(Promises::theStartIsGated);
        assertBroken("  restart: \"no\"\n", "", Promises::theStartIsGated);
        assertBroken(
                "kafka: {condition: service_healthy}",
                "kafka: {condition: service_started}",
                Promises::theStartIsGated);
        assertBroken("  kafka:\n", "  broker:\n", Promises::theStartIsGated);
        assertBroken("[migrate, order]", "[migrate, payment]", Promises::theStartIsGated);
        assertBroken(
                "      migrate-order: {condition: service_completed_successfully}\n",
                "",
                Promises::theStartIsGated);
        // Whoever waits for its health would wait for ever.
        assertBroken("    healthcheck:\n", "    x-check:\n", Promises::theStartIsGated);
    }

    @Test
    void theGateAsksEverybody() {
        assertKept(Promises::theGateAsksEverybody);
        assertBroken("payment:8083/q", "payment:8082/q", Promises::theGateAsksEverybody);
        assertBroken("8084/q/health/ready", "8084/health", Promises::theGateAsksEverybody);
        assertBroken("8085/healthz", "8085/health", Promises::theGateAsksEverybody);
        assertBroken("tcp://mail:", "tcp://mails:", Promises::theGateAsksEverybody);
    }

    @Test
    void theBrokerIsSetAsTheLocalOne() {
        assertKept(Promises::theBrokerIsSetAsTheLocalOne);
        assertBroken(
                "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: \"0\"",
                "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: \"3000\"",
                Promises::theBrokerIsSetAsTheLocalOne);
        assertBroken(
                "KAFKA_NUM_IO_THREADS", "KAFKA_IO_THREADS", Promises::theBrokerIsSetAsTheLocalOne);
    }

    @Test
    void theDatabasesAreThoseOfTheLocalStack() {
        assertKept(Promises::theDatabasesAreThoseOfTheLocalStack);
        assertBroken(
                "max_connections=200",
                "max_connections=100",
                Promises::theDatabasesAreThoseOfTheLocalStack);
        assertBroken(
                "postgres:5432/payment",
                "postgres:5432/order",
                Promises::theDatabasesAreThoseOfTheLocalStack);
        assertBroken(
                "QUARKUS_DATASOURCE_USERNAME: inventory",
                "QUARKUS_DATASOURCE_USERNAME: stock",
                Promises::theDatabasesAreThoseOfTheLocalStack);
    }

    @Test
    void whatIsMountedIsThere() {
        assertKept(Promises::whatIsMountedIsThere);
        assertBroken("databases.sql:", "database.sql:", Promises::whatIsMountedIsThere);
    }

    @Test
    void whatACommandReadsIsMounted() {
        assertKept(Promises::whatACommandReadsIsMounted);
        assertBroken(
                "--config.file=/etc/prometheus/prometheus.yml",
                "--config.file=/etc/prometheus.yml",
                Promises::whatACommandReadsIsMounted);
        assertBroken(
                ":/etc/otelcol-contrib/collector-debug.yaml:ro",
                ":/etc/otelcol/collector-debug.yaml:ro",
                Promises::whatACommandReadsIsMounted);
    }

    @Test
    void whatIsObservedIsThere() {
        assertKept(Promises::prometheusAsksEachService);
        assertBroken("  payment:\n", "  payments:\n", Promises::prometheusAsksEachService);
        assertBroken(
                ":/etc/prometheus/rules:", ":/etc/rules:", Promises::prometheusAsksEachService);
        assertKept(Promises::grafanaFindsItsDashboards);
        assertBroken(
                ":/var/lib/grafana/dashboards:",
                ":/etc/grafana/dashboards:",
                Promises::grafanaFindsItsDashboards);
        assertBroken("  prometheus:\n", "  metrics:\n", Promises::grafanaFindsItsDashboards);
    }

    /// Debian's docker-compose reads the file as Docker's would, before it looks for an engine.
    @Test
    void dockerComposeUnderstandsIt() throws Exception {
        assertThat(config("1.2.3")).isZero();
        assertThat(config("")).as("no version").isNotZero();
    }

    private int config(String version) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Tool.required("docker-compose", "install Debian's docker-compose")
                                        .toString(),
                                "-f",
                                ROOT.resolve("docker-compose.yml").toString(),
                                "config",
                                "--quiet")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("said").toFile());
        process.environment().put("QUADRILLE_VERSION", version);
        var running = process.start();
        assertThat(running.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return running.exitValue();
    }

    private static void assertKept(Function<Promises, List<String>> promise) {
        assertThat(promise.apply(new Promises(ComposeFile.parse(TEXT), ROOT))).isEmpty();
    }

    private static void assertBroken(
            String what, String otherwise, Function<Promises, List<String>> promise) {
        assertThat(TEXT).contains(what);

        var spoiled = ComposeFile.parse(TEXT.replace(what, otherwise));

        assertThat(promise.apply(new Promises(spoiled, ROOT)))
                .as("%s instead of %s", otherwise, what)
                .isNotEmpty();
    }

    private static String read() {
        try {
            return Files.readString(ROOT.resolve("docker-compose.yml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
