package dev.quadrille.bench;

import dev.quadrille.bench.Options.Unfit;
import dev.quadrille.local.Flavour;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

    enum Measurement {
        RELAY,
        CONSUMER,
        LATENCY;

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How fast the services start.
    ///
    /// @param runs of each service and flavour
    /// @param flavours of which those are measured that are built
    /// @param events the backlog of the drill
    /// @param requests before memory is looked at once more; 0 for not at all
    /// @param idleSeconds for how long an idle service's CPU time is watched; 0 for not at all
    /// @param javaOptions after the launcher's own
    record ColdStart(
            Set<Drill> drills,
            int runs,
            Set<Candidate> services,
            Set<Flavour> flavours,
            int events,
            int requests,
            int idleSeconds,
            boolean coldFiles,
            String javaOptions,
            boolean keep)
            implements Asked {

        static final int LOAD_REQUESTS = 2000;

        static final ColdStart STANDARD =
                new ColdStart(
                        EnumSet.allOf(Drill.class),
                        20,
                        EnumSet.allOf(Candidate.class),
                        EnumSet.allOf(Flavour.class),
                        1000,
                        0,
                        10,
                        false,
                        "",
                        false);
    }

    enum Drill {
        /// One service at a time.
        STARTS,
        /// All four at once, until an order is confirmed.
        TOGETHER,
        /// One service, for which a backlog waits.
        BACKLOG;

        String title() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Help() implements Asked {}

    /// Not understood.
    record Wrong(String line) implements Asked {}

    String INVENTORY = "inventory";
    String NOTIFICATION = "notification";

    static Asked parse(List<String> arguments) {
        String command = arguments.isEmpty() ? "help" : arguments.getFirst();
        if (arguments.contains("--help")) {
            return new Help();
        }
        try {
            return switch (command) {
                case "delivery" -> delivery(options(arguments));
                case "cold-start" -> coldStart(options(arguments));
                case "help", "-h" -> new Help();
                default ->
                        new Wrong(
                                "There is no bench '%s'. There are: delivery, cold-start. ./run.sh bench help says more."
                                        .formatted(command));
            };
        } catch (Unfit unfit) {
            return new Wrong(unfit.line());
        }
    }

    private static Options options(List<String> arguments) {
        return new Options(arguments.subList(1, arguments.size()));
    }

    private static Asked delivery(Options options) throws Unfit {
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
        while (options.next()) {
            switch (options.name()) {
                case "--runs" -> runs = options.number(1, 100);
                case "--rows" -> rows = options.number(1, 10_000_000);
                case "--events" -> events = options.number(1, 10_000_000);
                case "--requests" -> requests = options.number(1, 100_000);
                case "--per-second" -> perSecond = options.number(1, 1000);
                case "--batches" -> batches = options.numbers(1, 10_000);
                case "--skus" -> skus = options.numbers(1, 10_000);
                case "--only" -> measurements = some(options, Measurement.class);
                case "--service" -> service = options.oneOf(List.of(INVENTORY, NOTIFICATION));
                case "--java-opts" -> javaOptions = options.value();
                case "--keep" -> keep = true;
                default -> throw options.unknown();
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

    private static Asked coldStart(Options options) throws Unfit {
        var d = ColdStart.STANDARD;
        var drills = d.drills();
        int runs = d.runs();
        var services = d.services();
        var flavours = d.flavours();
        int events = d.events();
        int requests = d.requests();
        int idleSeconds = d.idleSeconds();
        boolean coldFiles = d.coldFiles();
        String javaOptions = d.javaOptions();
        boolean keep = d.keep();
        while (options.next()) {
            switch (options.name()) {
                case "--runs" -> runs = options.number(1, 1000);
                case "--only" -> drills = some(options, Drill.class);
                case "--services" -> services = some(options, Candidate.class);
                case "--flavours" -> flavours = some(options, Flavour.class);
                case "--events" -> events = options.number(1, 100_000);
                case "--load" -> requests = ColdStart.LOAD_REQUESTS;
                case "--idle" -> idleSeconds = options.number(0, 3600);
                case "--cold-files" -> coldFiles = true;
                case "--java-opts" -> javaOptions = options.value();
                case "--keep" -> keep = true;
                default -> throw options.unknown();
            }
        }
        return new ColdStart(
                drills,
                runs,
                services,
                flavours,
                events,
                requests,
                idleSeconds,
                coldFiles,
                javaOptions,
                keep);
    }

    /// In the type's own order, whatever the order on the command line.
    private static <E extends Enum<E>> Set<E> some(Options options, Class<E> type) throws Unfit {
        var all = Arrays.asList(type.getEnumConstants());
        var names = options.someOf(all.stream().map(Asked::title).toList());
        var chosen = EnumSet.noneOf(type);
        all.stream().filter(one -> names.contains(title(one))).forEach(chosen::add);
        return chosen;
    }

    private static String title(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
