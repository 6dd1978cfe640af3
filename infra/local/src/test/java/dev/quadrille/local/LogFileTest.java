package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    @TempDir private Path folder;

    @Test
    void theTellingLineIsTheLastCauseAndNotAFrameOfItsStack() {
        List<String> lines =
                List.of(
                        "2026-11-21 INFO  Starting",
                        "2026-11-21 ERROR Failed to start: java.lang.RuntimeException",
                        "\tat io.quarkus.runner.ApplicationImpl.doStart(Unknown Source)",
                        "Caused by: java.net.ConnectException: Connection refused: localhost:15432",
                        "\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)",
                        "\t... 12 more",
                        "2026-11-21 INFO  Stopped",
                        "");

        assertThat(LogFile.telling(lines))
                .isEqualTo(
                        "Caused by: java.net.ConnectException: Connection refused:"
                                + " localhost:15432");
    }

    @Test
    void withoutAReasonItIsTheLastLineThatSaysAnything() {
        assertThat(LogFile.telling(List.of("one", "two", " "))).isEqualTo("two");
        assertThat(LogFile.telling(List.of())).isEmpty();
    }

    @Test
    void aNewStartKeepsTheLogOfTheOneBefore() throws IOException {
        var log = new LogFile(folder.resolve("logs/order.log"));
        log.begin();
        Files.writeString(log.path(), "first");

        log.begin();

        assertThat(log.path()).isEmptyFile();
        assertThat(folder.resolve("logs/order.log.1")).hasContent("first");
    }

    @Test
    void aLogThatIsTooLongIsCutWhileItsPartGoesOnWriting() throws IOException {
        var log = new LogFile(folder.resolve("order.log"));
        try (OutputStream part =
                Files.newOutputStream(
                        log.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            part.write(new byte[21 * 1024 * 1024]);

            log.trim();
            part.write("after".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        assertThat(log.path()).hasContent("after");
        assertThat(folder.resolve("order.log.1")).hasSize(21 * 1024 * 1024);
    }
}
