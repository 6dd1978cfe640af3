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
    record Up(
            Set<Part> parts,
            boolean fresh,
            boolean detach,
            boolean freePorts,
            OptionalLong ownerPid)
            implements Command {
        public Up {
            parts = Set.copyOf(parts);
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
            return arguments;
        }

        private String titles() {
            return parts.stream().sorted().map(Part::title).collect(joining(","));
        }
    }

    record Stop() implements Command {}

    record Status() implements Command {}

    /// @param part all parts if empty
    record Logs(Optional<Part> part, boolean follow) implements Command {}

    record Restart(Part part) implements Command {}

    /// Show what the stack can do, and start it before if it is not up.
    record Demonstrate() implements Command {

        static Up up() {
            return new Up(EnumSet.allOf(Part.class), false, true, false, OptionalLong.empty());
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
            case "demo" -> alone(new Demonstrate(), rest);
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
        while (!arguments.isEmpty()) {
            String argument = arguments.remove();
            int equals = argument.indexOf('=');
            String option = equals > 0 ? argument.substring(0, equals) : argument;
            if (equals > 0) {
                arguments.push(argument.substring(equals + 1));
            }
            switch (option) {
                case "--fresh" -> fresh = true;
                case "--detach" -> detach = true;
                case "--free-ports" -> freePorts = true;
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
                default -> {
                    return wrong(
                            "There is no option '" + argument + "'. ./run.sh help lists them.");
                }
            }
        }
        if (parts.isEmpty()) {
            return wrong("Nothing is left to start. The parts are: " + Part.titles() + ".");
        }
        return good(new Up(parts, fresh, detach, freePorts, ownerPid));
    }

    private static Parsed<Command> logs(Deque<String> arguments) {
        Optional<Part> part = Optional.empty();
        boolean follow = false;
        while (!arguments.isEmpty()) {
            String argument = arguments.remove();
            if (argument.equals("-f") || argument.equals("--follow")) {
                follow = true;
                continue;
            }
            part = Part.titled(argument);
            if (part.isEmpty()) {
                return unknownPart(argument);
            }
        }
        return good(new Logs(part, follow));
    }

    private static Parsed<Command> restart(Deque<String> arguments) {
        String title = arguments.size() == 1 ? arguments.remove() : "";
        return Part.titled(title)
                .map(part -> good(new Restart(part)))
                .orElseGet(() ->
                        title.isEmpty()
                                ? wrong("restart takes one part: " + Part.titles() + ".")
                                : unknownPart(title));
    }

    private static Parsed<Command> alone(Command command, Deque<String> rest) {
        return rest.isEmpty()
                ? good(command)
                : wrong("Too much: '" + rest.peek() + "'. ./run.sh help lists what there is.");
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

    private static Parsed<Command> unknownPart(String title) {
        return wrong("There is no part '" + title + "'. The parts are: " + Part.titles() + ".");
    }

    private static Parsed<Command> good(Command command) {
        return new Parsed.Good<>(command);
    }

    private static Parsed<Command> wrong(String line) {
        return new Parsed.Wrong<>(line);
    }
}
