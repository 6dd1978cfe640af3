package dev.quadrille.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each [Bug] is put into the saga and is to be found. The table says by which invariant, and after
/// how many orders.
class CheckerTest {

    private static final int MAX_ORDERS = 100_000;

    @Test
    void everyBugIsFoundByTheInvariantThatItBreaks() {
        var found = new EnumMap<Bug, String>(Bug.class);
        System.out.printf("| bug | found by | after orders | in moves |%n|---|---|---|---|%n");
        for (var bug : Bug.values()) {
            found.put(bug, findingInvariant(bug));
        }

        assertThat(found).hasSizeGreaterThanOrEqualTo(25);
        assertThat(found)
                .allSatisfy((bug, invariant) ->
                        assertThat(invariant).as("%s", bug).isEqualTo(bug.foundBy()));
    }

    /// The exploration needs no luck: what is wrong with one order of one line, it finds.
    @ParameterizedTest
    @EnumSource(
            names = {
                "DEADLINE_WINS_OVER_CONFIRMATION",
                "RELEASE_FORGOTTEN",
                "TOMBSTONE_NOT_KEPT",
                "ASKED_NOT_REMEMBERED",
                "LATE_ANSWER_NOT_VOIDED",
                "RETURN_DURING_CAPTURE_IGNORED",
                "REFUNDED_TWICE",
                "LAPSE_NOT_HEARD",
            })
    void explorationFindsIt(Bug bug) {
        var allowed = new Allowed(1, 1, 1, 0, 1, 1, 1, false);

        var found = Exploration.explore(bug.rules(), List.of(allowed), 1, true);

        assertThat(found.trace()).isNotNull();
        System.out.printf(
                "%s: found among %,d states, in %d moves%n",
                bug.says(), found.states(), requireNonNull(found.trace()).lines().count() - 1);
    }

    private static String findingInvariant(Bug bug) {
        int orders = 0;
        for (long seed = 1; orders < MAX_ORDERS; seed++) {
            var run = Simulation.run(seed, bug.rules());
            orders += run.orders();
            var failure = run.failure();
            if (failure != null) {
                int moves = Trace.shrink(failure, bug.rules()).size();
                var invariant = failure.breach().invariant();
                System.out.printf("| %s | %s | %,d | %d |%n", bug.says(), invariant, orders, moves);
                return invariant;
            }
        }
        System.out.printf("| %s | - | %,d | - |%n", bug.says(), orders);
        return "none";
    }
}
