package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.FaultStack.assertNothingIsLostOrDoubled;
import static dev.quadrille.endtoend.FaultStack.awaitOrders;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.crash.CrashPoint;
import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A service is killed under load between two steps that belong together.
class CrashPointsIT {

    private static final Duration TO_REST = Duration.ofSeconds(60);
    private static final List<String> SERVICES = List.of("order", "inventory", "payment");
    private static final int ROUNDS = 20;

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
    }

    @AfterEach
    void closeTheShop() {
        shoppers.close();
        witness.close();
    }

    @Test
    void everyPointIsInTheCodeOfEveryService() {
        assertThat(fault.missingPoints()).isEmpty();
    }

    @Test
    void aDeathAtEachPointLosesAndDoublesNothing() {
        shoppers.begin(4, 8);

        for (var point : CrashPoint.values()) {
            fault.dieAt(point, SERVICES.get(point.ordinal() % SERVICES.size()));
        }

        settleAndJudge();
    }

    /// Each service dies at one point after the other, while the others do the same: 20 deaths at
    /// each point, and seldom is everybody there.
    @Tag("faults")
    @Test
    void twentyDeathsAtEachPointLoseAndDoubleNothing() throws Exception {
        shoppers.begin(4, 8);

        try (var hands = Executors.newFixedThreadPool(SERVICES.size())) {
            var work =
                    SERVICES.stream()
                            .map(service -> hands.submit(() -> dieAgainAndAgain(service)))
                            .toList();
            for (var each : work) {
                each.get();
            }
        }

        settleAndJudge();
        witness.mailbox(shoppers.customer()).empty();
    }

    private static void dieAgainAndAgain(String service) {
        for (int round = 0; round < ROUNDS; round++) {
            for (var point : CrashPoint.values()) {
                if ((point.ordinal() + round) % SERVICES.size() == SERVICES.indexOf(service)) {
                    fault.dieAt(point, service);
                }
            }
        }
    }

    private void settleAndJudge() {
        awaitOrders(shoppers, 10);
        shoppers.end();
        var rest = witness.awaitRest(shoppers.accepted().values(), TO_REST);
        System.out.printf(
                "%d orders, at rest %d ms after the last%n",
                shoppers.accepted().size(), rest.took().toMillis());
        assertNothingIsLostOrDoubled(witness, shoppers);
    }
}
