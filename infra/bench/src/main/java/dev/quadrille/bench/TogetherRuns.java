package dev.quadrille.bench;

import static java.util.Objects.requireNonNull;

import dev.quadrille.bench.Trial.Answered;
import dev.quadrille.local.Flavour;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/// All four services at once, and a client who has wanted to order since time zero.
final class TogetherRuns {

    private static final List<Candidate> ALL = List.of(Candidate.values());
    private static final Pattern LOCATION =
            Pattern.compile("(?i)\nlocation: *\\S*(/v1/orders/\\S+)");

    private final Asked.ColdStart wish;
    private final Rig rig;
    private final Screen screen;
    private final List<Measured> measured = new ArrayList<>();

    TogetherRuns(Asked.ColdStart wish, Rig rig, Screen screen) {
        this.wish = wish;
        this.rig = rig;
        this.screen = screen;
    }

    /// Times are in ms since right before the first process was asked for.
    ///
    /// @param acceptedMs the order got its 202
    /// @param confirmedMs it was seen to be CONFIRMED
    /// @param readyMs by service
    /// @param loadBefore load average
    record Measured(
            Flavour flavour,
            int round,
            double acceptedMs,
            double confirmedMs,
            Map<String, Double> readyMs,
            double loadBefore) {}

    List<Measured> measured() {
        return measured;
    }

    /// @param round counted from 0
    void round(int round) throws Fault, InterruptedException {
        var said = new ArrayList<String>();
        for (var flavour : Rig.inTurn(rig.flavoursOfAll(), round)) {
            try {
                var one = start(flavour, round);
                measured.add(one);
                said.add(
                        "%s %s / %s"
                                .formatted(
                                        flavour.title(),
                                        Table.number(one.acceptedMs()),
                                        Table.number(one.confirmedMs())));
            } catch (Fault fault) {
                rig.failures().note(Rig.ALL, flavour, round, fault);
            }
        }
        screen.line(
                "  start %d of %d, all four: accepted / confirmed in ms: %s"
                        .formatted(round + 1, wish.runs(), String.join("; ", said)));
    }

    private Measured start(Flavour flavour, int round) throws Fault, InterruptedException {
        var starts = new EnumMap<Candidate, Rig.Start>(Candidate.class);
        for (var service : ALL) {
            rig.clear(service);
            starts.put(service, rig.ready(service, flavour));
        }
        double loadBefore = Machine.loadAverage();
        var trials = new EnumMap<Candidate, Trial>(Candidate.class);
        var open = new HashMap<Candidate, CompletableFuture<Answered>>();
        var ready = new HashMap<Candidate, CompletableFuture<Answered>>();
        try {
            long begunNanos = System.nanoTime();
            for (var one : starts.entrySet()) {
                var start = one.getValue();
                trials.put(
                        one.getKey(),
                        Trial.begin(start.name(), start.builder(), start.log(), begunNanos));
            }
            trials.forEach((service, trial) -> {
                int port = rig.ground().port(service);
                var opened = trial.when("the port is open", Question.isOpen(port));
                open.put(service, opened);
                ready.put(
                        service,
                        trial.after(opened, "it is ready", Question.isOk(port, "/q/health/ready")));
            });
            var order = requireNonNull(trials.get(Candidate.ORDER));
            int port = rig.ground().port(Candidate.ORDER);
            var location = new AtomicReference<>("");
            var accepted =
                    order.after(
                            requireNonNull(open.get(Candidate.ORDER)),
                            "the order is accepted",
                            placing(port, location));
            var confirmed =
                    order.after(
                            accepted,
                            "the order is CONFIRMED",
                            () ->
                                    Question.isSaid(
                                                    port,
                                                    Question.get(location.get()),
                                                    TogetherRuns::isConfirmed)
                                            .isAnswered());
            double confirmedMs = Trial.await(confirmed).ms();
            var readyMs = new TreeMap<String, Double>();
            for (var one : ready.entrySet()) {
                readyMs.put(one.getKey().title(), Trial.await(one.getValue()).ms());
            }
            for (var service : ALL) {
                rig.awaitRelayed(service);
            }
            for (var trial : trials.values()) {
                trial.end();
            }
            for (var trial : trials.values()) {
                trial.stop();
            }
            for (var one : trials.entrySet()) {
                rig.rejection(one.getKey(), flavour, one.getValue());
            }
            return new Measured(
                    flavour,
                    round + 1,
                    Trial.await(accepted).ms(),
                    confirmedMs,
                    readyMs,
                    loadBefore);
        } finally {
            trials.values().forEach(Trial::close);
        }
    }

    /// Always with the same key: whatever an earlier try has led to, there is one order.
    private static Question placing(int port, AtomicReference<String> location) {
        String request =
                Question.post(
                        "/v1/orders",
                        UUID.randomUUID().toString(),
                        """
                        {"customer":{"id":"bench","email":"ada@example.com"},"currency":"EUR",\
                        "lines":[{"sku":"%s","quantity":1}],"paymentMethod":"pm_card_visa"}\
                        """
                                .formatted(Orders.sku(0)));
        return Question.isSaid(
                port,
                request,
                answer -> {
                    placed(answer).ifPresent(location::set);
                    return !location.get().isEmpty();
                });
    }

    /// Where the order is, if it was accepted.
    static Optional<String> placed(String answer) {
        var found = LOCATION.matcher(answer);
        return answer.startsWith("HTTP/1.1 202 ") && found.find()
                ? Optional.of(found.group(1))
                : Optional.empty();
    }

    static boolean isConfirmed(String answer) {
        return answer.startsWith("HTTP/1.1 200 ") && answer.contains("\"status\":\"CONFIRMED\"");
    }

    List<Comparison> comparisons() {
        var accepted = new EnumMap<Flavour, List<Double>>(Flavour.class);
        var confirmed = new EnumMap<Flavour, List<Double>>(Flavour.class);
        for (var one : measured) {
            accepted.computeIfAbsent(one.flavour(), _ -> new ArrayList<>()).add(one.acceptedMs());
            confirmed.computeIfAbsent(one.flavour(), _ -> new ArrayList<>()).add(one.confirmedMs());
        }
        return List.of(
                new Comparison(Rig.ALL, "order accepted, ms", accepted),
                new Comparison(Rig.ALL, CONFIRMED, confirmed));
    }

    static final String CONFIRMED = "order CONFIRMED, ms";
}
