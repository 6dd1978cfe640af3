package dev.quadrille.simulation;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/// The saga under a seeded hostile network. `-Dquadrille.simulation.orders=1000000` simulates more,
/// `-Dquadrille.simulation.seed=7` begins at another seed.
class SimulationTest {

    private static final long ORDERS = Long.getLong("quadrille.simulation.orders", 100_000);
    private static final long FIRST_SEED = Long.getLong("quadrille.simulation.seed", 1);
    private static final long PROGRESS_NANOS = 2_000_000_000L;

    @Test
    void noOrderOfAnySeedBreaksAnInvariant() {
        long began = System.nanoTime();
        long told = began;
        long orders = 0;
        long moves = 0;
        for (long seed = FIRST_SEED; orders < ORDERS; seed++) {
            var run = Simulation.run(seed, new Rules());
            if (run.failure() != null) {
                fail(Trace.of(run.failure(), new Rules()));
            }
            orders += run.orders();
            moves += run.moves();
            long now = System.nanoTime();
            if (now - told > PROGRESS_NANOS || orders >= ORDERS) {
                told = now;
                System.out.printf(
                        "%,d of %,d orders simulated, %,d moves, %,d orders/s%n",
                        orders, ORDERS, moves, orders * 1_000_000_000L / (now - began));
            }
        }
    }
}
