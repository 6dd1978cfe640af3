package dev.quadrille.bench;

import dev.quadrille.local.Flavour;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// From zero replicas to one, for which a backlog waits.
final class BacklogRuns {

    private final Asked.ColdStart wish;
    private final Rig rig;
    private final Screen screen;
    private final List<Measured> measured = new ArrayList<>();

    BacklogRuns(Asked.ColdStart wish, Rig rig, Screen screen) {
        this.wish = wish;
        this.rig = rig;
        this.screen = screen;
    }

    /// Times are in ms since right before the process was asked for.
    ///
    /// @param firstMs one of the events was committed, which is the first batch
    /// @param lastMs all of them were
    record Measured(
            String service,
            Flavour flavour,
            int round,
            int events,
            double firstMs,
            double lastMs,
            double loadBefore) {}

    List<Measured> measured() {
        return measured;
    }

    /// @param round counted from 0
    void round(int round) throws Fault, InterruptedException {
        for (var service : wish.services()) {
            var said = new ArrayList<String>();
            for (var flavour : Rig.inTurn(rig.flavours(service), round)) {
                try {
                    var one = start(service, flavour, round);
                    measured.add(one);
                    said.add(
                            "%s %s / %s"
                                    .formatted(
                                            flavour.title(),
                                            Table.number(one.firstMs()),
                                            Table.number(one.lastMs())));
                } catch (Fault fault) {
                    rig.failures().note(service.title(), flavour, round, fault);
                }
            }
            screen.line(
                    "  backlog %d of %d, %s: first / last of %,d in ms: %s"
                            .formatted(
                                    round + 1,
                                    wish.runs(),
                                    service.title(),
                                    wish.events(),
                                    String.join("; ", said)));
        }
    }

    private Measured start(Candidate service, Flavour flavour, int round)
            throws Fault, InterruptedException {
        var ground = rig.ground();
        try (var forFirst = ground.database(service.title());
                var forLast = ground.database(service.title())) {
            forFirst.empty("inbox");
            rig.lay(service, wish.events());
            var some =
                    Question.isFound(
                            forFirst.look(
                                    "select count(*) from (select from inbox limit 1) as waited"),
                            1);
            var all = Question.isFound(forLast.look("select count(*) from inbox"), wish.events());
            var start = rig.ready(service, flavour);
            double loadBefore = Machine.loadAverage();
            try (var trial = Trial.begin(start.name(), start.builder(), start.log())) {
                var first = trial.when("the first event is committed", some);
                var last = trial.after(first, "the last event is committed", all);
                double lastMs = Trial.await(last).ms();
                rig.awaitRelayed(service);
                trial.stop();
                return new Measured(
                        service.title(),
                        flavour,
                        round + 1,
                        wish.events(),
                        Trial.await(first).ms(),
                        lastMs,
                        loadBefore);
            }
        }
    }

    List<Comparison> comparisons(Candidate service) {
        return List.of(
                new Comparison(
                        service.title(),
                        "first of %,d committed, ms".formatted(wish.events()),
                        values(service, Measured::firstMs)),
                new Comparison(service.title(), last(), values(service, Measured::lastMs)));
    }

    String last() {
        return "last of %,d committed, ms".formatted(wish.events());
    }

    private Map<Flavour, List<Double>> values(Candidate service, ToDoubleFunction<Measured> value) {
        var values = new EnumMap<Flavour, List<Double>>(Flavour.class);
        measured.stream()
                .filter(one -> one.service().equals(service.title()))
                .forEach(one ->
                        values.computeIfAbsent(one.flavour(), _ -> new ArrayList<>())
                                .add(value.applyAsDouble(one)));
        return values;
    }
}
