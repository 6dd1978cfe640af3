package dev.quadrille.local;

import static java.util.stream.Collectors.joining;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the launcher is asked to do. [#parse] is pure; [Quadrille] carries it out.
sealed interface Command {

    /// Start the stack, and watch over it.
    ///
    /// @param parts what to start
    /// @param fresh delete the data first
    /// @param detach return once the stack is ready, and leave it running
    /// @param freePorts take a free port wherever the environment does not set one
    /// @param ownerPid the process whose end is the stack's end too
    /// @param replicas how many processes of each service
    /// @param flavour what the services are to be, where it was built
    /// @param records whether the services record their AOT caches, and write them as they end
    record Up(
            Set<Part> parts,
            boolean fresh,
            boolean detach,
            boolean freePorts,
            OptionalLong ownerPid,
            int replicas,
            Flavour flavour,
            boolean records)
            implements Command {
        public Up {
            parts = Set.copyOf(parts);
        }

        /// All the processes that are wished for, in the order in which they are started.
        List<Instance> instances() {
            return parts.stream().flatMap(part -> Instance.of(part, replicas)).sorted().toList();
        }

        /// The same again, for a launcher that does not return.
        List<String> argumentsToStay() {
            var arguments = new ArrayList<>(List.of("up", "--only", titles()));
            if (fresh) {
                arguments.add("--fresh");
            }
            if (freePorts) {
                arguments.add("--free-ports");
            }
            ownerPid.ifPresent(pid -> arguments.addAll(List.of("--owner", Long.toString(pid))));
            arguments.addAll(List.of("--replicas", Integer.toString(replicas)));
            switch (flavour) {
                case JVM -> arguments.add("--no-aot");
                case AOT -> {}
                case NATIVE -> arguments.add("--native");
            }
            if (records) {
                arguments.add("--record");
            }
            return arguments;
        }

        private String titles() {
            return parts.stream().sorted().map(Part::title).collect(joining(","));
        }
    }

    record Stop() implements Command {}

    record Status() implements Command {}

    /// @param instance all of them if empty
    record Logs(Optional<Instance> instance, boolean follow) implements Command {}

    record Restart(Instance instance) implements Command {}

    /// Show what the stack can do, and start it before if it is not up.
    record Demonstrate(int replicas) implements Command {

        Up up() {
            return new Up(
                    EnumSet.allOf(Part.class),
                    false,
                    true,
                    false,
                    OptionalLong.empty(),
                    replicas,
                    Flavour.AOT,
                    false);
        }
    }

    /// Bring the databases of the stack that runs up to date once more.
    record Migrate() implements Command {}

    /// Record the services' AOT caches while orders run, on a stack of its own.
    record Recording() implements Command {

        Up up(long owner) {
            return new Up(
                    EnumSet.allOf(Part.class),
                    true,
                    true,
                    true,
                    OptionalLong.of(owner),
                    1,
                    Flavour.JVM,
                    true);
        }
    }

    record Help() implements Command {}

    static Parsed<Command> parse(List<String> arguments) {
        var rest = new ArrayDeque<>(arguments);
        String first = rest.isEmpty() || rest.peek().startsWith("--") ? "up" : rest.remove();
        return switch (first) {
            case "up" -> wantsHelp(rest) ? good(new Help()) : up(rest);
            case "stop" -> alone(new Stop(), rest);
            case "status" -> alone(new Status(), rest);
            case "logs" -> logs(rest);
            case "restart" -> restart(rest);
            case "migrate" -> alone(new Migrate(), rest);
            case "record" -> alone(new Recording(), rest);
            case "demo" -> wantsHelp(rest) ? good(new Help()) : demo(rest);
            case "help", "-h", "-help" -> good(new Help());
            default -> wrong("There is no command '" + first + "'. ./run.sh help lists them.");
        };
    }

    private static boolean wantsHelp(Deque<String> arguments) {
        return arguments.contains("--help");
    }

    private static Parsed<Command> up(Deque<String> arguments) {
        Set<Part> parts = EnumSet.allOf(Part.class);
        boolean fresh = false;
        boolean detach = false;
        boolean freePorts = false;
        OptionalLong ownerPid = OptionalLong.empty();
        int replicas = 1;
        var flavour = Flavour.AOT;
        boolean records = false;
        while (!arguments.isEmpty()) {
            String argument = arguments.peek();
            String option = option(arguments);
            switch (option) {
                case "--fresh" -> fresh = true;
                case "--detach" -> detach = true;
                case "--free-ports" -> freePorts = true;
                case "--record" -> records = true;
                case "--native" -> flavour = Flavour.NATIVE;
                case "--no-aot" -> flavour = Flavour.JVM;
                case "--only", "--without" -> {
                    switch (parts(option, arguments.poll())) {
                        case Parsed.Good(var named) when option.equals("--only") ->
                                parts.retainAll(named);
                        case Parsed.Good(var named) -> parts.removeAll(named);
                        case Parsed.Wrong(var line) -> {
                            return wrong(line);
                        }
                    }
                }
                case "--owner" -> {
                    String pid = String.valueOf(arguments.poll());
                    if (!pid.matches("[1-9][0-9]{0,9}")) {
                        return wrong("--owner takes the id of a process, not '" + pid + "'.");
                    }
                    ownerPid = OptionalLong.of(Long.parseLong(pid));
                }
                case "--replicas" -> {
                    switch (replicas(arguments.poll())) {
                        case Parsed.Good(var number) -> replicas = number;
                        case Parsed.Wrong(var line) -> {
                            return wrong(line);
                        }
                    }
                }
                default -> {
                    return wrong(
                            "There is no option '" + argument + "'. ./run.sh help lists them.");
                }
            }
        }
        if (parts.isEmpty()) {
            return wrong("Nothing is left to start. The parts are: " + Part.titles() + ".");
        }
        return good(new Up(parts, fresh, detach, freePorts, ownerPid, replicas, flavour, records));
    }

    private static Parsed<Command> demo(Deque<String> arguments) {
        int replicas = 1;
        while (!arguments.isEmpty()) {
            if (!option(arguments).equals("--replicas")) {
                return wrong(
                        "demo has one option, --replicas N. ./run.sh help lists what there is.");
            }
            switch (replicas(arguments.poll())) {
                case Parsed.Good(var number) -> replicas = number;
                case Parsed.Wrong(var line) -> {
                    return wrong(line);
                }
            }
        }
        return good(new Demonstrate(replicas));
    }

    private static Parsed<Command> logs(Deque<String> arguments) {
        Optional<Instance> instance = Optional.empty();
        boolean follow = false;
        while (!arguments.isEmpty()) {
            String argument = arguments.remove();
            if (argument.equals("-f") || argument.equals("--follow")) {
                follow = true;
                continue;
            }
            instance = Instance.titled(argument);
            if (instance.isEmpty()) {
                return unknownInstance(argument);
            }
        }
        return good(new Logs(instance, follow));
    }

    private static Parsed<Command> restart(Deque<String> arguments) {
        String title = arguments.size() == 1 ? arguments.remove() : "";
        return Instance.titled(title)
                .map(instance -> good(new Restart(instance)))
                .orElseGet(() ->
                        title.isEmpty()
                                ? wrong("restart takes one part: " + Instance.titles() + ".")
                                : unknownInstance(title));
    }

    private static Parsed<Command> alone(Command command, Deque<String> rest) {
        return rest.isEmpty()
                ? good(command)
                : wrong("Too much: '" + rest.peek() + "'. ./run.sh help lists what there is.");
    }

    /// Takes the next argument; of `--option=value` only the option, and the value is the next one.
    private static String option(Deque<String> arguments) {
        String argument = arguments.remove();
        int equals = argument.indexOf('=');
        if (equals <= 0) {
            return argument;
        }
        arguments.push(argument.substring(equals + 1));
        return argument.substring(0, equals);
    }

    private static Parsed<Integer> replicas(@Nullable String number) {
        return number != null
                        && number.matches("[1-9]")
                        && Integer.parseInt(number) <= Instance.MAX_REPLICAS
                ? new Parsed.Good<>(Integer.valueOf(number))
                : new Parsed.Wrong<>(
                        "--replicas takes a number from 1 to %d%s."
                                .formatted(
                                        Instance.MAX_REPLICAS,
                                        number == null ? "" : ", not '" + number + "'"));
    }

    private static Parsed<Set<Part>> parts(String option, @Nullable String list) {
        if (list == null || list.isBlank()) {
            return new Parsed.Wrong<>(
                    option + " takes parts with commas between them: " + Part.titles() + ".");
        }
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String title : list.split(",", -1)) {
            Optional<Part> part = Part.titled(title.strip());
            if (part.isEmpty()) {
                return new Parsed.Wrong<>(
                        "There is no part '"
                                + title.strip()
                                + "'. The parts are: "
                                + Part.titles()
                                + ".");
            }
            parts.add(part.get());
        }
        return new Parsed.Good<>(parts);
    }

    private static Parsed<Command> unknownInstance(String title) {
        return wrong("There is no part '" + title + "'. The parts are: " + Instance.titles() + ".");
    }

    private static Parsed<Command> good(Command command) {
        return new Parsed.Good<>(command);
    }

    private static Parsed<Command> wrong(String line) {
        return new Parsed.Wrong<>(line);
    }
}
