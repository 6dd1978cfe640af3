package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private static final Path ROOT = Path.of("/project");

    @Test
    void anEmptyEnvironmentGivesTheDefaults() {
        Settings settings = good(Map.of());

        assertThat(settings.home().folder()).isEqualTo(ROOT.resolve(".quadrille"));
        assertThat(settings.port(Port.POSTGRES)).isEqualTo(15432);
        assertThat(settings.port(Port.KAFKA)).isEqualTo(19092);
        assertThat(settings.port(Port.SMTP)).isEqualTo(11025);
        assertThat(settings.port(Port.IMAP)).isEqualTo(11143);
        assertThat(settings.port(Port.ORDER)).isEqualTo(8081);
        assertThat(settings.port(Port.SANDBOX)).isEqualTo(8085);
        assertThat(settings.partitions()).isEqualTo(6);
        assertThat(settings.topicPrefix()).isEmpty();
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void everythingCanBeSet() {
        Settings settings =
                good(
                        Map.of(
                                "QUADRILLE_HOME", "/elsewhere/../home",
                                "QUADRILLE_ROOT", "/other",
                                "QUADRILLE_ORDER_PORT", " 9081 ",
                                "QUADRILLE_PARTITIONS", "12",
                                "QUADRILLE_TOPIC_PREFIX", "test.",
                                "QUADRILLE_JAVA_OPTS", " -Da=b  -Xmx1g",
                                "QUADRILLE_START_TIMEOUT", "5"));

        assertThat(settings.home().folder()).isEqualTo(Path.of("/home"));
        assertThat(settings.root()).isEqualTo(Path.of("/other"));
        assertThat(settings.cache()).isEqualTo(Path.of("/other/.quadrille/cache"));
        assertThat(settings.port(Port.ORDER)).isEqualTo(9081);
        assertThat(settings.partitions()).isEqualTo(12);
        assertThat(settings.topicPrefix()).isEqualTo("test.");
        assertThat(settings.javaOptions(Part.ORDER)).containsExactly("-Da=b", "-Xmx1g");
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void freePortsLeaveAloneWhatTheEnvironmentSets() {
        var next = new AtomicInteger(20_000);

        Settings settings =
                good(Map.of("QUADRILLE_KAFKA_PORT", "19092"))
                        .withFreePorts(1, next::incrementAndGet);

        assertThat(settings.port(Port.KAFKA)).isEqualTo(19092);
        assertThat(settings.ports().values()).doesNotHaveDuplicates();
        assertThat(settings.port(Port.POSTGRES)).isGreaterThan(20_000);
    }

    @Test
    void aReplicaIsAHundredPortsFromTheOneBefore() {
        Settings settings = replicated(Map.of("QUADRILLE_ORDER_PORT", "9081"), 3);

        assertThat(settings.port(new Instance(Part.ORDER, 1))).isEqualTo(9081);
        assertThat(settings.port(new Instance(Part.ORDER, 2))).isEqualTo(9181);
        assertThat(settings.port(new Instance(Part.PAYMENT, 3))).isEqualTo(8283);
        assertThat(settings.port(Instance.first(Part.KAFKA))).isEqualTo(19092);
    }

    @Test
    void withFreePortsEveryReplicaHasOneOfItsOwn() {
        var next = new AtomicInteger(20_000);

        Settings settings =
                good(Map.of("QUADRILLE_ORDER_PORT", "9081"))
                        .withFreePorts(4, next::incrementAndGet);

        assertThat(settings.port(Instance.first(Part.ORDER))).isEqualTo(9081);
        assertThat(Instance.all().filter(instance -> instance.replica() > 1).map(settings::port))
                .hasSize(12)
                .doesNotHaveDuplicates()
                .allMatch(port -> port > 20_000)
                .doesNotContainAnyElementsOf(settings.ports().values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "QUADRILLE_SMTP_PORT  | 8181  | The port of order-2 would be 8181, and so is"
                    + " QUADRILLE_SMTP_PORT. Remedy: set QUADRILLE_ORDER_PORT to another, or use"
                    + " --free-ports.",
                "QUADRILLE_ORDER_PORT | 8182  | The port of inventory-2 would be 8182, and so is"
                    + " QUADRILLE_ORDER_PORT. Remedy: set QUADRILLE_INVENTORY_PORT to another, or"
                    + " use --free-ports.",
                "QUADRILLE_ORDER_PORT | 65500 | The port of order-2 would be 65600, and the last is"
                        + " 65535. Remedy: set QUADRILLE_ORDER_PORT to another, or use"
                        + " --free-ports.",
            })
    void aReplicaWithoutAPortIsSaidInOneLine(String variable, String value, String line) {
        Settings settings = good(Map.of(variable, value));

        assertThat(settings.withReplicas(2)).isEqualTo(new Parsed.Wrong<Settings>(line));
        assertThat(settings.withReplicas(1)).isInstanceOf(Parsed.Good.class);
    }

    @Test
    void aServicesOwnJavaOptionsComeAfterTheGeneralOnes() {
        Settings settings =
                good(
                        Map.of(
                                "QUADRILLE_JAVA_OPTS", "-Xmx1g -Da=b",
                                "QUADRILLE_ORDER_JAVA_OPTS", " -Xmx2g "));

        assertThat(settings.javaOptions(Part.ORDER)).containsExactly("-Xmx1g", "-Da=b", "-Xmx2g");
        assertThat(settings.javaOptions(Part.PAYMENT)).containsExactly("-Xmx1g", "-Da=b");
    }

    @Test
    void logsAreForPeopleUnlessTheEnvironmentSaysOtherwise() {
        assertThat(good(Map.of()).textLogs()).isTrue();
        assertThat(good(Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true")).textLogs()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "QUADRILLE_ORDER_PORT    | http  | QUADRILLE_ORDER_PORT is 'http', but must be a"
                        + " number from 1 to 65535.",
                "QUADRILLE_ORDER_PORT    | 0     | QUADRILLE_ORDER_PORT is '0', but must be a"
                        + " number from 1 to 65535.",
                "QUADRILLE_ORDER_PORT    | 65536 | QUADRILLE_ORDER_PORT is '65536', but must be a"
                        + " number from 1 to 65535.",
                "QUADRILLE_ORDER_PORT    | 8082  | QUADRILLE_ORDER_PORT and"
                        + " QUADRILLE_INVENTORY_PORT are both 8082: every port needs its own.",
                "QUADRILLE_PARTITIONS    | -1    | QUADRILLE_PARTITIONS is '-1', but must be a"
                        + " number from 1 to 100.",
                "QUADRILLE_TOPIC_PREFIX  | a b   | QUADRILLE_TOPIC_PREFIX is 'a b', but a topic's"
                        + " name has only letters, digits, '.', '_' and '-'.",
                "QUADRILLE_START_TIMEOUT | 60s   | QUADRILLE_START_TIMEOUT is '60s', but must be a"
                        + " number from 1 to 3600.",
            })
    void aValueThatDoesNotFitIsSaidInOneLine(String variable, String value, String line) {
        assertThat(Settings.from(Map.of(variable, value), ROOT))
                .isEqualTo(new Parsed.Wrong<Settings>(line));
    }

    private static Settings good(Map<String, String> environment) {
        return good(Settings.from(environment, ROOT));
    }

    private static Settings replicated(Map<String, String> environment, int replicas) {
        return good(good(environment).withReplicas(replicas));
    }

    private static Settings good(Parsed<Settings> parsed) {
        return switch (parsed) {
            case Parsed.Good(var settings) -> settings;
            case Parsed.Wrong(var line) -> throw new AssertionError(line);
        };
    }
}
