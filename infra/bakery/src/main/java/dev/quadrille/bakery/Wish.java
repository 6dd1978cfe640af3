package dev.quadrille.bakery;

import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `bake.sh` asks for.
///
/// @param names of the images; none means all that were built
/// @param root the project's folder
/// @param work where roots, recordings and images lie
/// @param registry with the path that comes before `quadrille/`; empty if nothing is to be pushed
/// @param created when the commit was made that the images are of
/// @param recording where the services and their AOT caches lie as they were recorded; empty if
///   there are none
/// @param source where the sources are; empty if nobody knows
record Wish(
        Kind kind,
        List<String> names,
        Path root,
        Path work,
        Optional<String> registry,
        String version,
        String revision,
        Instant created,
        Optional<String> source,
        Optional<Path> recording,
        String architecture) {

    enum Kind {
        BASES,
        JVM,
        NATIVE;

        static Kind of(String title) {
            return switch (title) {
                case "bases" -> BASES;
                case "jvm" -> JVM;
                case "native" -> NATIVE;
                default -> throw new IllegalArgumentException("Nothing is baked as " + title);
            };
        }
    }

    /// @throws IllegalArgumentException if it cannot be understood
    static Wish of(List<String> arguments) {
        var options = new HashMap<String, String>();
        for (int i = 1; i < arguments.size(); i += 2) {
            if (i + 1 == arguments.size() || !arguments.get(i).startsWith("--")) {
                throw new IllegalArgumentException("No value, or no option: " + arguments.get(i));
            }
            options.put(arguments.get(i).substring(2), arguments.get(i + 1));
        }
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("bases, jvm or native");
        }
        try {
            return new Wish(
                    Kind.of(arguments.getFirst()),
                    given(options, "images")
                            .map(names -> List.of(names.split(",")))
                            .orElse(List.of()),
                    Path.of(wanted(options, "root")),
                    Path.of(wanted(options, "work")),
                    given(options, "registry"),
                    wanted(options, "version"),
                    wanted(options, "revision"),
                    Instant.parse(wanted(options, "created")),
                    given(options, "source"),
                    given(options, "recording").map(Path::of),
                    wanted(options, "architecture"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("No time: " + e.getParsedString(), e);
        }
    }

    boolean wants(String name) {
        return names.isEmpty() || names.contains(name);
    }

    Digests digests() {
        return new Digests(work.resolve("digests-" + version + ".txt"));
    }

    private static Optional<String> given(Map<String, String> options, String name) {
        return Optional.ofNullable(options.get(name)).filter(value -> !value.isBlank());
    }

    private static String wanted(Map<String, String> options, String name) {
        return given(options, name)
                .orElseThrow(() -> new IllegalArgumentException("There is no --" + name));
    }
}
