package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.fail;

import dev.quadrille.deployment.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Renders as a deployment does, by the Kustomize that is in kubectl.
public final class Kustomize {

    static final Path KUBERNETES = Path.of(System.getProperty("quadrille.root"), "kubernetes");

    public static final List<String> ENVIRONMENTS = List.of("dev", "staging", "production");

    private static final int LIMIT_SECONDS = 120;

    private Kustomize() {}

    public static Rendered overlay(String environment) {
        return rendered(KUBERNETES.resolve("overlays").resolve(environment));
    }

    static Rendered rendered(Path folder) {
        var kubectl = kubectl();
        try {
            var said = Files.createTempFile("rendered", ".yaml");
            var complaints = Files.createTempFile("rendered", ".txt");
            try {
                var process =
                        new ProcessBuilder(kubectl.toString(), "kustomize", folder.toString())
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

    static Path kubectl() {
        return Tool.required("kubectl", "install kubectl 1.27 or newer (Debian's own is older)");
    }
}
