package dev.quadrille.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The saga under a seeded hostile network. `./test.sh --simulate 1000000` simulates more, and
/// `-Dquadrille.simulation.seed=7` begins at another seed.
class SimulationTest {

    private static final long ORDERS = Long.getLong("quadrille.simulation.orders", 100_000);
    private static final long FIRST_SEED = Long.getLong("quadrille.simulation.seed", 1);
    private static final long PROGRESS_NANOS = 2_000_000_000L;

    private final Map<String, Integer> endings = new TreeMap<>();
    private final long began = System.nanoTime();
    private long told = began;
    private long orders;
    private long moves;

    @Test
    void noOrderOfAnySeedBreaksAnInvariant() {
        for (long seed = FIRST_SEED; orders < ORDERS; seed++) {
            var run = Simulation.run(seed, new Rules());
            if (run.failure() != null) {
                fail(Trace.of(run.failure(), new Rules()));
            }
            orders += run.orders();
            moves += run.moves();
            run.endings().forEach(ending -> endings.merge(ending, 1, Integer::sum));
            tellOfProgress();
        }
        endings.forEach((ending, times) -> System.out.printf("    %,d %s%n", times, ending));

        assertThat(endings)
                .containsOnlyKeys(
                        "Cancelled(CUSTOMER_REQUEST)",
                        "Cancelled(OUT_OF_STOCK)",
                        "Cancelled(PAYMENT_DECLINED)",
                        "Cancelled(TIMED_OUT)",
                        "Confirmed",
                        "Returned",
                        "Shipped");
    }

    private void tellOfProgress() {
        long now = System.nanoTime();
        if (now - told > PROGRESS_NANOS || orders >= ORDERS) {
            told = now;
            System.out.printf(
                    "%,d of %,d orders simulated, %,d moves, %,d orders/s%n",
                    orders, ORDERS, moves, orders * 1_000_000_000L / (now - began));
        }
    }
}
