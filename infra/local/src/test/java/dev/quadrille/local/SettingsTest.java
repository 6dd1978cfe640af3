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
        assertThat(settings.javaOptions()).containsExactly("-Da=b", "-Xmx1g");
        assertThat(settings.startTimeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void freePortsLeaveAloneWhatTheEnvironmentSets() {
        var next = new AtomicInteger(20_000);

        Settings settings =
                good(Map.of("QUADRILLE_KAFKA_PORT", "19092")).withFreePorts(next::incrementAndGet);

        assertThat(settings.port(Port.KAFKA)).isEqualTo(19092);
        assertThat(settings.ports().values()).doesNotHaveDuplicates();
        assertThat(settings.port(Port.POSTGRES)).isGreaterThan(20_000);
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
        return switch (Settings.from(environment, ROOT)) {
            case Parsed.Good(var settings) -> settings;
            case Parsed.Wrong(var line) -> throw new AssertionError(line);
        };
    }
}
