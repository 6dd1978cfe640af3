package dev.quadrille.bench;

import dev.quadrille.bench.Asked.Drill;
import dev.quadrille.local.Flavour;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// `bench cold-start`: how fast the services go from nothing to their first answer and their first
/// event.
final class ColdStart {

    private static final int EMPTY_PROCESSES = 20;

    private final Asked.ColdStart wish;
    private final Place place;
    private final Screen screen;
    private final Results results;
    private boolean coldFiles;

    ColdStart(Asked.ColdStart wish, Place place, Screen screen) {
        this.wish = wish;
        this.place = place;
        this.screen = screen;
        this.results = new Results(place, "cold-start");
    }

    void run() throws Fault, InterruptedException {
        var built = built();
        missing(built, wish.flavours()).forEach(screen::line);
        if (wish.coldFiles()) {
            var whyNot = PageCache.whyNot();
            whyNot.ifPresent(line -> screen.line("Files stay warm: " + line));
            coldFiles = whyNot.isEmpty();
        }
        screen.line("Starting PostgreSQL, Kafka, the mail sink and the payment sandbox");
        try (var ground = Ground.start(place, wish.javaOptions(), wish.keep(), true)) {
            var rig = new Rig(ground, built, coldFiles, screen);
            tellSettings(ground, built);
            measure(rig);
        }
        screen.line("");
        screen.line("Results: " + results.file(".json"));
        if (results.file(".svg").toFile().exists()) {
            screen.line("Picture: " + results.file(".svg"));
        }
    }

    private Set<Candidate> needed() {
        return together() ? EnumSet.allOf(Candidate.class) : wish.services();
    }

    /// It takes four to dance.
    private boolean together() {
        return wish.drills().contains(Drill.TOGETHER)
                && wish.services().size() == Candidate.values().length;
    }

    /// @throws Fault if there is one that is not built at all
    private Map<Candidate, List<Flavour>> built() throws Fault {
        var built = new EnumMap<Candidate, List<Flavour>>(Candidate.class);
        for (var service : needed()) {
            if (Ground.artefact(place, service, Flavour.JVM).isEmpty()) {
                throw new Fault(
                        "%s is not built, and the launcher starts it once for its database. Remedy: build it with ./run.sh."
                                .formatted(service.title()));
            }
            built.put(
                    service,
                    wish.flavours().stream()
                            .filter(flavour -> Ground.artefact(place, service, flavour).isPresent())
                            .toList());
        }
        if (built.values().stream().allMatch(List::isEmpty)) {
            missing(built, wish.flavours()).forEach(screen::line);
            throw new Fault("Nothing of what is asked for is built.");
        }
        return built;
    }

    /// What is asked for and not there, and how to get it.
    static List<String> missing(Map<Candidate, List<Flavour>> built, Set<Flavour> asked) {
        var lines = new ArrayList<String>();
        for (var flavour : asked) {
            var without =
                    built.entrySet().stream()
                            .filter(one -> !one.getValue().contains(flavour))
                            .map(one -> one.getKey().title())
                            .toList();
            if (!without.isEmpty()) {
                lines.add(
                        "Not measured as %s: %s. %s"
                                .formatted(
                                        flavour.title(),
                                        String.join(", ", without),
                                        remedy(flavour)));
            }
        }
        return lines;
    }

    private static String remedy(Flavour flavour) {
        return switch (flavour) {
            case JVM -> "./run.sh builds it.";
            case AOT -> "There is no AOT cache in target/quarkus-app; ./run.sh record makes it.";
            case NATIVE -> "There is no native image in target; ./native-build.sh makes it.";
        };
    }

    private void tellSettings(Ground ground, Map<Candidate, List<Flavour>> built)
            throws Fault, InterruptedException {
        var machine = Machine.here(ground.folder());
        double emptyMs = emptyProcessMs();
        var commands = new LinkedHashMap<String, String>();
        for (var flavour : Flavour.values()) {
            built.entrySet().stream()
                    .filter(one -> one.getValue().contains(flavour))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .ifPresent(service ->
                            commands.put(
                                    flavour.title(),
                                    String.join(" ", ground.process(service, flavour).command())
                                            .replace(place.root() + "/", "")));
        }
        results.put("machine", machine);
        results.put("emptyProcessMs", emptyMs);
        results.put("settings", wish);
        results.put("filesAreCold", coldFiles);
        results.put("commands", commands);
        machine.lines().forEach(screen::line);
        screen.line(
                "  empty     a process that does nothing has ended after %s ms (median of %d): so much of each time is the system's"
                        .formatted(Table.number(emptyMs), EMPTY_PROCESSES));
        screen.line(
                "  settings  %d starts each, flavours in turn; files are %s"
                        .formatted(
                                wish.runs(),
                                coldFiles
                                        ? "cold: the page cache is dropped before each start"
                                        : "warm"));
        commands.forEach(
                (flavour, command) -> screen.line("  %-9s %s".formatted(flavour, command)));
    }

    private static double emptyProcessMs() throws Fault, InterruptedException {
        var took = new ArrayList<Double>();
        try {
            for (int i = 0; i < EMPTY_PROCESSES; i++) {
                long begunNanos = System.nanoTime();
                new ProcessBuilder("true").start().waitFor();
                took.add((System.nanoTime() - begunNanos) / 1e6);
            }
        } catch (IOException e) {
            throw new Fault("No process can be started: " + e);
        }
        return Spread.of(took).median();
    }

    /// All flavours take turns within a round, and the results are written after each round.
    private void measure(Rig rig) throws Fault, InterruptedException {
        var starts = new StartRuns(wish, rig, screen);
        var together = new TogetherRuns(wish, rig, screen);
        var backlog = new BacklogRuns(wish, rig, screen);
        rig.prepare(needed());
        try {
            if (wish.drills().contains(Drill.STARTS)) {
                screen.line("");
                for (int round = 0; round < wish.runs(); round++) {
                    starts.round(round);
                    write(rig, starts, together, backlog);
                }
            }
            if (together()) {
                screen.line("");
                for (int round = 0; round < wish.runs(); round++) {
                    together.round(round);
                    write(rig, starts, together, backlog);
                }
            } else if (wish.drills().contains(Drill.TOGETHER)) {
                screen.line("Not measured: all four at once, which needs all four --services.");
            }
            if (wish.drills().contains(Drill.BACKLOG)) {
                screen.line("");
                for (int round = 0; round < wish.runs(); round++) {
                    backlog.round(round);
                    write(rig, starts, together, backlog);
                }
            }
        } finally {
            show(starts, together, backlog);
        }
    }

    private void write(Rig rig, StartRuns starts, TogetherRuns together, BacklogRuns backlog)
            throws Fault {
        results.put("starts", starts.measured());
        results.put("idle", starts.idle());
        results.put("together", together.measured());
        results.put("backlog", backlog.measured());
        results.put("failures", rig.failures().lines());
        results.put(
                "summary",
                Stream.of(
                                wish.services().stream()
                                        .flatMap(service -> starts.comparisons(service).stream()),
                                together.comparisons().stream(),
                                wish.services().stream()
                                        .flatMap(service -> backlog.comparisons(service).stream()))
                        .flatMap(comparisons -> comparisons)
                        .flatMap(comparison -> comparison.summaries().stream())
                        .toList());
        results.write();
        var sections = sections(starts, together, backlog);
        if (!sections.isEmpty()) {
            results.write(
                    ".svg", Picture.of("Cold starts of Quadrille's services", lines(), sections));
        }
    }

    private List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                "%s, %d starts each, flavours in turn; PostgreSQL and Kafka run already; %s files; %s"
                        .formatted(
                                results.begun().toString().substring(0, 10),
                                wish.runs(),
                                coldFiles ? "cold" : "warm",
                                wish.javaOptions().isEmpty()
                                        ? "the stack's own JVM options"
                                        : wish.javaOptions()));
        lines.add(
                "%d cores, %s, %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                Proc.line("cpuinfo", "model name"),
                                System.getProperty("java.vm.version")));
        return lines;
    }

    private List<Picture.Section> sections(
            StartRuns starts, TogetherRuns together, BacklogRuns backlog) {
        var all = new ArrayList<Picture.Section>();
        add(
                all,
                "First HTTP 200 that read the database",
                wish.services().stream()
                        .flatMap(service -> starts.comparisons(service).stream())
                        .filter(one -> one.figure().equals(StartRuns.DATABASE)));
        add(
                all,
                "First waiting event handled and committed",
                wish.services().stream()
                        .flatMap(service -> starts.comparisons(service).stream())
                        .filter(one -> one.figure().equals(StartRuns.EVENT)));
        add(
                all,
                "All four at once, until an order placed at time zero is CONFIRMED",
                together.comparisons().stream()
                        .filter(one -> one.figure().equals(TogetherRuns.CONFIRMED)));
        add(
                all,
                "Last of %,d waiting events handled and committed".formatted(wish.events()),
                wish.services().stream()
                        .flatMap(service -> backlog.comparisons(service).stream())
                        .filter(one -> one.figure().equals(backlog.last())));
        return all;
    }

    private static void add(
            List<Picture.Section> sections, String title, Stream<Comparison> comparisons) {
        var rows = comparisons.filter(one -> !one.values().isEmpty()).toList();
        if (!rows.isEmpty()) {
            sections.add(new Picture.Section(title, rows));
        }
    }

    private void show(StartRuns starts, TogetherRuns together, BacklogRuns backlog) {
        for (var service : wish.services()) {
            show(service.title(), starts.comparisons(service));
        }
        show(Rig.ALL + " at once", together.comparisons());
        for (var service : wish.services()) {
            show("%s, backlog".formatted(service.title()), backlog.comparisons(service));
        }
        starts.conditions()
                .ifPresent(line -> {
                    screen.line("");
                    screen.line(line);
                });
    }

    private void show(String what, List<Comparison> comparisons) {
        if (comparisons.stream().allMatch(one -> one.values().isEmpty())) {
            return;
        }
        screen.line("");
        Comparison.table(what, comparisons).lines().forEach(screen::line);
    }
}
