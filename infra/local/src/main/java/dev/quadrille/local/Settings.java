package dev.quadrille.local;

import dev.quadrille.contract.Topic;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/// How a stack is to be, from the environment. `./run.sh help` explains the variables.
///
/// @param root the project's folder, where the services' builds are
/// @param cache where PostgreSQL's binaries are unpacked; homes of the same project share it
/// @param ports every port has an entry
/// @param chosen the ports that the environment sets, which `--free-ports` leaves alone
record Settings(
        Path root,
        Home home,
        Path cache,
        Map<Port, Integer> ports,
        Set<Port> chosen,
        int partitions,
        String topicPrefix,
        List<String> javaOptions,
        Duration startTimeout) {

    private static final int MAX_PARTITIONS = 100;
    private static final int MAX_START_TIMEOUT_SECONDS = 3600;
    private static final Pattern TOPIC_PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,100}");

    Settings {
        ports = Map.copyOf(ports);
        chosen = Set.copyOf(chosen);
        javaOptions = List.copyOf(javaOptions);
    }

    int port(Port port) {
        return java.util.Objects.requireNonNull(ports.get(port));
    }

    /// @param root the project's folder, unless the environment says otherwise
    static Parsed<Settings> from(Map<String, String> environment, Path root) {
        try {
            return new Parsed.Good<>(read(environment, root));
        } catch (Unfit unfit) {
            return new Parsed.Wrong<>(unfit.line);
        }
    }

    /// @param free gives a port that is free, another one each time
    Settings withFreePorts(IntSupplier free) {
        var all = new EnumMap<>(ports);
        for (Port port : Port.values()) {
            if (!chosen.contains(port)) {
                all.put(port, free.getAsInt());
            }
        }
        return new Settings(
                root, home, cache, all, chosen, partitions, topicPrefix, javaOptions, startTimeout);
    }

    private static Settings read(Map<String, String> environment, Path root) throws Unfit {
        var ports = new EnumMap<Port, Integer>(Port.class);
        var chosen = EnumSet.noneOf(Port.class);
        for (Port port : Port.values()) {
            if (isSet(environment, port.variable())) {
                chosen.add(port);
            }
            ports.put(port, number(environment, port.variable(), port.standard(), 65_535));
        }
        var taken = new HashMap<Integer, Port>();
        for (var entry : ports.entrySet()) {
            Port other = taken.put(entry.getValue(), entry.getKey());
            if (other != null) {
                throw new Unfit(
                        "%s and %s are both %d: every port needs its own."
                                .formatted(
                                        other.variable(),
                                        entry.getKey().variable(),
                                        entry.getValue()));
            }
        }
        String prefix = environment.getOrDefault("QUADRILLE_TOPIC_PREFIX", "");
        if (!TOPIC_PREFIX.matcher(prefix).matches()) {
            throw new Unfit(
                    "QUADRILLE_TOPIC_PREFIX is '"
                            + prefix
                            + "', but a topic's name has only letters, digits, '.', '_' and '-'.");
        }
        Path project = folder(environment, "QUADRILLE_ROOT", root);
        Path ofProject = project.resolve(".quadrille");
        return new Settings(
                project,
                new Home(folder(environment, "QUADRILLE_HOME", ofProject)),
                folder(environment, "QUADRILLE_CACHE", ofProject.resolve("cache")),
                ports,
                chosen,
                number(
                        environment,
                        "QUADRILLE_PARTITIONS",
                        Topic.DEFAULT_PARTITIONS,
                        MAX_PARTITIONS),
                prefix,
                Arrays.stream(environment.getOrDefault("QUADRILLE_JAVA_OPTS", "").split("\\s+", -1))
                        .filter(option -> !option.isEmpty())
                        .toList(),
                Duration.ofSeconds(
                        number(
                                environment,
                                "QUADRILLE_START_TIMEOUT",
                                60,
                                MAX_START_TIMEOUT_SECONDS)));
    }

    private static boolean isSet(Map<String, String> environment, String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }

    private static int number(
            Map<String, String> environment, String variable, int standard, int most) throws Unfit {
        if (!isSet(environment, variable)) {
            return standard;
        }
        String text = environment.getOrDefault(variable, "").strip();
        if (!text.matches("[0-9]{1,9}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > most) {
            throw new Unfit(
                    "%s is '%s', but must be a number from 1 to %d."
                            .formatted(variable, text, most));
        }
        return Integer.parseInt(text);
    }

    private static Path folder(Map<String, String> environment, String variable, Path standard)
            throws Unfit {
        if (!isSet(environment, variable)) {
            return standard;
        }
        String text = environment.getOrDefault(variable, "");
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Unfit("%s is '%s', which is not a path.".formatted(variable, text));
        }
    }

    /// Ends the reading at the first value that does not fit; never leaves this class.
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final String line;

        Unfit(String line) {
            super(line);
            this.line = line;
        }
    }
}
