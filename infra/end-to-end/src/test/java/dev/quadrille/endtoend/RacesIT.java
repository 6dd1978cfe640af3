package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.Rounds.ROUNDS;
import static dev.quadrille.endtoend.Rounds.assertIsAnswer;
import static dev.quadrille.endtoend.Rounds.atOnce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.endtoend.Rounds.Pair;
import dev.quadrille.endtoend.Shop.Answer;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two who want different things of one order at the same moment. However it goes, one of them gets
/// it, the other is told so, and all parts agree. The race of the deadline is in [DeadlinesIT].
class RacesIT {

    /// Every so many rounds the second waits as long again; the last of them until it must be late.
    private static final int STEPS = 8;

    private static TestStack stack;

    private Shop shop;
    private Witness witness;
    private String sku;

    @BeforeAll
    static void start() {
        stack = TestStack.whole();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(stack);
        shop = new Shop(stack);
        sku = shop.sell(ROUNDS);
    }

    @AfterEach
    void closeTheShop() {
        witness.mailbox(shop.customer()).empty();
        shop.close();
        witness.close();
    }

    /// Whoever cancels is heard, before the confirmation and after it.
    @Test
    void cancellationAgainstConfirmation() {
        long usualNanos = nanosToConfirmed();

        var cancelled =
                Rounds.run(
                        ROUNDS,
                        i ->
                                () -> {
                                    var id = shop.place(sku, 1, "pm_card_visa");
                                    if (i % STEPS == STEPS - 1) {
                                        shop.awaitOrder(id, "status", "CONFIRMED");
                                    }
                                    LockSupport.parkNanos(usualNanos * (i % STEPS) / STEPS);
                                    return new Cancelled(id, shop.cancel(id));
                                });

        for (var each : cancelled) {
            assertIsAnswer(each.answer());
            assertThat(each.answer().status()).isEqualTo(202);
        }
        shop.assertEverythingHolds(witness, Ending.TO_REST);
        long late = cancelled.stream().filter(each -> wasConfirmed(each.id())).count();
        System.out.printf("%d of %d were cancelled after they were confirmed%n", late, ROUNDS);
        assertThat(late).as("cancelled after the confirmation").isBetween(1L, ROUNDS - 1L);
        assertThat(shop.stock(sku).path("reserved").asInt()).isZero();
    }

    @Test
    void cancellationAgainstShipment() {
        var answers =
                Rounds.run(
                        ROUNDS,
                        i ->
                                () -> {
                                    var id = placeAndAwaitConfirmed();
                                    return i % 2 == 0
                                            ? atOnce(
                                                    () -> shop.cancel(id), () -> shop.ship(id, "A"))
                                            : swapped(
                                                    atOnce(
                                                            () -> shop.ship(id, "A"),
                                                            () -> shop.cancel(id)));
                                });

        long shipped = 0;
        for (var pair : answers) {
            assertOneHasWon(pair);
            if (pair.second().status() == 202) {
                Ending.assertRefused(pair.first(), 409, "already-shipped", "SHIPPED");
                shipped++;
            } else {
                Ending.assertRefused(pair.second(), 409, "already-cancelled", "CANCELLED");
            }
        }
        shop.assertEverythingHolds(witness, Ending.TO_REST);
        System.out.printf("%d of %d were shipped, the others cancelled%n", shipped, ROUNDS);
        assertThat(shop.stock(sku).path("onHand").asLong()).isEqualTo(ROUNDS - shipped);
    }

    @Test
    void shipmentAgainstShipmentOfAnotherParcel() {
        var answers =
                Rounds.run(
                        ROUNDS,
                        _ ->
                                () -> {
                                    var id = placeAndAwaitConfirmed();
                                    return atOnce(
                                            () -> shop.ship(id, "A"), () -> shop.ship(id, "B"));
                                });

        for (var pair : answers) {
            assertOneHasWon(pair);
            var loser = pair.first().status() == 409 ? pair.first() : pair.second();
            Ending.assertRefused(loser, 409, "shipped-otherwise", "SHIPPED");
            var shipment = loser.body().path("order").path("shipment");
            assertThat(shipment.path("trackingNumber").asText())
                    .isEqualTo(loser == pair.first() ? "B" : "A");
        }
        shop.assertEverythingHolds(witness, Ending.TO_REST);
        assertThat(shop.stock(sku).path("onHand").asInt()).isZero();
    }

    private record Cancelled(UUID id, Answer answer) {}

    private static void assertOneHasWon(Pair pair) {
        pair.both().forEach(Rounds::assertIsAnswer);
        assertThat(List.of(pair.first().status(), pair.second().status()))
                .containsExactlyInAnyOrder(202, 409);
    }

    private static Pair swapped(Pair pair) {
        return new Pair(pair.second(), pair.first());
    }

    private UUID placeAndAwaitConfirmed() {
        var id = shop.place(sku, 1, "pm_card_visa");
        shop.awaitOrder(id, "status", "CONFIRMED");
        return id;
    }

    /// With as many at a time as in the race; and all is warm then.
    private long nanosToConfirmed() {
        var warmUp = shop.sell(4 * STEPS);
        var nanos =
                Rounds.run(
                        4 * STEPS,
                        _ ->
                                () -> {
                                    var id = shop.place(warmUp, 1, "pm_card_visa");
                                    long begun = System.nanoTime();
                                    shop.awaitOrder(id, "status", "CONFIRMED");
                                    return System.nanoTime() - begun;
                                });
        return nanos.stream().sorted().toList().get(2 * STEPS);
    }

    private boolean wasConfirmed(UUID id) {
        return shop.timeline(id).stream()
                .anyMatch(item -> item.path("type").asText().equals("order-confirmed"));
    }
}
