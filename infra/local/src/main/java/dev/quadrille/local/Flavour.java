package dev.quadrille.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a service's process is made of. All of them are the same service, with the same settings;
/// they differ in how fast they start and in what memory they take.
public enum Flavour {
    /// The jars, as the build leaves them.
    JVM,
    /// The same jars, with a cache of classes that are loaded and linked already, and of what was
    /// seen of their methods while orders ran (JEP 483, 514, 515).
    AOT,
    /// The native image, if it was built: `./native-build.sh`.
    NATIVE;

    /// This one, or the next best that was built.
    Flavour built(Path root, String service) {
        return switch (this) {
            case JVM -> JVM;
            case AOT -> artefact(root, service).isPresent() ? AOT : JVM;
            case NATIVE -> artefact(root, service).isPresent() ? NATIVE : AOT.built(root, service);
        };
    }

    /// Its name on the command line.
    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param root the project's folder
    /// @param service its name
    /// @return the file that makes the difference; empty if there is none
    public Optional<Path> artefact(Path root, String service) {
        Path target = root.resolve("services").resolve(service).resolve("target");
        return switch (this) {
            case JVM -> there(target.resolve("quarkus-app/quarkus-run.jar"));
            case AOT -> there(cache(root, service));
            case NATIVE -> runner(target, service);
        };
    }

    /// Where the cache is to be, built or not. Beside the jars: a new build of them deletes it.
    static Path cache(Path root, String service) {
        return root.resolve("services/" + service + "/target/quarkus-app/app.aot");
    }

    private static Optional<Path> there(Path file) {
        return Optional.of(file).filter(Files::exists);
    }

    /// Its name has the version in it.
    private static Optional<Path> runner(Path target, String service) {
        if (!Files.isDirectory(target)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(
                            file -> file.getFileName().toString().matches(service + "-.*-runner"))
                    .filter(Files::isExecutable)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
