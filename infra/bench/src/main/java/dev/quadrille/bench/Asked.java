package dev.quadrille.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the bench is asked to measure. [#parse] is pure; [Bench] carries it out.
sealed interface Asked {

    /// How events are sent and received.
    ///
    /// @param rows the relay's backlog
    /// @param service whose consumer
    /// @param batches the most that a poll takes
    /// @param skus how many products the orders are about
    /// @param events how many wait for the consumer, at batches of 100 and more
    /// @param javaOptions after the launcher's own
    record Delivery(
            Set<Measurement> measurements,
            int runs,
            int rows,
            String service,
            List<Integer> batches,
            List<Integer> skus,
            int events,
            int requests,
            int perSecond,
            String javaOptions,
            boolean keep)
            implements Asked {

        static final Delivery STANDARD =
                new Delivery(
                        EnumSet.allOf(Measurement.class),
                        5,
                        200_000,
                        INVENTORY,
                        List.of(1, 10, 100, 500),
                        List.of(1000, 1),
                        100_000,
                        500,
                        20,
                        "",
                        false);

        /// A small batch is slow, and shows as much with fewer events.
        int eventsAt(int batch) {
            return Math.max(1, batch >= 100 ? events : batch >= 10 ? events / 5 : events / 20);
        }
    }

    record Help() implements Asked {}

    /// Not understood.
    record Wrong(String line) implements Asked {}

    enum Measurement {
        RELAY,
        CONSUMER,
        LATENCY;

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    String INVENTORY = "inventory";
    String NOTIFICATION = "notification";

    static Asked parse(List<String> arguments) {
        var rest = new ArrayDeque<>(arguments);
        String command = rest.isEmpty() ? "help" : rest.remove();
        if (rest.contains("--help")) {
            return new Help();
        }
        return switch (command) {
            case "delivery" -> delivery(rest);
            case "help", "--help", "-h" -> new Help();
            default ->
                    new Wrong(
                            "There is no bench '%s'. There is: delivery. ./run.sh bench help says more."
                                    .formatted(command));
        };
    }

    private static Asked delivery(Deque<String> arguments) {
        var d = Delivery.STANDARD;
        var measurements = d.measurements();
        int runs = d.runs();
        int rows = d.rows();
        String service = d.service();
        var batches = d.batches();
        var skus = d.skus();
        int events = d.events();
        int requests = d.requests();
        int perSecond = d.perSecond();
        String javaOptions = d.javaOptions();
        boolean keep = d.keep();
        while (!arguments.isEmpty()) {
            String argument = arguments.remove();
            int equals = argument.indexOf('=');
            String option = equals > 0 ? argument.substring(0, equals) : argument;
            if (equals > 0) {
                arguments.push(argument.substring(equals + 1));
            }
            try {
                switch (option) {
                    case "--runs" -> runs = number(option, arguments.poll(), 100);
                    case "--rows" -> rows = number(option, arguments.poll(), 10_000_000);
                    case "--events" -> events = number(option, arguments.poll(), 10_000_000);
                    case "--requests" -> requests = number(option, arguments.poll(), 100_000);
                    case "--per-second" -> perSecond = number(option, arguments.poll(), 1000);
                    case "--batches" -> batches = numbers(option, arguments.poll(), 10_000);
                    case "--skus" -> skus = numbers(option, arguments.poll(), 10_000);
                    case "--only" -> measurements = measurements(arguments.poll());
                    case "--service" -> service = service(arguments.poll());
                    case "--java-opts" -> javaOptions = value(option, arguments.poll());
                    case "--keep" -> keep = true;
                    default -> {
                        return new Wrong(
                                "There is no option '%s'. ./run.sh bench help lists them."
                                        .formatted(argument));
                    }
                }
            } catch (Unfit unfit) {
                return new Wrong(unfit.line);
            }
        }
        return new Delivery(
                measurements,
                runs,
                rows,
                service,
                batches,
                // The other service does not look at them.
                service.equals(INVENTORY) ? skus : List.of(skus.getFirst()),
                events,
                requests,
                perSecond,
                javaOptions,
                keep);
    }

    private static String value(String option, @Nullable String text) throws Unfit {
        if (text == null) {
            throw new Unfit(option + " needs a value. ./run.sh bench help shows what it may be.");
        }
        return text;
    }

    private static int number(String option, @Nullable String text, int most) throws Unfit {
        String given = value(option, text);
        if (!given.matches("[0-9]{1,9}")
                || Integer.parseInt(given) < 1
                || Integer.parseInt(given) > most) {
            throw new Unfit(
                    "%s takes numbers from 1 to %d, not '%s'.".formatted(option, most, given));
        }
        return Integer.parseInt(given);
    }

    private static List<Integer> numbers(String option, @Nullable String text, int most)
            throws Unfit {
        var numbers = new java.util.ArrayList<Integer>();
        for (String one : value(option, text).split(",", -1)) {
            numbers.add(number(option, one.strip(), most));
        }
        return List.copyOf(numbers);
    }

    private static Set<Measurement> measurements(@Nullable String text) throws Unfit {
        var chosen = EnumSet.noneOf(Measurement.class);
        for (String title : value("--only", text).split(",", -1)) {
            chosen.add(
                    Arrays.stream(Measurement.values())
                            .filter(one -> one.title().equals(title.strip()))
                            .findFirst()
                            .orElseThrow(() ->
                                    new Unfit(
                                            "--only takes some of %s, not '%s'."
                                                    .formatted(
                                                            Arrays.stream(Measurement.values())
                                                                    .map(Measurement::title)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ",")),
                                                            title))));
        }
        return chosen;
    }

    private static String service(@Nullable String text) throws Unfit {
        String given = value("--service", text);
        if (!given.equals(INVENTORY) && !given.equals(NOTIFICATION)) {
            throw new Unfit("--service takes inventory or notification, not '" + given + "'.");
        }
        return given;
    }

    /// Ends the reading at the first value that does not fit; never leaves this type.
    final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final String line;

        private Unfit(String line) {
            super(line);
            this.line = line;
        }
    }
}
