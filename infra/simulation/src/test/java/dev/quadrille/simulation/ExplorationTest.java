package dev.quadrille.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every interleaving is tried to its end. What is printed is how much that was.
class ExplorationTest {

    /// One of everything: a cancellation, a shipment, a return, a duplicate of any message at any
    /// time, a request or an answer lost, two at one errand, and a hold that lapses.
    private static final Allowed EVERYTHING = new Allowed(1, 1, 1, 1, 1, 1, 1, false);

    /// As above with all that the provider tells by itself, which may come at any time; for that,
    /// not everything else at once.
    private static final Allowed TOLD_BY_THE_PROVIDER = new Allowed(1, 1, 1, 0, 1, 0, 1, true);

    private static final Allowed A_CANCELLATION = new Allowed(1, 0, 0, 0, 0, 0, 0, false);
    private static final Allowed A_CANCELLATION_AND_A_DUPLICATE =
            new Allowed(1, 0, 0, 1, 0, 0, 0, false);

    @Test
    void oneOrderOfWhatIsInStock() {
        explore("one order", List.of(EVERYTHING), 1, true);
    }

    @Test
    void oneOrderOfWhatIsInStockAndAProviderThatTells() {
        explore("one order, told", List.of(TOLD_BY_THE_PROVIDER), 1, true);
    }

    @Test
    void oneOrderThatTheBankRefuses() {
        explore("one order, refused", List.of(EVERYTHING), 1, false);
    }

    @Test
    void oneOrderOfWhatIsNotInStock() {
        explore("one order, no stock", List.of(EVERYTHING), 0, true);
    }

    /// Which of the two the duplicate is of makes no difference, because they are alike.
    @Test
    void twoOrdersThatWantTheLastPiece() {
        var endings =
                explore(
                        "two orders, one piece",
                        List.of(A_CANCELLATION_AND_A_DUPLICATE, A_CANCELLATION),
                        1,
                        true);

        assertThat(endings)
                .contains("Cancelled(OUT_OF_STOCK) and Confirmed")
                .doesNotContain("Confirmed and Confirmed");
    }

    private static Set<String> explore(
            String what, List<Allowed> allowed, int pieces, boolean bankAccepts) {
        long began = System.nanoTime();
        var found = Exploration.explore(new Rules(), allowed, pieces, bankAccepts);
        System.out.printf(
                "%s: %,d states, %,d transitions, %,d ends, %d moves at most, %,d ms%n",
                what,
                found.states(),
                found.transitions(),
                found.ends(),
                found.longest(),
                (System.nanoTime() - began) / 1_000_000);
        found.endings()
                .forEach((ending, times) -> System.out.printf("    %,d %s%n", times, ending));

        assertThat(found.trace()).isNull();
        return found.endings().keySet();
    }
}
