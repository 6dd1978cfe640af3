package dev.quadrille.bench;

import dev.quadrille.bench.Proc.Resident;
import dev.quadrille.bench.Trial.Answered;
import dev.quadrille.local.Flavour;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One service after the other, from nothing to its first answer and its first event.
final class StartRuns {

    /// Before an idle service's CPU time is watched: what the start has left over to do, above all
    /// to compile.
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private final Asked.ColdStart wish;
    private final Rig rig;
    private final Screen screen;
    private final List<Measured> measured = new ArrayList<>();
    private final List<Idle> idle = new ArrayList<>();

    StartRuns(Asked.ColdStart wish, Rig rig, Screen screen) {
        this.wish = wish;
        this.rig = rig;
        this.screen = screen;
    }

    /// One start. Times are in ms since right before the process was asked for.
    ///
    /// @param cpuMsUntilReady in steps of 10
    /// @param ready in memory when it was ready
    /// @param answered when the first request and the first event were answered
    /// @param loaded after the load, if there was one
    /// @param stopMs from SIGTERM to its end
    /// @param loadBefore load average
    /// @param othersShare what programs beside the measured ones had of the machine's CPU
    /// @param benchCpuMs what measuring took, until all was answered
    /// @param rejected why the JVM did not take its AOT cache
    record Measured(
            String service,
            Flavour flavour,
            int round,
            double portMs,
            double readyMs,
            double databaseMs,
            double eventMs,
            long cpuMsUntilReady,
            Resident ready,
            Resident answered,
            Optional<Resident> loaded,
            double stopMs,
            double loadBefore,
            double othersShare,
            long benchCpuMs,
            Optional<String> rejected) {}

    /// @param millicores what an idle service takes of a core, in thousandths
    record Idle(String service, Flavour flavour, int seconds, double millicores) {}

    List<Measured> measured() {
        return measured;
    }

    List<Idle> idle() {
        return idle;
    }

    /// @param round counted from 0
    void round(int round) throws Fault, InterruptedException {
        boolean last = round == wish.runs() - 1;
        for (var service : wish.services()) {
            var said = new ArrayList<String>();
            for (var flavour : Rig.inTurn(rig.flavours(service), round)) {
                try {
                    var one = start(service, flavour, round, last && wish.idleSeconds() > 0);
                    measured.add(one);
                    said.add(
                            "%s %s / %s / %s"
                                    .formatted(
                                            flavour.title(),
                                            Table.number(one.readyMs()),
                                            Table.number(one.databaseMs()),
                                            Table.number(one.eventMs())));
                } catch (Fault fault) {
                    rig.failures().note(service.title(), flavour, round, fault);
                }
            }
            screen.line(
                    "  start %d of %d, %s: ready / database / event in ms: %s"
                            .formatted(
                                    round + 1,
                                    wish.runs(),
                                    service.title(),
                                    String.join("; ", said)));
        }
    }

    private Measured start(Candidate service, Flavour flavour, int round, boolean thenIdle)
            throws Fault, InterruptedException {
        var ground = rig.ground();
        int port = ground.port(service);
        try (var database = ground.database(service.title())) {
            var event = rig.lay(service, 1).getFirst();
            var committed = Rig.committed(database, event);
            var start = rig.ready(service, flavour);
            double loadBefore = Machine.loadAverage();
            var before = ground.load(0);
            try (var trial = Trial.begin(start.name(), start.builder(), start.log())) {
                var handled = trial.when("the first event is committed", committed);
                var open = trial.when("the port is open", Question.isOpen(port));
                var ready =
                        trial.after(open, "it is ready", Question.isOk(port, "/q/health/ready"));
                var read =
                        trial.after(
                                open,
                                "GET " + rig.path(service) + " is answered",
                                Question.isOk(port, rig.path(service)));

                Answered atReady = Trial.await(ready);
                var memoryAtReady = resident(trial);
                double databaseMs = Trial.await(read).ms();
                double eventMs = Trial.await(handled).ms();
                var used = ground.load(trial.pid()).since(before);
                var memoryAnswered = resident(trial);
                var loaded =
                        wish.requests() > 0
                                ? Optional.of(afterLoad(trial, service, port))
                                : Optional.<Resident>empty();
                rig.awaitRelayed(service);
                if (thenIdle) {
                    idle.add(idle(trial, service, flavour));
                }
                double stopMs = trial.stop();
                return new Measured(
                        service.title(),
                        flavour,
                        round + 1,
                        Trial.await(open).ms(),
                        atReady.ms(),
                        databaseMs,
                        eventMs,
                        atReady.cpuMs(),
                        memoryAtReady,
                        memoryAnswered,
                        loaded,
                        stopMs,
                        loadBefore,
                        used.share(used.others()),
                        used.bench(),
                        rig.rejection(service, flavour, trial));
            }
        }
    }

    private Resident afterLoad(Trial trial, Candidate service, int port)
            throws Fault, InterruptedException {
        try (var http = new Http("http://127.0.0.1:" + port)) {
            for (int i = 0; i < wish.requests(); i++) {
                http.get(rig.path(service));
            }
        }
        return resident(trial);
    }

    private Idle idle(Trial trial, Candidate service, Flavour flavour) throws InterruptedException {
        Thread.sleep(SETTLING);
        long beforeMs = trial.cpuMs();
        long begunNanos = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(wish.idleSeconds()));
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        return new Idle(
                service.title(), flavour, wish.idleSeconds(), (trial.cpuMs() - beforeMs) / seconds);
    }

    private static Resident resident(Trial trial) throws Fault {
        try {
            return Resident.of(trial.pid());
        } catch (IOException e) {
            throw new Fault("Its memory cannot be read: " + e);
        }
    }

    /// How much else was going on, for people; empty if nothing was measured.
    Optional<String> conditions() {
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        var others = Spread.of(measured.stream().map(one -> one.othersShare() * 100).toList());
        var asking = Spread.of(measured.stream().map(one -> (double) one.benchCpuMs()).toList());
        return Optional.of(
                "While the services started, other programs had %s %% of the machine's CPU: above a few, the times are theirs too. Asking took %s CPU-ms of each start."
                        .formatted(Table.spread(others), Table.spread(asking)));
    }

    static final String DATABASE = "first 200 with database, ms";
    static final String EVENT = "first event committed, ms";

    /// Of one service.
    List<Comparison> comparisons(Candidate service) {
        var figures = new ArrayList<Comparison>();
        var of = measured.stream().filter(one -> one.service().equals(service.title())).toList();
        String title = service.title();
        figures.add(compare(title, "port open, ms", of, Measured::portMs));
        figures.add(compare(title, "ready, ms", of, Measured::readyMs));
        figures.add(compare(title, DATABASE, of, Measured::databaseMs));
        figures.add(compare(title, EVENT, of, Measured::eventMs));
        figures.add(
                compare(title, "CPU until ready, ms", of, one -> (double) one.cpuMsUntilReady()));
        figures.add(compare(title, "resident, ready, MiB", of, one -> one.ready().mebibytes()));
        figures.add(
                compare(title, "resident, answered, MiB", of, one -> one.answered().mebibytes()));
        figures.add(
                compare(
                        title,
                        "anonymous, answered, MiB",
                        of,
                        one -> one.answered().anonymousMebibytes()));
        if (wish.requests() > 0) {
            String after = "after %,d requests, MiB".formatted(wish.requests());
            var loaded = of.stream().filter(one -> one.loaded().isPresent()).toList();
            figures.add(
                    compare(
                            title,
                            "resident, " + after,
                            loaded,
                            one -> one.loaded().orElseThrow().mebibytes()));
            figures.add(
                    compare(
                            title,
                            "anonymous, " + after,
                            loaded,
                            one -> one.loaded().orElseThrow().anonymousMebibytes()));
        }
        figures.add(compare(title, "stop, ms", of, Measured::stopMs));
        var stillness = new EnumMap<Flavour, List<Double>>(Flavour.class);
        idle.stream()
                .filter(one -> one.service().equals(title))
                .forEach(one -> stillness.put(one.flavour(), List.of(one.millicores())));
        if (!stillness.isEmpty()) {
            figures.add(new Comparison(title, "idle CPU, millicores", stillness));
        }
        return figures;
    }

    private static Comparison compare(
            String subject,
            String figure,
            Collection<Measured> of,
            Function<Measured, Double> value) {
        return new Comparison(
                subject,
                figure,
                of.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Measured::flavour,
                                        () -> new EnumMap<>(Flavour.class),
                                        Collectors.mapping(value, Collectors.toList()))));
    }
}
