package dev.quadrille.deployment.observability;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Prometheus' own judge of its rules, as installed.
final class Promtool {

    /// The slowest file takes seconds.
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String REMEDY =
            "There is no promtool. Remedy: install it (Debian's package prometheus has it), with"
                    + " promtool on the PATH.";

    private Promtool() {}

    /// @param output all that it said
    record Verdict(int exitCode, String output) {}

    /// Skips the test where there is no promtool. In CI that is a failure: there the rules are
    /// judged, or nowhere.
    static void need() {
        boolean isThere =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
        if (isThere) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail(REMEDY);
        }
        abort("The alerts are not tested. " + REMEDY);
    }

    /// @param folder that relative paths are meant from
    static Verdict run(Path folder, String... arguments) {
        need();
        var command = new ArrayList<>(List.of("promtool"));
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
