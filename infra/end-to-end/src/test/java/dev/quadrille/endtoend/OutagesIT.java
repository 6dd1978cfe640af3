package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.FaultStack.assertNothingIsLostOrDoubled;
import static dev.quadrille.endtoend.FaultStack.awaitOrders;

import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the services stand on is gone for a while, under load.
class OutagesIT {

    /// From the return of what was gone.
    private static final Duration TO_REST = Duration.ofSeconds(10);

    private static FaultStack fault;
    private Witness witness;
    private Shoppers shoppers;

    @BeforeAll
    static void start() {
        fault = FaultStack.running();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(fault.stack());
        shoppers = Shoppers.of(fault.stack());
        shoppers.begin(4, 8);
        awaitOrders(shoppers, 16);
    }

    @AfterEach
    void closeTheShop() {
        shoppers.close();
        witness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "postgres"})
    void everythingDrainsAfterAKill(String part) {
        fault.kill(part);

        assertDrainsFromNow("the kill of " + part);
    }

    @Test
    void everythingDrainsAfterAllDatabaseConnectionsWereKilled() {
        for (int i = 0; i < 3; i++) {
            witness.query(
                    "order",
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where pid <> pg_backend_pid() and backend_type = 'client backend'
                    """,
                    row -> row.getBoolean(1));
            awaitOrders(shoppers, 8);
        }

        assertDrainsFromNow("the loss of all connections");
    }

    private void assertDrainsFromNow(String after) {
        long returned = System.nanoTime();
        shoppers.end();
        var left = TO_REST.minusNanos(System.nanoTime() - returned);
        var rest = witness.awaitRest(shoppers.accepted().values(), left);
        System.out.printf(
                "At rest %d ms after %s, %d orders; the last was %s%n",
                (System.nanoTime() - returned) / 1_000_000,
                after,
                shoppers.accepted().size(),
                rest.last());
        assertNothingIsLostOrDoubled(witness, shoppers);
    }
}
