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
import java.util.stream.Stream;

/// How a stack is to be, from the environment. `./run.sh help` explains the variables.
///
/// @param root the project's folder, where the services' builds are
/// @param cache where PostgreSQL's binaries are unpacked; homes of the same project share it
/// @param ports every port has an entry
/// @param chosen the ports that the environment sets, which `--free-ports` leaves alone
/// @param replicas how many processes of each service there are to be
/// @param freePorts the ports of replicas after the first, where `--free-ports` has chosen them
/// @param javaOptions of each service's JVMs
/// @param flavour what the services are to be, where it was built
/// @param records whether they record the cache of [Flavour#AOT], which they write as they end
/// @param textLogs whether the services are to log as people read it; else as the environment says
record Settings(
        Path root,
        Home home,
        Path cache,
        Map<Port, Integer> ports,
        Set<Port> chosen,
        int replicas,
        Map<Instance, Integer> freePorts,
        int partitions,
        String topicPrefix,
        Map<Part, List<String>> javaOptions,
        Flavour flavour,
        boolean records,
        boolean textLogs,
        Duration startTimeout) {

    static final String JSON_LOGS = "QUARKUS_LOG_CONSOLE_JSON_ENABLED";

    /// From a service's port to that of its next replica.
    private static final int PORT_STEP = 100;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_PARTITIONS = 100;
    private static final int MAX_START_TIMEOUT_SECONDS = 3600;
    private static final Pattern TOPIC_PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,100}");

    Settings {
        ports = Map.copyOf(ports);
        chosen = Set.copyOf(chosen);
        freePorts = Map.copyOf(freePorts);
        javaOptions = Map.copyOf(javaOptions);
    }

    int port(Port port) {
        return java.util.Objects.requireNonNull(ports.get(port));
    }

    /// The one under which it is known.
    int port(Instance instance) {
        return freePorts.getOrDefault(
                instance, port(Port.of(instance.part())) + PORT_STEP * (instance.replica() - 1));
    }

    List<String> javaOptions(Part service) {
        return javaOptions.getOrDefault(service, List.of());
    }

    /// @param root the project's folder, unless the environment says otherwise
    static Parsed<Settings> from(Map<String, String> environment, Path root) {
        try {
            return new Parsed.Good<>(read(environment, root));
        } catch (Unfit unfit) {
            return new Parsed.Wrong<>(unfit.line);
        }
    }

    /// With the replicas on the ports that follow from those of the first ones.
    Parsed<Settings> withReplicas(int replicas) {
        Settings replicated = with(replicas, ports, Map.of());
        var taken = new HashMap<Integer, String>();
        ports.forEach((port, number) -> taken.put(number, port.variable()));
        for (Instance instance : further(replicas)) {
            int number = replicated.port(instance);
            String where = "The port of %s would be %d, ".formatted(instance.title(), number);
            String remedy =
                    ". Remedy: set %s to another, or use --free-ports."
                            .formatted(Port.of(instance.part()).variable());
            if (number > MAX_PORT) {
                return new Parsed.Wrong<>(where + "and the last is " + MAX_PORT + remedy);
            }
            String other = taken.put(number, "the port of " + instance.title());
            if (other != null) {
                return new Parsed.Wrong<>(where + "and so is " + other + remedy);
            }
        }
        return new Parsed.Good<>(replicated);
    }

    /// @param free gives a port that is free, another one each time
    Settings withFreePorts(int replicas, IntSupplier free) {
        var first = new EnumMap<>(ports);
        for (Port port : Port.values()) {
            if (!chosen.contains(port)) {
                first.put(port, free.getAsInt());
            }
        }
        var more = new HashMap<Instance, Integer>();
        for (Instance instance : further(replicas)) {
            more.put(instance, free.getAsInt());
        }
        return with(replicas, first, more);
    }

    Settings with(Flavour wished, boolean recording) {
        return new Settings(
                root,
                home,
                cache,
                ports,
                chosen,
                replicas,
                freePorts,
                partitions,
                topicPrefix,
                javaOptions,
                wished,
                recording,
                textLogs,
                startTimeout);
    }

    private static List<Instance> further(int replicas) {
        return Part.services()
                .flatMap(service -> Instance.of(service, replicas))
                .filter(instance -> instance.replica() > 1)
                .toList();
    }

    private Settings with(int replicas, Map<Port, Integer> ports, Map<Instance, Integer> free) {
        return new Settings(
                root,
                home,
                cache,
                ports,
                chosen,
                replicas,
                free,
                partitions,
                topicPrefix,
                javaOptions,
                flavour,
                records,
                textLogs,
                startTimeout);
    }

    private static Settings read(Map<String, String> environment, Path root) throws Unfit {
        var ports = new EnumMap<Port, Integer>(Port.class);
        var chosen = EnumSet.noneOf(Port.class);
        for (Port port : Port.values()) {
            if (isSet(environment, port.variable())) {
                chosen.add(port);
            }
            ports.put(port, number(environment, port.variable(), port.standard(), MAX_PORT));
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
                1,
                Map.of(),
                number(
                        environment,
                        "QUADRILLE_PARTITIONS",
                        Topic.DEFAULT_PARTITIONS,
                        MAX_PARTITIONS),
                prefix,
                javaOptions(environment),
                Flavour.AOT,
                false,
                !isSet(environment, JSON_LOGS),
                Duration.ofSeconds(
                        number(
                                environment,
                                "QUADRILLE_START_TIMEOUT",
                                60,
                                MAX_START_TIMEOUT_SECONDS)));
    }

    /// The general ones first: of two that contradict each other, a JVM takes the later.
    private static Map<Part, List<String>> javaOptions(Map<String, String> environment) {
        var all = new EnumMap<Part, List<String>>(Part.class);
        Part.services()
                .forEach(service ->
                        all.put(
                                service,
                                Stream.of(
                                                "QUADRILLE_JAVA_OPTS",
                                                "QUADRILLE_" + service.name() + "_JAVA_OPTS")
                                        .map(name -> environment.getOrDefault(name, ""))
                                        .flatMap(text -> Arrays.stream(text.split("\\s+", -1)))
                                        .filter(option -> !option.isEmpty())
                                        .toList()));
        return all;
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
