package dev.quadrille.simulation;

import dev.quadrille.contract.StockLine;
import dev.quadrille.order.domain.Order;
import dev.quadrille.simulation.Always.Before;
import dev.quadrille.simulation.Move.Mishap;
import dev.quadrille.simulation.Move.Talk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A few orders on scarce stock, driven by a seed through everything that may go wrong, until all
/// faults have healed and nothing is under way any more.
///
/// The seed also decides how hostile this run is, and in which way: runs in which everything goes
/// wrong at once hide what one fault alone brings about.
final class Simulation {

    /// The most orders of one run.
    private static final int MAX_ORDERS = 8;

    private static final int HOSTILE_STEPS_PER_ORDER = 60;

    /// What a run may take to come to rest: many times what one order's messages need.
    private static final int MAX_DRAIN_STEPS_PER_ORDER = 500;

    private static final List<Talk> TALKS = List.of(Talk.values());
    private static final List<String> SKUS = List.of("CUP", "POT", "TEA");
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final List<Always.Invariant> CHECKED =
            Stream.concat(Always.OF_THE_SAGA.stream(), Always.OF_DELIVERY.stream()).toList();

    private static final StepListener NOBODY = (_, _, _) -> {};

    private final SplittableRandom random;
    private final World world;
    private final List<Step> steps = new ArrayList<>();
    private final List<Move> possible = new ArrayList<>();

    // One move in so many; 0 for never.
    private final int oneInPeople;
    private final int oneInMishap;
    private final int oneInHostile;
    private final int oneInJump;

    /// A move as it was made.
    record Step(int dance, Instant at, Move move) {}

    /// @param moves how many were made before all faults healed
    /// @param endings where each order was in the end
    /// @param failure what went wrong, if anything
    record Run(long seed, int moves, List<String> endings, @Nullable Failure failure) {

        int orders() {
            return endings.size();
        }
    }

    /// @param steps that led there from the beginning
    record Failure(long seed, Breach breach, List<Step> steps) {}

    private Simulation(long seed, Rules rules) {
        this.random = new SplittableRandom(seed);
        this.world = world(seed, rules);
        this.oneInPeople = between(5, 40);
        this.oneInMishap = random.nextInt(4) == 0 ? 0 : between(3, 30);
        this.oneInHostile = random.nextInt(4) == 0 ? 0 : between(8, 60);
        this.oneInJump = between(20, 300);
    }

    static Run run(long seed, Rules rules) {
        var simulation = new Simulation(seed, rules);
        Failure failure = null;
        try {
            simulation.suffer();
            drain(simulation.world, NOBODY);
        } catch (Breach breach) {
            failure = new Failure(seed, breach, List.copyOf(simulation.steps));
        }
        return new Run(
                seed,
                simulation.steps.size(),
                simulation.world.dances.stream().map(Dance::ending).toList(),
                failure);
    }

    /// The same moves once more, and then rest.
    ///
    /// @throws Breach if an invariant does not hold
    static void replay(long seed, Rules rules, List<Step> steps, StepListener listener) {
        var world = world(seed, rules);
        for (var step : steps) {
            world.now = step.at();
            make(world, step, listener);
        }
        drain(world, listener);
    }

    @FunctionalInterface
    interface StepListener {

        /// @param announced how many events the dance had announced before
        void made(Step step, Dance dance, int announced);
    }

    private static World world(long seed, Rules rules) {
        var random = new SplittableRandom(seed ^ 0x9E3779B97F4A7C15L);
        var stock = new HashMap<String, Long>();
        SKUS.forEach(sku -> stock.put(sku, (long) random.nextInt(16)));
        int orders = 1 + random.nextInt(MAX_ORDERS);
        var dances =
                Stream.iterate(0, i -> i < orders, i -> i + 1)
                        .map(i -> dance(seed, i, random))
                        .toList();
        return new World(rules, dances, new Shelf(stock), START);
    }

    private static Dance dance(long seed, int index, SplittableRandom random) {
        int first = random.nextInt(SKUS.size());
        int skus = 1 + random.nextInt(2);
        var lines =
                Stream.iterate(0, i -> i < skus, i -> i + 1)
                        .map(i ->
                                new StockLine(
                                        SKUS.get((first + i) % SKUS.size()), 1 + random.nextInt(3)))
                        .toList();
        return new Dance(
                new UUID(seed, index + 1L), "key-" + index, lines, random.nextInt(6) > 0, START);
    }

    private void suffer() {
        int steps = world.dances.size() * HOSTILE_STEPS_PER_ORDER;
        for (int i = 0; i < steps; i++) {
            world.now =
                    world.now.plusMillis(
                            oneIn(oneInJump) ? random.nextInt(200_000) : random.nextInt(100));
            int index = random.nextInt(world.dances.size());
            var dance = world.dances.get(index);
            var move = next(dance);
            if (move != null) {
                make(new Step(index, world.now, move));
            }
        }
        for (int i = 0; i < world.dances.size(); i++) {
            if (world.dances.get(i).placed() == null) {
                make(new Step(i, world.now, new Move.Place()));
            }
        }
    }

    private @Nullable Move next(Dance dance) {
        if (dance.order instanceof Order.Unknown) {
            return new Move.Place();
        }
        if (oneIn(oneInPeople)) {
            return ofPeople();
        }
        if (oneIn(oneInHostile)) {
            return hostile(dance);
        }
        possible.clear();
        Moves.addOwn(world, dance, possible);
        if (possible.isEmpty()) {
            return null;
        }
        var move = possible.get(random.nextInt(possible.size()));
        return oneIn(oneInMishap) ? spoilt(move) : move;
    }

    private Move ofPeople() {
        return switch (random.nextInt(9)) {
            case 0 -> new Move.PlaceAgain();
            case 1, 2 -> new Move.Cancel();
            case 3, 4, 5 -> new Move.Ship(random.nextBoolean() ? "1" : "2");
            case 6, 7 -> new Move.Return();
            default -> new Move.Expire();
        };
    }

    /// What no part of the system does by itself.
    private @Nullable Move hostile(Dance dance) {
        if (dance.leased && random.nextBoolean()) {
            return new Move.LeaseEnds(); // The only thing that lets two be at one errand.
        }
        return switch (random.nextInt(9)) {
            case 0 -> random.nextInt(3) == 0 ? new Move.Lapse() : null;
            case 1 ->
                    dance.hooks.isEmpty()
                            ? null
                            : new Move.Tell(random.nextInt(dance.hooks.size()), true);
            case 2 -> dance.calls.isEmpty() ? null : new Move.Forget(0);
            case 3 -> Moves.mayBeGivenUp(dance) ? new Move.GiveUp() : null;
            case 4 -> deadSender(dance);
            default -> redelivery(dance);
        };
    }

    /// The lease of a mail ends while its sender is still talking to the mail server.
    private static @Nullable Move deadSender(Dance dance) {
        return dance.post.entrySet().stream()
                .filter(post -> post.getValue().attempt() > 0)
                .findFirst()
                .map(post -> new Move.TakeUp(post.getKey()))
                .orElse(null);
    }

    private @Nullable Move redelivery(Dance dance) {
        var to = Service.ALL.get(random.nextInt(Service.ALL.size()));
        var from = to.heard().get(random.nextInt(to.heard().size()));
        int read = dance.at(to).position(from);
        return read == 0 ? null : new Move.Redeliver(to, from, random.nextInt(read));
    }

    private Move spoilt(Move move) {
        return switch (move) {
            case Move.Publish(var of, _) -> new Move.Publish(of, Mishap.CRASH_AFTER_COMMIT);
            case Move.Deliver(var to, var from, _) ->
                    new Move.Deliver(
                            to,
                            from,
                            switch (random.nextInt(3)) {
                                case 0 -> Mishap.CRASH_BEFORE_COMMIT;
                                case 1 -> Mishap.CRASH_AFTER_COMMIT;
                                default -> Mishap.FAULT;
                            });
            case Move.Ask _ -> new Move.Ask(true);
            case Move.Serve(var call, _) -> new Move.Serve(call, true);
            case Move.Learn(var call, _) -> new Move.Learn(call, true);
            case Move.Converse(var kind, _) ->
                    new Move.Converse(kind, TALKS.get(random.nextInt(TALKS.size())));
            case Move.Place _,
                    Move.PlaceAgain _,
                    Move.Cancel _,
                    Move.Ship _,
                    Move.Return _,
                    Move.Expire _,
                    Move.Redeliver _,
                    Move.HandleAgain _,
                    Move.Replay _,
                    Move.GiveBack _,
                    Move.GiveUp _,
                    Move.LeaseEnds _,
                    Move.Forget _,
                    Move.Lapse _,
                    Move.Tell _,
                    Move.TakeUp _ ->
                    move;
        };
    }

    private void make(Step step) {
        steps.add(step);
        make(world, step, NOBODY);
    }

    private static void make(World world, Step step, StepListener listener) {
        var dance = world.dances.get(step.dance());
        var before = Before.of(dance, step.move());
        int announced = dance.committed.size();
        try {
            world.apply(dance, step.move());
            Always.check(CHECKED, world, dance, before);
        } finally {
            listener.made(step, dance, announced);
        }
    }

    /// All faults have healed: whatever is to be done is done, the oldest first, and then
    /// everything is to be right.
    private static void drain(World world, StepListener listener) {
        var moves = new ArrayList<Move>();
        int left = world.dances.size() * MAX_DRAIN_STEPS_PER_ORDER;
        boolean moved = true;
        while (moved) {
            moved = false;
            world.now = world.now.plus(Dance.DEADLINE);
            for (int i = 0; i < world.dances.size(); i++) {
                var dance = world.dances.get(i);
                moves.clear();
                Moves.addOwn(world, dance, moves);
                if (!moves.isEmpty()) {
                    make(world, new Step(i, world.now, moves.getFirst()), listener);
                    moved = true;
                    if (--left < 0) {
                        throw new Breach("I14", "it does not come to rest: " + moves);
                    }
                }
            }
        }
        AtRest.check(world);
    }

    private boolean oneIn(int moves) {
        return moves > 0 && random.nextInt(moves) == 0;
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }
}
