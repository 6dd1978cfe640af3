package dev.quadrille.simulation;

import dev.quadrille.simulation.Simulation.Failure;
import dev.quadrille.simulation.Simulation.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a seed breaks an invariant, in as few moves as it takes.
final class Trace {

    /// Each pass tries to do without every single move; more than a few find nothing.
    private static final int MAX_PASSES = 5;

    private Trace() {}

    /// For people: the seed, the invariant, and each move with what it announced and where it left
    /// the order. The moves at the end are those by which everything comes to rest once all faults
    /// have healed.
    static String of(Failure failure, Rules rules) {
        var steps = shrink(failure, rules);
        var text = new StringBuilder(1_000);
        text.append("seed ").append(failure.seed()).append(" breaks ");
        text.append(failure.breach().getMessage()).append('\n');
        try {
            Simulation.replay(
                    failure.seed(),
                    rules,
                    steps,
                    (step, dance, announced) -> append(text, step, dance, announced));
        } catch (Breach breach) {
            text.append("  then  ").append(breach.getMessage()).append('\n');
        }
        return text.toString();
    }

    /// The same breach with fewer moves.
    static List<Step> shrink(Failure failure, Rules rules) {
        var steps = new ArrayList<>(failure.steps());
        boolean shorter = true;
        for (int pass = 0; pass < MAX_PASSES && shorter; pass++) {
            shorter = false;
            for (int i = steps.size() - 1; i >= 0; i--) {
                var left = steps.remove(i);
                if (breaks(failure, rules, steps)) {
                    shorter = true;
                } else {
                    steps.add(i, left);
                }
            }
        }
        return steps;
    }

    private static boolean breaks(Failure failure, Rules rules, List<Step> steps) {
        var breach = breach(failure, rules, steps);
        return breach != null && breach.invariant().equals(failure.breach().invariant());
    }

    private static @Nullable Breach breach(Failure failure, Rules rules, List<Step> steps) {
        try {
            Simulation.replay(failure.seed(), rules, steps, (_, _, _) -> {});
            return null;
        } catch (Breach breach) {
            return breach;
        } catch (RuntimeException _) {
            return null; // Without the move that was left out, a later one cannot be made.
        }
    }

    private static void append(StringBuilder text, Step step, Dance dance, int announced) {
        text.append("  %s  order %d  %s".formatted(step.at(), step.dance(), step.move()));
        for (var message : dance.committed.subList(announced, dance.committed.size())) {
            text.append(" !").append(message);
        }
        text.append("\n        ")
                .append(name(dance.order))
                .append(" v")
                .append(dance.orderVersion)
                .append(", ")
                .append(name(dance.reservation))
                .append(", ")
                .append(name(dance.payment))
                .append(", provider ")
                .append(dance.books.intents())
                .append('\n');
    }

    private static String name(Object state) {
        return state.getClass().getSimpleName();
    }
}
