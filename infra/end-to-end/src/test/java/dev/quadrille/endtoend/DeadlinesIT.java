package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.Rounds.ROUNDS;
import static dev.quadrille.endtoend.Shop.PRICE_MINOR;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.endtoend.Ending.Books;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Orders that are given little time, on a stack of their own.
class DeadlinesIT {

    /// The watch over deadlines looks once in a second, and the slow answer takes 3 s.
    private static final String DEADLINE = "PT1.5S";

    private static final int ON_HAND = 10;
    private static final int WARM_UP_ORDERS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static TestStack stack;

    private Shop shop;
    private Witness witness;

    @BeforeAll
    static void start() {
        stack =
                TestStack.running(
                        "deadline-stack", List.of(), Map.of("QUADRILLE_ORDER_DEADLINE", DEADLINE));
        awaitSwift();
    }

    @AfterAll
    static void end() {
        // Nine processes that the next tests would share the machine with.
        stack.stop();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(stack);
        shop = new Shop(stack);
    }

    @AfterEach
    void closeTheShop() {
        witness.mailbox(shop.customer()).empty();
        shop.close();
        witness.close();
    }

    /// The first orders of a stack take longer than they are given here.
    private static void awaitSwift() {
        try (var shop = new Shop(stack)) {
            var sku = shop.sell(WARM_UP_ORDERS);
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    shop.awaitOutcome(shop.place(sku, 1, "pm_card_visa"))
                                            .path("status")
                                            .asText(),
                            "CONFIRMED"::equals);
        }
    }

    /// The provider answers after 3 s, and then its hold is let go.
    @Test
    void orderThatTheProviderLeavesWaitingEndsTimedOut() {
        var sku = shop.sell(ON_HAND);

        var id = shop.place(sku, 2, "pm_sandbox_slow");

        new Ending("CANCELLED", "RELEASED", "VOIDED")
                .reason("TIMED_OUT")
                .reservation("RELEASED")
                .payment("VOIDED", new Books(0, 0, 0, 2 * PRICE_MINOR))
                .stock(ON_HAND, 0, "ADJUSTED +10 +0", "RESERVED +0 +2", "RELEASED +0 -2")
                .timeline(
                        "order-placed",
                        "stock-reserved",
                        "order-cancelled",
                        "stock-released",
                        "payment-voided")
                .mail("is cancelled", "We could not complete it in time.")
                .assertIs(id, sku, shop, witness);
    }

    /// The provider's two failures delay an authorization by about as long as an order is given;
    /// one that answers at once is in time, and one that answers after 3 s is not.
    @Test
    void deadlineAgainstAuthorization() {
        var sku = shop.sell(ROUNDS);

        var outcomes =
                Rounds.run(
                        ROUNDS,
                        i ->
                                () -> {
                                    var method =
                                            switch (i % 20) {
                                                case 0 -> "pm_sandbox_slow";
                                                case 1, 2, 3 -> "pm_card_visa";
                                                default -> "pm_sandbox_flaky";
                                            };
                                    return shop.awaitOutcome(shop.place(sku, 1, method));
                                });

        shop.assertEverythingHolds(witness, Ending.TO_REST);
        var ends =
                outcomes.stream()
                        .map(order ->
                                order.path("status").asText() + " " + order.path("reason").asText())
                        .collect(groupingBy(end -> end, TreeMap::new, counting()));
        System.out.printf("%d orders that were given %s: %s%n", ROUNDS, DEADLINE, ends);
        assertThat(ends).containsOnlyKeys("CANCELLED TIMED_OUT", "CONFIRMED null");
        assertThat(shop.stock(sku).path("reserved").asLong()).isEqualTo(ends.get("CONFIRMED null"));
    }
}
