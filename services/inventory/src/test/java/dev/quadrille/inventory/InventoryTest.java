package dev.quadrille.inventory;

import static dev.quadrille.contract.Topic.INVENTORY_EVENTS;
import static dev.quadrille.contract.Topic.PRODUCTS;
import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.InventoryEvent.StockRestocked;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.Shortage;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class InventoryTest {

    private static final Money PRICE = new Money(450, "EUR");

    private final Wire wire = Wire.ofServiceUnderTest();
    private final String tea = "TEA-" + UUID.randomUUID();
    private final String cup = "CUP-" + UUID.randomUUID();

    @Test
    void listedProductIsShownAndAnnounced() {
        listing(tea, "Green tea", 450)
                .then()
                .statusCode(201)
                .header("Location", "/v1/products/" + tea)
                .body("sku", equalTo(tea))
                .body("name", equalTo("Green tea"))
                .body("price.amountMinor", equalTo(450));

        given().get("/v1/products/{sku}", tea).then().statusCode(200).body("sku", equalTo(tea));
        stock(tea, 0, 0);
        awaitAnnounced(tea, new ProductListed(tea, "Green tea", PRICE));
    }

    @Test
    void changedProductIsAnnouncedWithTheNextVersionAndAnUnchangedOneIsNot() {
        listing(tea, "Green tea", 450).then().statusCode(201);
        listing(tea, "Green tea", 450).then().statusCode(200);
        listing(tea, "Green tea", 500).then().statusCode(200);

        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(PRODUCTS, tea))
                                .extracting(Envelope::sequence)
                                .containsExactly(1L, 2L));
    }

    @Test
    void productsAreListedPageByPage() {
        listing(tea, "Green tea", 450);
        listing(cup, "Cup", 1200);

        var skus = new ArrayList<String>();
        String next = null;
        do {
            var page =
                    next == null
                            ? given().queryParam("limit", 1).get("/v1/products")
                            : given().queryParam("limit", 1)
                                    .queryParam("cursor", next)
                                    .get("/v1/products");
            skus.addAll(page.then().statusCode(200).extract().path("items.sku"));
            next = page.path("next");
        } while (next != null);

        assertThat(skus).isSorted().doesNotHaveDuplicates().contains(tea, cup);
    }

    @Test
    void adjustmentChangesTheStockAndLeavesARowInTheLedger() {
        listing(tea, "Green tea", 450);

        adjusting(tea, 100, "delivery")
                .then()
                .statusCode(201)
                .body("onHand", equalTo(100))
                .body("reserved", equalTo(0))
                .body("available", equalTo(100));
        adjusting(tea, -3, "broken").then().statusCode(201).body("onHand", equalTo(97));

        given().get("/v1/stock/{sku}/ledger", tea)
                .then()
                .statusCode(200)
                .body("items.onHandDelta", contains(100, -3))
                .body("items.reason", contains("delivery", "broken"));
    }

    @Test
    void adjustmentBelowWhatIsReservedIsRefused() {
        keep(tea, 5);
        reserve(new StockLine(tea, 4));

        adjusting(tea, -2, "lost")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/below-reserved"));
        adjusting(tea, -1, "lost").then().statusCode(201);
    }

    @Test
    void adjustmentWithAKeyIsMadeOnce() {
        listing(tea, "Green tea", 450);
        var key = UUID.randomUUID().toString();

        adjusting(key, tea, 10).then().statusCode(201);
        adjusting(key, tea, 10)
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .body("onHand", equalTo(10));
        adjusting(key, tea, 11)
                .then()
                .statusCode(422)
                .body("type", equalTo("/problems/idempotency-key-reused"));
    }

    @Test
    void placedOrderIsReserved() {
        keep(tea, 10);
        keep(cup, 1);
        var lines = List.of(new StockLine(tea, 3), new StockLine(cup, 1));

        var placed = place(lines);

        awaitAnswers(placed.orderId(), new StockReserved(placed.orderId(), lines));
        reservation(placed.orderId(), "HELD").body("lines.sku", contains(tea, cup));
        stock(tea, 10, 3);
        stock(cup, 1, 1);
        given().get("/v1/stock/{sku}/ledger", tea)
                .then()
                .body("items.cause", contains("ADJUSTED", "RESERVED"))
                .body("items.orderId", hasItem(placed.orderId().toString()));
    }

    @Test
    void orderThatCannotBeServedReservesNothing() {
        keep(tea, 10);
        keep(cup, 1);

        var placed = place(List.of(new StockLine(tea, 3), new StockLine(cup, 2)));

        awaitAnswers(
                placed.orderId(),
                new StockRejected(placed.orderId(), List.of(new Shortage(cup, 2, 1))));
        reservation(placed.orderId(), "REJECTED");
        stock(tea, 10, 0);
        stock(cup, 1, 0);
    }

    @Test
    void cancelledOrderIsReleased() {
        keep(tea, 10);
        var lines = List.of(new StockLine(tea, 3));
        var placed = place(lines);

        cancel(placed.orderId());

        awaitAnswers(
                placed.orderId(),
                new StockReserved(placed.orderId(), lines),
                new StockReleased(placed.orderId(), lines));
        reservation(placed.orderId(), "RELEASED");
        stock(tea, 10, 0);
    }

    @Test
    void shippedOrderLeavesTheShelfAndAReturnedOneComesBack() {
        keep(tea, 10);
        keep(cup, 1);
        var lines = List.of(new StockLine(tea, 3), new StockLine(cup, 1));
        var placed = place(lines);

        wire.announce(new OrderShipped(placed.orderId(), "DHL", "1"));

        reservation(placed.orderId(), "COMMITTED");
        stock(tea, 7, 0);
        stock(cup, 0, 0);

        wire.announce(new OrderReturned(placed.orderId(), "too green"));

        awaitAnswers(
                placed.orderId(),
                new StockReserved(placed.orderId(), lines),
                new StockCommitted(placed.orderId(), lines),
                new StockRestocked(placed.orderId(), lines));
        reservation(placed.orderId(), "RESTOCKED").body("lines.sku", contains(tea, cup));
        stock(tea, 10, 0);
        stock(cup, 1, 0);
        given().get("/v1/stock/{sku}/ledger", tea)
                .then()
                .body("items.cause", contains("ADJUSTED", "RESERVED", "COMMITTED", "RESTOCKED"))
                .body("items.onHandDelta", contains(10, 0, -3, 3))
                .body("items.reservedDelta", contains(0, 3, -3, 0));
    }

    @Test
    void shippingWhatIsNotHeldMovesNothing() {
        keep(tea, 10);
        var rejected = place(List.of(new StockLine(tea, 11)));

        wire.announce(new OrderShipped(rejected.orderId(), "DHL", "1"));
        var next = place(List.of(new StockLine(tea, 1)));

        awaitAnswers(
                next.orderId(), new StockReserved(next.orderId(), List.of(new StockLine(tea, 1))));
        stock(tea, 10, 1);
    }

    @Test
    void orderThatWasCancelledBeforeItCameHoldsNothing() {
        keep(tea, 10);
        var order = order(UUID.randomUUID(), List.of(new StockLine(tea, 3)));

        cancel(order.orderId());
        reservation(order.orderId(), "RELEASED").body("lines", hasSize(0));
        wire.announce(order);

        awaitAnswers(
                order.orderId(),
                new StockReleased(order.orderId(), List.of(new StockLine(tea, 3))));
        stock(tea, 10, 0);
    }

    @Test
    void anEventThatComesTwiceHasOneEffect() {
        keep(tea, 10);
        var order = order(UUID.randomUUID(), List.of(new StockLine(tea, 3)));

        var envelope = wire.announce(order);
        wire.announce(envelope);
        wire.announce(order);
        reserve(new StockLine(tea, 1));

        stock(tea, 10, 4);
        assertThat(wire.events(INVENTORY_EVENTS, order.orderId().toString())).hasSize(1);
    }

    @Test
    void theLastPiecesGoToAsManyOrdersAsThereArePieces() {
        keep(tea, 10);

        var orders =
                Stream.generate(() -> place(List.of(new StockLine(tea, 1)))).limit(25).toList();

        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        assertThat(orders)
                                .allSatisfy(
                                        order -> assertThat(answers(order.orderId())).hasSize(1)));
        assertThat(orders)
                .filteredOn(order -> answers(order.orderId()).getFirst() instanceof StockReserved)
                .hasSize(10);
        stock(tea, 10, 10);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no name           | {"price":{"amountMinor":450,"currency":"EUR"}}
                    a blank name      | {"name":" ","price":{"amountMinor":450,"currency":"EUR"}}
                    no price          | {"name":"Tea"}
                    a price of 0      | {"name":"Tea","price":{"amountMinor":0,"currency":"EUR"}}
                    a price of cents  | {"name":"Tea","price":{"amountMinor":4.5,"currency":"EUR"}}
                    too high a price  | {"name":"Tea","price":{"amountMinor":1000000001,"currency":"EUR"}}
                    no such currency  | {"name":"Tea","price":{"amountMinor":450,"currency":"EUX"}}
                    an unknown member | {"name":"Tea","price":{"amountMinor":450,"currency":"EUR"},"colour":"green"}
                    broken JSON       | {"name":
                    """)
    void badProductIsRefused(String what, String body) {
        request()
                .body(body)
                .put("/v1/products/{sku}", tea)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("title", notNullValue());

        given().get("/v1/products/{sku}", tea).then().statusCode(404);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    delta 0        | {"delta":0,"reason":"count"}
                    no delta       | {"reason":"count"}
                    no reason      | {"delta":1}
                    a huge delta   | {"delta":1000000001,"reason":"count"}
                    half a piece   | {"delta":0.5,"reason":"count"}
                    """)
    void badAdjustmentIsRefused(String what, String body) {
        listing(tea, "Green tea", 450);

        request()
                .body(body)
                .post("/v1/stock/{sku}/adjustments", tea)
                .then()
                .statusCode(400)
                .contentType("application/problem+json");

        given().get("/v1/stock/{sku}/ledger", tea).then().body("items", hasSize(0));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (var path :
                List.of(
                        "/v1/products/" + tea,
                        "/v1/stock/" + tea,
                        "/v1/stock/" + tea + "/ledger",
                        "/v1/reservations/" + UUID.randomUUID())) {
            given().get(path).then().statusCode(404).contentType("application/problem+json");
        }
        adjusting(tea, 1, "delivery").then().statusCode(404);
        listing("not a sku", "Tea", 1).then().statusCode(400);
    }

    private void keep(String sku, int onHand) {
        listing(sku, "Kept", 450).then().statusCode(201);
        adjusting(sku, onHand, "delivery").then().statusCode(201);
    }

    private void reserve(StockLine line) {
        var placed = place(List.of(line));
        awaitAnswers(placed.orderId(), new StockReserved(placed.orderId(), List.of(line)));
    }

    private OrderPlaced place(List<StockLine> lines) {
        return wire.announce(order(UUID.randomUUID(), lines)).event();
    }

    private void cancel(UUID orderId) {
        wire.announce(new OrderCancelled(orderId, CancellationReason.CUSTOMER_REQUEST));
    }

    private static OrderPlaced order(UUID id, List<StockLine> lines) {
        var ordered =
                lines.stream()
                        .map(line -> new OrderLine(line.sku(), "Kept", line.quantity(), PRICE))
                        .toList();
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return new OrderPlaced(
                id,
                new Customer("c-1", new EmailAddress("ada@example.com")),
                ordered,
                OrderLine.total(ordered),
                new PaymentMethod("pm_card_visa"),
                now,
                now.plusSeconds(120));
    }

    private void awaitAnswers(UUID orderId, Object... answers) {
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(answers(orderId)).containsExactly(answers));
    }

    private List<Object> answers(UUID orderId) {
        return wire.events(INVENTORY_EVENTS, orderId.toString()).stream()
                .<Object>map(Envelope::event)
                .toList();
    }

    private void awaitAnnounced(String sku, ProductListed product) {
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(PRODUCTS, sku))
                                .singleElement()
                                .satisfies(event -> assertThat(event.event()).isEqualTo(product)));
    }

    private static ValidatableResponse reservation(UUID orderId, String state) {
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        given().get("/v1/reservations/{id}", orderId)
                                .then()
                                .statusCode(200)
                                .body("state", equalTo(state)));
        return given().get("/v1/reservations/{id}", orderId).then();
    }

    private static void stock(String sku, int onHand, int reserved) {
        given().get("/v1/stock/{sku}", sku)
                .then()
                .statusCode(200)
                .body("onHand", equalTo(onHand))
                .body("reserved", equalTo(reserved))
                .body("available", equalTo(onHand - reserved));
    }

    private static Response listing(String sku, String name, int amountMinor) {
        return request()
                .body(
                        """
                        {"name":"%s","price":{"amountMinor":%d,"currency":"EUR"}}
                        """
                                .formatted(name, amountMinor))
                .put("/v1/products/{sku}", sku);
    }

    private static Response adjusting(String sku, int delta, String reason) {
        return request()
                .body("{\"delta\":%d,\"reason\":\"%s\"}".formatted(delta, reason))
                .post("/v1/stock/{sku}/adjustments", sku);
    }

    private static Response adjusting(String key, String sku, int delta) {
        return request()
                .header("Idempotency-Key", key)
                .body("{\"delta\":%d,\"reason\":\"delivery\"}".formatted(delta))
                .post("/v1/stock/{sku}/adjustments", sku);
    }

    private static RequestSpecification request() {
        return given().contentType(JSON);
    }
}
