package dev.quadrille.endtoend;

import static java.time.temporal.ChronoField.MILLI_OF_SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quadrille.testkit.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a service writes to its standard output in production is what the collector of logs reads.
class LogLinesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ENOUGH = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyLineOfAServiceIsAnObjectWithATimeThatTheParserReads(@TempDir Path folder)
            throws Exception {
        var parser =
                new YAMLMapper()
                        .readTree(
                                TestStack.root()
                                        .resolve("infra/observability/fluent-bit/fluent-bit.yaml")
                                        .toFile())
                        .at("/parsers/0");
        var format = format(parser.path("time_format").asText());

        var lines = linesOfAService(folder.resolve("log"));

        assertThat(parser.path("format").asText()).isEqualTo("json");
        assertThat(lines)
                .hasSizeGreaterThanOrEqualTo(ENOUGH)
                .allSatisfy(line -> {
                    var time = line.path(parser.path("time_key").asText()).asText();
                    assertThat(OffsetDateTime.parse(time, format))
                            .isCloseTo(OffsetDateTime.now(), within(10, ChronoUnit.MINUTES));
                    assertThat(line.path("level").asText()).isNotBlank();
                    assertThat(line.path("message").asText()).isNotBlank();
                });
    }

    /// One that has neither database nor broker, which is much to write about.
    private static List<JsonNode> linesOfAService(Path log) throws Exception {
        var jar = TestStack.root().resolve("services/order/target/quarkus-app/quarkus-run.jar");
        var start =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-Xmx128m",
                                "-jar",
                                jar.toString())
                        .redirectOutput(log.toFile())
                        .redirectError(log.resolveSibling("errors").toFile());
        start.environment().put("QUARKUS_HTTP_PORT", "0");
        start.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        start.environment().put("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://localhost:1/none");
        start.environment().put("KAFKA_BOOTSTRAP_SERVERS", "localhost:1");
        start.environment().remove("QUARKUS_LOG_CONSOLE_JSON_ENABLED");
        var process = start.start();
        try {
            await().atMost(PATIENCE).until(() -> whole(log).size() >= ENOUGH);
            return whole(log).stream().map(LogLinesIT::read).toList();
        } finally {
            process.destroyForcibly();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /// Without the last line, which may be half there.
    private static List<String> whole(Path log) throws IOException {
        var text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + line, e);
        }
    }

    /// What `strptime` and Fluent Bit's %L mean, in Java's terms.
    private static DateTimeFormatter format(String strptime) {
        var format = new DateTimeFormatterBuilder();
        for (int i = 0; i < strptime.length(); i++) {
            char c = strptime.charAt(i);
            if (c != '%') {
                format.appendLiteral(c);
                continue;
            }
            switch (strptime.charAt(++i)) {
                case 'Y' -> format.appendPattern("yyyy");
                case 'm' -> format.appendPattern("MM");
                case 'd' -> format.appendPattern("dd");
                case 'H' -> format.appendPattern("HH");
                case 'M' -> format.appendPattern("mm");
                case 'S' -> format.appendPattern("ss");
                case 'L' -> format.appendValue(MILLI_OF_SECOND, 3);
                case 'z' -> format.appendPattern("XXX");
                default -> throw new IllegalArgumentException(strptime);
            }
        }
        return format.toFormatter(Locale.ROOT);
    }
}
