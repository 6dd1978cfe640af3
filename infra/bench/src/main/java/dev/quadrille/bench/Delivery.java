package dev.quadrille.bench;

import dev.quadrille.bench.Asked.Measurement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// `bench delivery`: how fast events are sent and received.
final class Delivery {

    private final Asked.Delivery wish;
    private final Place place;
    private final Screen screen;
    private final Results results;

    Delivery(Asked.Delivery wish, Place place, Screen screen) {
        this.wish = wish;
        this.place = place;
        this.screen = screen;
        this.results = new Results(place, "delivery");
    }

    void run() throws Fault, InterruptedException {
        requireBuilt();
        screen.line("Starting PostgreSQL and Kafka");
        try (var ground = Ground.start(place, wish.javaOptions(), wish.keep(), false)) {
            var machine = Machine.here(ground.folder());
            results.put("machine", machine);
            results.put("settings", wish);
            machine.lines().forEach(screen::line);
            settings().forEach(screen::line);
            // Written after each: what was measured stays, whatever becomes of the next.
            if (wish.measurements().contains(Measurement.RELAY)) {
                show(new RelayRuns(wish, ground, screen).all());
                results.write();
            }
            if (wish.measurements().contains(Measurement.CONSUMER)) {
                showCases(new ConsumerRuns(wish, ground, screen).all());
                results.write();
            }
            if (wish.measurements().contains(Measurement.LATENCY)) {
                showLatencies(new LatencyRuns(wish, ground, screen).all());
                results.write();
            }
        }
        screen.line("");
        screen.line("Results: " + results.file(".json"));
    }

    private List<String> settings() {
        return List.of(
                "  settings  %d runs each; the services, PostgreSQL and Kafka as ./run.sh starts them (JVM: -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m%s)"
                        .formatted(
                                wish.runs(),
                                wish.javaOptions().isEmpty()
                                        ? ""
                                        : ", then " + wish.javaOptions()));
    }

    private void requireBuilt() throws Fault {
        for (String service : List.of("order", wish.service(), "inventory")) {
            Path jar =
                    place.root()
                            .resolve("services")
                            .resolve(service)
                            .resolve("target/quarkus-app/quarkus-run.jar");
            if (!Files.exists(jar)) {
                throw new Fault(jar + " is missing. Remedy: build it with ./run.sh.");
            }
        }
    }

    private void show(List<Drain> runs) {
        results.put("relay", runs);
        screen.line("");
        var table = Drain.table("relay: each row");
        for (int i = 0; i < runs.size(); i++) {
            table.row(runs.get(i).cells("run " + (i + 1)));
        }
        table.lines().forEach(screen::line);
        summary("relay, rows/s", runs);
    }

    private void showCases(List<ConsumerRuns.Case> cases) {
        results.put("consumer", cases);
        screen.line("");
        var table = Drain.table("consumer: each event");
        for (var one : cases) {
            for (int i = 0; i < one.runs().size(); i++) {
                table.row(one.runs().get(i).cells("%s, run %d".formatted(one.name(), i + 1)));
            }
        }
        table.lines().forEach(screen::line);
        for (var one : cases) {
            summary(one.name() + ", events/s", one.runs());
        }
    }

    private void summary(String what, List<Drain> runs) {
        screen.line(
                "%s: %s; second half %s; CPU-ms each: service %s (second half %s), PostgreSQL %s, Kafka %s; the cores' CPU would allow %s"
                        .formatted(
                                what,
                                spread(runs, Drain::perSecond),
                                spread(runs, Drain::perSecondLater),
                                spread(runs, Drain::serviceMsPerItem),
                                spread(runs, Drain::serviceMsPerItemLater),
                                spread(runs, Drain::postgresMsPerItem),
                                spread(runs, Drain::kafkaMsPerItem),
                                spread(runs, Drain::ceilingPerSecond)));
    }

    private void showLatencies(List<LatencyRuns.Run> runs) {
        results.put("latency", runs);
        screen.line("");
        var table = new Table("latency in ms: median and range of the runs", "p50", "p99", "max");
        for (String what :
                List.of(
                        LatencyRuns.APPENDED,
                        LatencyRuns.RECEIVED,
                        LatencyRuns.AFTER_ANSWER,
                        LatencyRuns.ANSWERED,
                        LatencyRuns.ROUND)) {
            var each =
                    runs.stream()
                            .map(run -> java.util.Objects.requireNonNull(run.measured().get(what)))
                            .toList();
            table.row(
                    List.of(
                            what,
                            spread(each, LatencyRuns.Percentiles::p50),
                            spread(each, LatencyRuns.Percentiles::p99),
                            spread(each, LatencyRuns.Percentiles::max)));
        }
        table.lines().forEach(screen::line);
    }

    private static <T> String spread(List<T> runs, ToDoubleFunction<T> figure) {
        return Table.spread(
                Spread.of(runs.stream().map(run -> figure.applyAsDouble(run)).toList()));
    }
}
