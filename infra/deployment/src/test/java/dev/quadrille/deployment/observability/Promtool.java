package dev.quadrille.deployment.observability;

import static org.junit.jupiter.api.Assertions.fail;

import dev.quadrille.deployment.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Prometheus' own judge of its rules, as installed.
final class Promtool {

    /// The slowest file takes seconds.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Promtool() {}

    /// @param output all that it said
    record Verdict(int exitCode, String output) {}

    /// @param folder that relative paths are meant from
    static Verdict run(Path folder, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Tool.required("promtool", "install Debian's package prometheus").toString());
        command.addAll(List.of(arguments));
        try {
            var output = Files.createTempFile("promtool", ".txt");
            try {
                var process =
                        new ProcessBuilder(command)
                                .directory(folder.toFile())
                                .redirectErrorStream(true)
                                .redirectOutput(output.toFile())
                                .start();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    fail("promtool took longer than " + LIMIT);
                }
                return new Verdict(
                        process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
