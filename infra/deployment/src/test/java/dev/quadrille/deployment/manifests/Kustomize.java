package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Renders as a deployment does, by the Kustomize that is in kubectl.
final class Kustomize {

    static final Path KUBERNETES = Path.of(System.getProperty("quadrille.root"), "kubernetes");

    static final List<String> ENVIRONMENTS = List.of("dev", "staging", "production");

    private static final int LIMIT_SECONDS = 120;

    private Kustomize() {}

    static Rendered overlay(String environment) {
        return rendered(KUBERNETES.resolve("overlays").resolve(environment));
    }

    /// Skips the test if there is no kubectl, but not in CI.
    static Rendered rendered(Path folder) {
        requireKubectl();
        try {
            var said = Files.createTempFile("rendered", ".yaml");
            var complaints = Files.createTempFile("rendered", ".txt");
            try {
                var process =
                        new ProcessBuilder("kubectl", "kustomize", folder.toString())
                                .redirectOutput(said.toFile())
                                .redirectError(complaints.toFile())
                                .start();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    fail("kubectl kustomize %s takes longer than %d s", folder, LIMIT_SECONDS);
                }
                var warnings = Files.readString(complaints);
                if (process.exitValue() != 0 || !warnings.isBlank()) {
                    fail("kubectl kustomize %s: %s", folder, warnings);
                }
                return Rendered.of(said);
            } finally {
                Files.delete(said);
                Files.delete(complaints);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void requireKubectl() {
        boolean isThere =
                Stream.of(
                                Optional.ofNullable(System.getenv("PATH"))
                                        .orElse("")
                                        .split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        if (!isThere && "true".equals(System.getenv("CI"))) {
            fail(
                    "There is no kubectl, which renders the overlays. Remedy: install kubectl 1.27"
                            + " or newer (Debian's own is older).");
        }
        Assumptions.assumeTrue(
                isThere, "Skipped: there is no kubectl on the PATH, which renders the overlays.");
    }
}
