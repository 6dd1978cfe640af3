package dev.quadrille.simulation;

import dev.quadrille.contract.StockLine;
import dev.quadrille.order.domain.Order;
import dev.quadrille.simulation.Always.Before;
import dev.quadrille.simulation.Move.Mishap;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Everything that can happen to one order, or to two that want the same piece: every interleaving
/// of their messages, calls, commands and faults, breadth first, so that the first breach that is
/// found is one of the shortest.
///
/// What makes it finite is that people and faults are counted ([Allowed]) and that it makes no
/// difference between states that have the same future: how a state was reached, and the versions
/// that it was reached in, are forgotten. What makes it small is that three things are left out
/// that change nothing:
///
/// - An event is published as soon as it is announced. That it comes later is seen all the same, as
///   a delivery that comes later; each listener reads at its own pace.
/// - A crash undoes a transaction, or repeats a delivery that the inbox knows. The first changes no
///   state, and the second is explored in a stronger form: a duplicate reaches the decider itself.
/// - Nobody listens to the notification service, so it is explored by the simulation alone.
///
/// The deadline has always passed here: that it is looked at late is how it passes late.
final class Exploration {

    /// No order takes nearly as many moves; one that does would never come to rest.
    private static final int MAX_MOVES = 200;

    private static final String SKU = "TEA";
    private static final Instant PLACED_AT = Instant.parse("2026-11-21T10:00:00Z");

    /// What was found.
    ///
    /// @param states that differ
    /// @param transitions between them
    /// @param ends states in which nothing is left to happen by itself
    /// @param trace the moves to a breach; null if there is none
    record Found(
            long states,
            long transitions,
            long ends,
            int longest,
            Map<String, Long> endings,
            @Nullable String trace) {}

    /// That a duplicate cannot be is no contradiction.
    private static final List<Always.Invariant> OF_A_DUPLICATE =
            Always.OF_THE_SAGA.stream()
                    .filter(invariant -> !invariant.equals(Always.BELIEVED))
                    .toList();

    private final Rules rules;
    private final boolean tellings;
    private final Seen seen = new Seen();
    private final Map<Object, Integer> names = new HashMap<>();
    private final Map<String, Long> endings = new HashMap<>();
    private final List<Move> moves = new ArrayList<>();
    private long transitions;
    private long ends;
    private int longest;

    private Exploration(Rules rules, boolean tellings) {
        this.rules = rules;
        this.tellings = tellings;
    }

    /// @param allowed for each order, which is of one piece
    /// @param pieces on the shelf
    /// @param bankAccepts whether the customers' bank lets the amount be held
    static Found explore(Rules rules, List<Allowed> allowed, long pieces, boolean bankAccepts) {
        boolean tellings = allowed.stream().anyMatch(Allowed::tellings);
        return new Exploration(rules, tellings).explore(allowed, pieces, bankAccepts);
    }

    /// A state that was reached, and how.
    private static final class Node {

        final @Nullable Node before;
        final @Nullable Made made;
        final int depth;
        final List<Allowed> left;
        @Nullable World world;

        Node(@Nullable Node before, @Nullable Made made, World world, List<Allowed> left) {
            this.before = before;
            this.made = made;
            this.depth = before == null ? 0 : before.depth + 1;
            this.world = world;
            this.left = left;
        }
    }

    private record Made(int dance, Move move) {}

    private Found explore(List<Allowed> allowed, long pieces, boolean bankAccepts) {
        var dances =
                IntStream.range(0, allowed.size())
                        .mapToObj(i ->
                                new Dance(
                                        new UUID(0, i + 1L),
                                        "key-" + i,
                                        List.of(new StockLine(SKU, 1)),
                                        bankAccepts,
                                        PLACED_AT))
                        .toList();
        var world =
                new World(
                        rules,
                        dances,
                        new Shelf(Map.of(SKU, pieces)),
                        PLACED_AT.plus(Dance.DEADLINE));
        for (var dance : dances) {
            world.apply(dance, new Move.Place());
            publishAll(world, dance);
        }
        var frontier = new ArrayDeque<Node>();
        var first = new Node(null, null, world, allowed);
        seen.add(fingerprint(world, first.left));
        frontier.add(first);
        while (!frontier.isEmpty()) {
            var node = frontier.remove();
            var trace = expand(node, frontier);
            if (trace != null) {
                return found(trace);
            }
        }
        return found(null);
    }

    private Found found(@Nullable String trace) {
        return new Found(seen.size(), transitions, ends, longest, Map.copyOf(endings), trace);
    }

    private @Nullable String expand(Node node, ArrayDeque<Node> frontier) {
        var world = node.world;
        if (world == null) {
            throw new IllegalStateException("a state is expanded once");
        }
        node.world = null;
        if (node.depth > MAX_MOVES) {
            return trace(node, new Breach("I14", "it does not come to rest"));
        }
        longest = Math.max(longest, node.depth);
        boolean atRest = true;
        for (int i = 0; i < world.dances.size(); i++) {
            var dance = world.dances.get(i);
            moves.clear();
            addOwn(world, dance);
            atRest &= moves.isEmpty();
            addOthers(dance, node.left.get(i));
            for (var move : List.copyOf(moves)) {
                var trace = follow(node, world, i, move, frontier);
                if (trace != null) {
                    return trace;
                }
            }
        }
        return atRest ? judge(node, world) : null;
    }

    private @Nullable String judge(Node node, World world) {
        ends++;
        endings.merge(ending(world), 1L, Long::sum);
        try {
            AtRest.checkTheSaga(world);
            return null;
        } catch (Breach breach) {
            return trace(node, breach);
        }
    }

    private static String ending(World world) {
        return world.dances.stream()
                .map(Dance::ending)
                .sorted()
                .reduce((one, other) -> one + " and " + other)
                .orElseThrow();
    }

    private @Nullable String follow(
            Node node, World from, int index, Move move, ArrayDeque<Node> frontier) {
        transitions++;
        var world = new World(from, index);
        var dance = world.dances.get(index);
        var before = Before.of(dance, move);
        var next = new Node(node, new Made(index, move), world, left(node.left, index, move));
        try {
            world.apply(dance, move);
            if (move instanceof Move.HandleAgain && !unmoved(from.dances.get(index), dance)) {
                throw new Breach("I8", "a duplicate had an effect of its own");
            }
            publishAll(world, dance);
            Always.check(
                    move instanceof Move.HandleAgain ? OF_A_DUPLICATE : Always.OF_THE_SAGA,
                    world,
                    dance,
                    before);
        } catch (Breach breach) {
            return trace(next, breach);
        }
        if (seen.add(fingerprint(world, next.left))) {
            frontier.add(next);
        }
        return null;
    }

    private static boolean unmoved(Dance was, Dance is) {
        return was.order.equals(is.order)
                && was.reservation.equals(is.reservation)
                && was.payment.equals(is.payment)
                && was.committed.size() == is.committed.size();
    }

    /// What happens by itself, the notification service left out.
    private void addOwn(World world, Dance dance) {
        Moves.addOwn(world, dance, moves);
        moves.removeIf(move ->
                (move instanceof Move.Deliver(var to, _, _) && to == Service.NOTIFICATION)
                        || move instanceof Move.Tell);
        if (tellings) {
            for (int i = 0; i < dance.hooks.size(); i++) {
                moves.add(new Move.Tell(i, false));
            }
        }
    }

    /// What people and faults may do. The watch may look at an order that is not pending any more,
    /// because it has just ceased to be.
    private void addOthers(Dance dance, Allowed left) {
        if (!(dance.order instanceof Order.Pending)) {
            moves.add(new Move.Expire());
        }
        if (left.cancellations() > 0) {
            moves.add(new Move.Cancel());
        }
        if (left.shipments() > 0) {
            moves.add(new Move.Ship("1"));
        }
        if (left.returns() > 0) {
            moves.add(new Move.Return());
        }
        if (left.duplicates() > 0) {
            addDuplicates(dance);
        }
        if (left.lost() > 0) {
            for (int i = 0; i < dance.calls.size(); i++) {
                moves.add(
                        dance.calls.get(i).answer() == null
                                ? new Move.Serve(i, true)
                                : new Move.Learn(i, true));
            }
            if (World.errand(dance.payment) != null && !dance.leased && dance.heldBack == null) {
                moves.add(new Move.Ask(true));
            }
        }
        if (Moves.mayBeGivenUp(dance)) {
            moves.add(new Move.GiveUp());
        }
        if (left.leaseEnds() > 0 && dance.leased) {
            moves.add(new Move.LeaseEnds());
        }
        if (left.lapses() > 0 && dance.books.lapse().isPresent()) {
            moves.add(new Move.Lapse());
        }
    }

    private void addDuplicates(Dance dance) {
        for (var to : List.of(Service.ORDER, Service.INVENTORY, Service.PAYMENT)) {
            for (var from : to.heard()) {
                for (int i = 0; i < dance.at(to).position(from); i++) {
                    moves.add(new Move.HandleAgain(to, from, i));
                }
            }
        }
    }

    private static List<Allowed> left(List<Allowed> before, int index, Move move) {
        var after = new ArrayList<>(before);
        after.set(index, before.get(index).after(move));
        return List.copyOf(after);
    }

    private static void publishAll(World world, Dance dance) {
        for (var service : Service.ALL) {
            if (!dance.at(service).outbox.isEmpty()) {
                world.apply(dance, new Move.Publish(service, Mishap.NONE));
            }
        }
    }

    private String trace(Node last, Breach breach) {
        var made = new ArrayList<Made>();
        for (var node = last; node != null; node = node.before) {
            if (node.made != null) {
                made.addFirst(node.made);
            }
        }
        var text = new StringBuilder(500);
        text.append(breach.getMessage()).append('\n');
        made.forEach(one ->
                text.append("  order ")
                        .append(one.dance())
                        .append("  ")
                        .append(one.move())
                        .append('\n'));
        return text.toString();
    }

    /// Of all that has a bearing on what may still happen.
    private Seen.Fingerprint fingerprint(World world, List<Allowed> left) {
        var print = new Seen.Fingerprint();
        world.shelf.levels.values().forEach(level -> print.add(name(level)));
        for (int i = 0; i < world.dances.size(); i++) {
            var dance = world.dances.get(i);
            if (dance.print == null) {
                dance.print = fingerprint(dance);
            }
            print.add(dance.print);
            print.add(name(left.get(i)));
        }
        return print;
    }

    private Seen.Fingerprint fingerprint(Dance dance) {
        var print = new Seen.Fingerprint();
        print.add(name(dance.order));
        print.add(name(dance.reservation));
        print.add(name(dance.payment));
        print.add(name(dance.books));
        print.add(dance.attempts * 4 + (dance.leased ? 2 : 0) + (dance.lapsed ? 1 : 0));
        print.add(dance.heldBack == null ? -1 : name(dance.heldBack));
        print.add(dance.calls.size());
        dance.calls.forEach(call -> print.add(name(call)));
        if (tellings) {
            print.add(dance.hooks.size());
            dance.hooks.forEach(hook -> print.add(name(hook)));
        }
        for (var service : Service.ALL) {
            var desk = dance.at(service);
            print.add(desk.topic.size());
            desk.topic.forEach(message -> print.add(name(message.event())));
            service.heard().forEach(from -> print.add(desk.position(from)));
        }
        return print;
    }

    private int name(Object value) {
        return names.computeIfAbsent(value, _ -> names.size());
    }
}
