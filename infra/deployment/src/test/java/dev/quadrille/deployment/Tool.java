package dev.quadrille.deployment;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// A program that this machine may have, and CI has.
public final class Tool {

    private Tool() {}

    /// Where it is on the PATH. Without it the test is skipped, but not in CI: there it is tested,
    /// or nowhere.
    ///
    /// @param remedy where it comes from
    public static Path required(String name, String remedy) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> without("There is no %s. Remedy: %s".formatted(name, remedy)));
    }

    private static Path without(String said) {
        return "true".equals(System.getenv("CI")) ? fail(said) : abort(said);
    }
}
