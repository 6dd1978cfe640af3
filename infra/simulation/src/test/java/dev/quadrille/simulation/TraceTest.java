package dev.quadrille.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What is printed of a seed that breaks an invariant is all that its finder has.
class TraceTest {

    private static final Rules RULES = Bug.LATE_ANSWER_NOT_VOIDED.rules();

    private final Simulation.Run run =
            LongStream.iterate(1, seed -> seed + 1)
                    .mapToObj(seed -> Simulation.run(seed, RULES))
                    .filter(one -> one.failure() != null)
                    .findFirst()
                    .orElseThrow();
    private final Simulation.Failure failure = requireNonNull(run.failure());

    @Test
    void aSeedFailsTheSameWayEachTime() {
        var again = requireNonNull(Simulation.run(run.seed(), RULES).failure());

        assertThat(again.steps()).isEqualTo(failure.steps());
        assertThat(again.breach()).hasMessage(failure.breach().getMessage());
    }

    @Test
    void whatIsLeftOfATraceIsNeededToTheLastMove() {
        var steps = Trace.shrink(failure, RULES);

        assertThat(steps).hasSizeLessThan(failure.steps().size() / 2);
        assertThat(Trace.shrink(new Simulation.Failure(run.seed(), failure.breach(), steps), RULES))
                .isEqualTo(steps);
    }

    @Test
    void aTraceSaysWhatHappenedAndWhatIsWrong() {
        var text = Trace.of(failure, RULES);

        assertThat(text)
                .startsWith("seed " + run.seed() + " breaks " + failure.breach().invariant())
                .contains("!order-placed #1", "!order-cancelled", "Abandoning", "held=");
    }

    @Test
    void withoutTheBugTheSameSeedBreaksNothing() {
        assertThat(Simulation.run(run.seed(), new Rules()).failure()).isNull();
    }
}
