package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.Shop.PRICE_MINOR;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.endtoend.Ending.Books;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every way in which an order can end but TIMED_OUT, for which see [DeadlinesIT], and that all
/// parts agree about it: to the cent, to the piece, and to the mail.
class EndingsIT {

    private static final int ON_HAND = 10;
    private static final int QUANTITY = 2;
    private static final int TOTAL_MINOR = QUANTITY * PRICE_MINOR;

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
        sku = shop.sell(ON_HAND);
    }

    @AfterEach
    void closeTheShop() {
        shop.close();
        witness.close();
    }

    @Test
    void confirmedOrderWaitsForAPersonWithItsStockAndMoneyHeld() {
        var id = placeAndAwaitConfirmed("pm_card_visa");

        ending("CONFIRMED", "RESERVED", "AUTHORIZED")
                .unsettled()
                .reservation("HELD")
                .payment("AUTHORIZED", new Books(TOTAL_MINOR, 0, 0, 0))
                .stock(ON_HAND, QUANTITY, "ADJUSTED +10 +0", "RESERVED +0 +2")
                .timeline("order-placed", "stock-reserved", "payment-authorized", "order-confirmed")
                .mail("is confirmed", "Green tea")
                .assertIs(id, sku, shop, witness);
    }

    @Test
    void shippedOrderIsPaidAndItsPiecesAreGone() {
        var id = placeAndAwaitConfirmed("pm_card_visa");

        var answer = shop.ship(id, "SNAIL-1");

        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        assertThat(shop.awaitOrder(id, "settled", "true").path("shipment").path("trackingNumber"))
                .hasToString("\"SNAIL-1\"");
        ending("SHIPPED", "COMMITTED", "CAPTURED")
                .reservation("COMMITTED")
                .payment("CAPTURED", new Books(0, TOTAL_MINOR, 0, 0))
                .stock(
                        ON_HAND - QUANTITY,
                        0,
                        "ADJUSTED +10 +0",
                        "RESERVED +0 +2",
                        "COMMITTED -2 -2")
                .timeline(
                        "order-placed",
                        "stock-reserved",
                        "payment-authorized",
                        "order-confirmed",
                        "order-shipped",
                        "stock-committed",
                        "payment-captured")
                .mail("is confirmed", "Green tea")
                .mail("is on its way", "with Snail. Its tracking number is SNAIL-1.")
                .assertIs(id, sku, shop, witness);
    }

    @Test
    void returnedOrderIsPaidBackAndItsPiecesLieOnTheShelfAgain() {
        var id = placeAndAwaitConfirmed("pm_card_visa");
        shop.ship(id, "SNAIL-1");
        shop.awaitOrder(id, "settled", "true");

        var answer = shop.takeBack(id);

        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        ending("RETURNED", "RESTOCKED", "REFUNDED")
                .reservation("RESTOCKED")
                .payment("REFUNDED", new Books(0, TOTAL_MINOR, TOTAL_MINOR, 0))
                .stock(
                        ON_HAND,
                        0,
                        "ADJUSTED +10 +0",
                        "RESERVED +0 +2",
                        "COMMITTED -2 -2",
                        "RESTOCKED +2 +0")
                .timeline(
                        "order-placed",
                        "stock-reserved",
                        "payment-authorized",
                        "order-confirmed",
                        "order-shipped",
                        "stock-committed",
                        "payment-captured",
                        "order-returned",
                        "stock-restocked",
                        "payment-refunded")
                .mail("is confirmed", "Green tea")
                .mail("is on its way", "SNAIL-1")
                .mail("Your return of order", "We are returning 9.00 EUR to you")
                .mail("Your refund for order", "We have returned 9.00 EUR to you")
                .assertIs(id, sku, shop, witness);
    }

    @Test
    void orderForMoreThanThereIsEndsOutOfStock() {
        var id = shop.place(sku, ON_HAND + 1, "pm_card_visa");

        ending("CANCELLED", "REJECTED", "NONE")
                .reason("OUT_OF_STOCK")
                .reservation("REJECTED")
                .payment("CANCELLED", Books.NONE)
                .stock(ON_HAND, 0, "ADJUSTED +10 +0")
                .timeline("order-placed", "stock-rejected", "order-cancelled")
                .mail("is cancelled", "Not everything you ordered is in stock any more.")
                .assertIs(id, sku, shop, witness);
    }

    @Test
    void orderThatNobodyPaysEndsPaymentDeclined() {
        var id = shop.place(sku, QUANTITY, "pm_card_chargeDeclinedInsufficientFunds");

        ending("CANCELLED", "RELEASED", "DECLINED")
                .reason("PAYMENT_DECLINED")
                .reservation("RELEASED")
                .payment("DECLINED", new Books(0, 0, 0, 0))
                .stock(ON_HAND, 0, "ADJUSTED +10 +0", "RESERVED +0 +2", "RELEASED +0 -2")
                .timeline(
                        "order-placed",
                        "stock-reserved",
                        "payment-declined",
                        "order-cancelled",
                        "stock-released")
                .mail("is cancelled", "Your payment was declined.")
                .assertIs(id, sku, shop, witness);
        assertThat(shop.payment(id).path("declineCode")).hasToString("\"insufficient_funds\"");
    }

    @Test
    void confirmedOrderThatItsCustomerCancelsIsLetGo() {
        var id = placeAndAwaitConfirmed("pm_card_visa");

        var answer = shop.cancel(id);

        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        ending("CANCELLED", "RELEASED", "VOIDED")
                .reason("CUSTOMER_REQUEST")
                .reservation("RELEASED")
                .payment("VOIDED", new Books(0, 0, 0, TOTAL_MINOR))
                .stock(ON_HAND, 0, "ADJUSTED +10 +0", "RESERVED +0 +2", "RELEASED +0 -2")
                .timeline(
                        "order-placed",
                        "stock-reserved",
                        "payment-authorized",
                        "order-confirmed",
                        "order-cancelled",
                        "stock-released",
                        "payment-voided")
                .mail("is confirmed", "Green tea")
                .mail("is cancelled", "You asked us to cancel it.")
                .assertIs(id, sku, shop, witness);
    }

    /// The provider has been asked and has not answered yet.
    @Test
    void pendingOrderThatItsCustomerCancelsIsLetGo() {
        var id = shop.place(sku, QUANTITY, "pm_sandbox_slow");
        shop.awaitOrder(id, "stock", "RESERVED");

        var answer = shop.cancel(id);

        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        ending("CANCELLED", "RELEASED", "VOIDED")
                .reason("CUSTOMER_REQUEST")
                .reservation("RELEASED")
                .payment("VOIDED", new Books(0, 0, 0, TOTAL_MINOR))
                .stock(ON_HAND, 0, "ADJUSTED +10 +0", "RESERVED +0 +2", "RELEASED +0 -2")
                .timeline(
                        "order-placed",
                        "stock-reserved",
                        "order-cancelled",
                        "stock-released",
                        "payment-voided")
                .mail("is cancelled", "You asked us to cancel it.")
                .assertIs(id, sku, shop, witness);
    }

    @Test
    void whatWasDoneAlreadyIsAnsweredWithTheOrderAndDoneOnce() {
        var id = placeAndAwaitConfirmed("pm_card_visa");
        shop.ship(id, "SNAIL-1");
        shop.awaitOrder(id, "settled", "true");

        var shippedAgain = shop.ship(id, "SNAIL-1");
        var shippedOtherwise = shop.ship(id, "SNAIL-2");
        var cancelled = shop.cancel(id);
        shop.takeBack(id);
        var takenBackAgain = shop.takeBack(id);
        var shippedAfterwards = shop.ship(id, "SNAIL-1");

        assertThat(shippedAgain.status()).isEqualTo(200);
        assertThat(shippedAgain.body().path("status")).hasToString("\"SHIPPED\"");
        Ending.assertRefused(shippedOtherwise, 409, "shipped-otherwise", "SHIPPED");
        Ending.assertRefused(cancelled, 409, "already-shipped", "SHIPPED");
        assertThat(takenBackAgain.status()).isEqualTo(200);
        Ending.assertRefused(shippedAfterwards, 409, "already-returned", "RETURNED");
        var end = shop.awaitOrder(id, "settled", "true");
        assertThat(end.path("shipment").path("trackingNumber")).hasToString("\"SNAIL-1\"");
        shop.assertEverythingHolds(witness, Ending.TO_REST);
    }

    @Test
    void cancellationThatIsRepeatedIsAnsweredWithTheOrder() {
        var id = placeAndAwaitConfirmed("pm_card_visa");
        shop.cancel(id);

        var again = shop.cancel(id);
        var shipped = shop.ship(id, "SNAIL-1");
        var takenBack = shop.takeBack(id);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body().path("reason")).hasToString("\"CUSTOMER_REQUEST\"");
        Ending.assertRefused(shipped, 409, "already-cancelled", "CANCELLED");
        Ending.assertRefused(takenBack, 409, "already-cancelled", "CANCELLED");
        shop.assertEverythingHolds(witness, Ending.TO_REST);
    }

    @Test
    void requestForAStateThatIsOverIsStale() {
        var id = shop.place(sku, QUANTITY, "pm_sandbox_slow");
        var old = shop.order(id).etag();
        shop.awaitOrder(id, "status", "CONFIRMED");
        var current = shop.order(id).etag();

        var stale = shop.shipIf(old, id, "SNAIL-1");
        var shipped = shop.shipIf(current, id, "SNAIL-1");
        var repeated = shop.shipIf(current, id, "SNAIL-1");

        Ending.assertRefused(stale, 412, "precondition-failed", "CONFIRMED");
        assertThat(stale.etag()).isEqualTo(current).isNotEqualTo(old);
        assertThat(shipped.status()).isEqualTo(202);
        assertThat(repeated.status()).isEqualTo(200);
        shop.assertEverythingHolds(witness, Ending.TO_REST);
    }

    @Test
    void whoFollowsTheTimelineSeesAllOfItAtOnceAndUntilTheOrderIsSettled() throws Exception {
        var id = placeAndAwaitConfirmed("pm_card_visa");
        var seen = new CopyOnWriteArrayList<JsonNode>();

        try (var followers = Executors.newVirtualThreadPerTaskExecutor()) {
            var end =
                    followers.submit(() -> {
                        shop.follow(id, seen::add);
                        return seen.size();
                    });
            await().atMost(Ending.TO_REST).until(() -> seen.size() == 4);
            assertThat(end).isNotDone();
            shop.ship(id, "SNAIL-1");
            assertThat(end.get(Ending.TO_REST.toSeconds(), SECONDS)).isEqualTo(7);
        }

        assertThat(shop.order(id).body().path("settled").asBoolean()).isTrue();
        assertThat(seen).isEqualTo(shop.timeline(id));
    }

    private UUID placeAndAwaitConfirmed(String paymentMethod) {
        var id = shop.place(sku, QUANTITY, paymentMethod);
        shop.awaitOrder(id, "status", "CONFIRMED");
        return id;
    }

    private static Ending ending(String status, String stock, String payment) {
        return new Ending(status, stock, payment);
    }
}
