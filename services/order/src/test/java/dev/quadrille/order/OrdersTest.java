package dev.quadrille.order;

import static dev.quadrille.contract.Topic.ORDER_EVENTS;
import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.EventType;
import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.Shortage;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class OrdersTest {

    private static final Money PRICE = new Money(450, "EUR");

    private final Wire wire = Wire.ofServiceUnderTest();

    @BeforeEach
    void catalogueIsKnown() {
        if (placing(body("TEA-01", 1)).statusCode() == 202) {
            return;
        }
        wire.announce(new ProductListed("TEA-01", "Green tea", PRICE));
        wire.announce(new ProductListed("YEN-01", "Sencha", new Money(700, "JPY")));
        await().atMost(10, SECONDS)
                .untilAsserted(() -> {
                    assertThat(placing(body("TEA-01", 1)).statusCode()).isEqualTo(202);
                    placing(body("YEN-01", 1))
                            .then()
                            .body("type", equalTo("/problems/other-currency"));
                });
    }

    @Test
    void orderIsPricedFromTheCatalogueAndAnnounced() {
        var response = placing(body("TEA-01", 2)).then();

        String id = response.extract().path("id");
        response.statusCode(202)
                .header("Location", "/v1/orders/" + id)
                .header("ETag", "\"1\"")
                .body("status", equalTo("PENDING"))
                .body("reason", nullValue())
                .body("stock", equalTo("NONE"))
                .body("payment", equalTo("NONE"))
                .body("settled", equalTo(false))
                .body("version", equalTo(1))
                .body("customer.id", equalTo("c-1"))
                .body("currency", equalTo("EUR"))
                .body("lines[0].name", equalTo("Green tea"))
                .body("lines[0].unitPrice.amountMinor", equalTo(450))
                .body("total.amountMinor", equalTo(900))
                .body("total.currency", equalTo("EUR"))
                .body("placedAt", notNullValue())
                .body("deadline", notNullValue());
        await().atMost(10, SECONDS).until(() -> !wire.events(ORDER_EVENTS, id).isEmpty());
        assertThat(wire.events(ORDER_EVENTS, id))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.sequence()).isEqualTo(1);
                    assertThat(event.event())
                            .isInstanceOfSatisfying(
                                    OrderPlaced.class,
                                    placed ->
                                            assertThat(placed.total())
                                                    .isEqualTo(new Money(900, "EUR")));
                });
    }

    @Test
    void reservedAndAuthorizedOrderIsConfirmed() {
        var id = place();

        wire.announce(new StockReserved(id, lines()));
        wire.announce(new PaymentAuthorized(id, PRICE, "pi_1"));

        awaitOrder(id, "status", "CONFIRMED")
                .body("stock", equalTo("RESERVED"))
                .body("payment", equalTo("AUTHORIZED"))
                .body("version", equalTo(3))
                .header("ETag", "\"3\"");
        awaitAnnounced(id, EventType.ORDER_PLACED, EventType.ORDER_CONFIRMED);
        given().get("/v1/orders/{id}/timeline", id)
                .then()
                .statusCode(200)
                .body("items", hasSize(4))
                .body("items[0].type", equalTo("order-placed"))
                .body("items[3].type", equalTo("order-confirmed"))
                .body("items[3].source", equalTo("/order"))
                .body("items[3].sequence", equalTo(3));
    }

    @Test
    void anEventThatComesTwiceHasOneEffect() {
        var id = place();

        var reserved = wire.announce(new StockReserved(id, lines()));
        awaitOrder(id, "stock", "RESERVED");
        wire.announce(reserved);
        wire.announce(reserved);
        wire.announce(new PaymentAuthorized(id, PRICE, "pi_1"));

        awaitOrder(id, "status", "CONFIRMED").body("version", equalTo(3));
        given().get("/v1/orders/{id}/timeline", id).then().body("items", hasSize(4));
    }

    @Test
    void rejectedStockEndsTheOrderAtOnce() {
        var id = place();

        wire.announce(new StockRejected(id, List.of(new Shortage("TEA-01", 1, 0))));

        awaitOrder(id, "status", "CANCELLED")
                .body("reason", equalTo("OUT_OF_STOCK"))
                .body("stock", equalTo("REJECTED"))
                .body("payment", equalTo("NONE"))
                .body("settled", equalTo(true));
        awaitAnnounced(id, EventType.ORDER_PLACED, EventType.ORDER_CANCELLED);
    }

    @Test
    void declinedPaymentEndsTheOrderOnceItsStockIsReleased() {
        var id = place();

        wire.announce(new StockReserved(id, lines()));
        wire.announce(new PaymentDeclined(id, "insufficient_funds"));

        awaitOrder(id, "status", "CANCELLED")
                .body("reason", equalTo("PAYMENT_DECLINED"))
                .body("settled", equalTo(false));
        wire.announce(new StockReleased(id, lines()));
        awaitOrder(id, "settled", true).body("stock", equalTo("RELEASED"));
    }

    @Test
    void customerCancelsAndCancelsAgain() {
        var id = place();

        cancelling(id, "{\"reason\":\"changed my mind\"}")
                .then()
                .statusCode(202)
                .body("status", equalTo("CANCELLED"))
                .body("reason", equalTo("CUSTOMER_REQUEST"))
                .body("note", equalTo("changed my mind"))
                .body("version", equalTo(2));
        cancelling(id, "{\"reason\":\"again\"}")
                .then()
                .statusCode(200)
                .body("note", equalTo("changed my mind"))
                .body("version", equalTo(2));

        wire.announce(new StockReserved(id, lines()));
        wire.announce(new StockReleased(id, lines()));
        wire.announce(new PaymentVoided(id));
        awaitOrder(id, "settled", true);
    }

    @Test
    void cancellingWhatIsNotThereIsNotFound() {
        cancelling(UUID.randomUUID(), "{}")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/not-found"));
    }

    @Test
    void theSameKeyAndBodyGiveTheSameOrder() {
        var key = UUID.randomUUID().toString();

        String first = placing(key, body("TEA-01", 1)).then().statusCode(202).extract().path("id");
        placing(key, body("TEA-01", 1).replace(",", " , "))
                .then()
                .statusCode(202)
                .header("Idempotency-Replayed", "true")
                .header("Location", "/v1/orders/" + first)
                .body("id", equalTo(first));
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        var key = UUID.randomUUID().toString();

        placing(key, body("TEA-01", 1)).then().statusCode(202);

        placing(key, body("TEA-01", 2))
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/idempotency-key-reused"));
    }

    @Test
    void aKeyOfARefusedRequestMayBeUsedAgain() {
        var key = UUID.randomUUID().toString();

        placing(key, body("NONE-01", 1)).then().statusCode(422);

        placing(key, body("TEA-01", 1)).then().statusCode(202);
    }

    @Test
    void aHundredRequestsWithOneKeyMakeOneOrder() throws Exception {
        var key = UUID.randomUUID().toString();
        Callable<String> request =
                () -> placing(key, body("TEA-01", 1)).then().statusCode(202).extract().path("id");

        var ids = new HashSet<String>();
        try (var clients = Executors.newFixedThreadPool(100)) {
            for (var answer : clients.invokeAll(java.util.Collections.nCopies(100, request))) {
                ids.add(answer.get());
            }
        }

        assertThat(ids).hasSize(1);
        var id = ids.iterator().next();
        await().atMost(10, SECONDS).until(() -> !wire.events(ORDER_EVENTS, id).isEmpty());
        assertThat(wire.events(ORDER_EVENTS, id)).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no lines                  | "lines":[{"sku":"TEA-01","quantity":1}] | "lines":[]                                 | 400 | lines
                    no member lines           | "lines":[{"sku":"TEA-01","quantity":1}], |                                           | 400 | lines
                    a line that is null       | [{"sku":"TEA-01","quantity":1}]         | [null]                                     | 400 | lines
                    quantity 0                | "quantity":1                            | "quantity":0                               | 400 | lines[0].quantity
                    too large a quantity      | "quantity":1                            | "quantity":1000001                         | 400 | lines[0].quantity
                    half a piece              | "quantity":1                            | "quantity":1.5                             | 400 | lines[0].quantity
                    a quantity that is a text | "quantity":1                            | "quantity":"1"                             | 400 | lines[0].quantity
                    a huge quantity           | "quantity":1                            | "quantity":99999999999999999999            | 400 | lines[0].quantity
                    a price                   | "quantity":1                            | "quantity":1,"unitPrice":{"amountMinor":1} | 400 | lines[0].unitPrice
                    a total                   | "currency":"EUR"                        | "currency":"EUR","total":1                 | 400 | total
                    a sku twice               | {"sku":"TEA-01","quantity":1}           | {"sku":"TEA-01","quantity":1},{"sku":"TEA-01","quantity":2} | 400 | lines[1].sku
                    a member twice            | "currency":"EUR"                        | "currency":"EUR","currency":"EUR"          | 400 |
                    a sku that is none        | TEA-01                                  | TEA 01                                     | 400 | lines[0].sku
                    an unknown sku            | TEA-01                                  | TEA-99                                     | 422 | lines[0].sku
                    another currency          | TEA-01                                  | YEN-01                                     | 422 | lines[0].sku
                    no such currency          | "EUR"                                   | "EUX"                                      | 400 | currency
                    a currency in small       | "EUR"                                   | "eur"                                      | 400 | currency
                    no mail address           | ada@example.com                         | ada                                        | 400 | customer.email
                    no customer               | "customer":{"id":"c-1","email":"ada@example.com"}, |                                | 400 | customer
                    a NUL in the customer     | "c-1"                                   | "c\\u0000"                                 | 400 | customer.id
                    no payment method         | "paymentMethod":"pm_card_visa"          | "paymentMethod":""                         | 400 | paymentMethod
                    a card number with spaces | "pm_card_visa"                          | "4242 4242 4242 4242"                      | 400 | paymentMethod
                    broken JSON               | "customer"                              | customer                                   | 400 |
                    two bodies                | "pm_card_visa"}                         | "pm_card_visa"}{}                          | 400 |
                    a list for a body         | {"customer"                             | [{"customer"                               | 400 |
                    """)
    void badInputIsRefusedAndNothingIsStored(
            String what, String good, String bad, int status, String field) {
        var ordersBefore = countOrders();

        var response =
                placing(body("TEA-01", 1).replace(good, bad == null ? "" : bad))
                        .then()
                        .statusCode(status)
                        .contentType("application/problem+json")
                        .body("type", containsString("/problems/"))
                        .body("title", notNullValue())
                        .body("status", equalTo(status));

        if (field != null) {
            response.body("violations.field.any { it.startsWith('" + field + "') }", equalTo(true))
                    .body("violations.message", everyItem(notNullValue()));
        }
        assertThat(response.extract().asString())
                .doesNotContain("dev.quadrille", "java.", "Exception");
        assertThat(countOrders()).isEqualTo(ordersBefore);
    }

    @Test
    void anEmptyBodyIsRefused() {
        given().contentType(JSON)
                .post("/v1/orders")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void aBodyOf200KiBIsRefused() {
        var padded = body("TEA-01", 1).replace("ada@", "a".repeat(200 * 1024) + "@");

        placing(padded)
                .then()
                .statusCode(413)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/body-too-large"));
    }

    @ParameterizedTest
    @CsvSource({"300, 400", "256, 400", "255, 202"})
    void aKeyHasAtMost255Characters(int length, int status) {
        var key = UUID.randomUUID() + "x".repeat(length - 36);

        placing(key, body("TEA-01", 1)).then().statusCode(status);
    }

    @Test
    void wrongMethodsAndTypesAndPathsAreProblemsToo() {
        given().delete("/v1/orders").then().statusCode(405).contentType("application/problem+json");
        given().contentType("text/plain")
                .body("x")
                .post("/v1/orders")
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
        given().get("/v1/nothing").then().statusCode(404);
        given().get("/v1/orders/{id}", UUID.randomUUID())
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
        given().get("/v1/orders/{id}/timeline", UUID.randomUUID()).then().statusCode(404);
    }

    @Test
    void ordersAreListedNewestFirstPageByPage() {
        var customer = "c-" + UUID.randomUUID();
        var ids = List.of(placeFor(customer), placeFor(customer), placeFor(customer)).reversed();

        var first = listing(Map.of("customer", customer, "limit", 2));
        List<String> firstIds = first.body("items", hasSize(2)).extract().path("items.id");
        String next = first.extract().path("next");
        var second = listing(Map.of("customer", customer, "limit", 2, "cursor", next));
        List<String> secondIds =
                second.body("items", hasSize(1))
                        .body("next", nullValue())
                        .extract()
                        .path("items.id");

        assertThat(firstIds).containsExactlyElementsOf(ids.subList(0, 2));
        assertThat(secondIds).containsExactlyElementsOf(ids.subList(2, 3));
        listing(Map.of("customer", customer, "status", "CONFIRMED")).body("items", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 201",
        "limit, many",
        "cursor, !!!",
        "cursor, bm9wZQ",
        "status, LOST"
    })
    void badQueriesAreRefused(String parameter, String value) {
        given().queryParam(parameter, value)
                .get("/v1/orders")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void theTraceOfTheRequestGoesOnWithWhatItAnnounces() {
        var trace = UUID.randomUUID().toString().replace("-", "");
        var id =
                request()
                        .header("traceparent", "00-" + trace + "-b7ad6b7169203331-00")
                        .body(body("TEA-01", 1))
                        .post("/v1/orders")
                        .then()
                        .statusCode(202)
                        .extract()
                        .<String>path("id");

        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(ORDER_EVENTS, id))
                                .singleElement()
                                .extracting(Envelope::traceparent)
                                .asString()
                                .startsWith("00-" + trace + "-"));
        given().get("/v1/orders/{id}/timeline", id).then().body("items[0].traceId", equalTo(trace));
    }

    @Test
    void anAnswerOfAnUnknownTypeIsPassedOverAndOneThatCannotBeReadIsWaitedFor() {
        var id = place();
        var headers = Map.of("ce_type", "stock-teleported", "ce_id", UUID.randomUUID().toString());

        wire.send(
                dev.quadrille.contract.Topic.INVENTORY_EVENTS,
                id.toString(),
                new byte[] {1},
                headers);
        wire.send(
                dev.quadrille.contract.Topic.INVENTORY_EVENTS,
                id.toString(),
                new byte[] {1},
                Map.of());
        wire.announce(new StockReserved(id, lines()));

        var parked = "items.find { it.key == '%s' }.events".formatted(id);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> given().get("/v1/ops/parked").then().body(parked, equalTo(2)));
        long unreadable =
                given().get("/v1/ops/parked/{key}", id).jsonPath().getLong("items[0].position");
        given().delete("/v1/ops/parked/{key}/events/{position}", id, unreadable)
                .then()
                .statusCode(204);
        given().post("/v1/ops/parked/{key}/replay", id).then().statusCode(200);
        awaitOrder(id, "stock", "RESERVED");
    }

    private void awaitAnnounced(UUID id, EventType... types) {
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(ORDER_EVENTS, id.toString()))
                                .extracting(Envelope::type)
                                .containsExactly(types));
    }

    private static ValidatableResponse awaitOrder(UUID id, String path, Object value) {
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        given().get("/v1/orders/{id}", id)
                                .then()
                                .statusCode(200)
                                .body(path, equalTo(value)));
        return given().get("/v1/orders/{id}", id).then();
    }

    private static UUID place() {
        return UUID.fromString(
                placing(body("TEA-01", 1)).then().statusCode(202).extract().path("id"));
    }

    private static String placeFor(String customer) {
        return placing(body("TEA-01", 1).replace("c-1", customer))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static io.restassured.response.Response placing(String body) {
        return request().body(body).post("/v1/orders");
    }

    private static io.restassured.response.Response placing(String key, String body) {
        return request().header("Idempotency-Key", key).body(body).post("/v1/orders");
    }

    private static io.restassured.response.Response cancelling(UUID id, String body) {
        return request().body(body).post("/v1/orders/{id}/cancellation", id);
    }

    private static RequestSpecification request() {
        return given().contentType(JSON);
    }

    private static ValidatableResponse listing(Map<String, ?> query) {
        return given().queryParams(query).get("/v1/orders").then().statusCode(200);
    }

    private static int countOrders() {
        return given().queryParam("limit", 200)
                .get("/v1/orders")
                .then()
                .body("next", nullValue())
                .extract()
                .<List<?>>path("items")
                .size();
    }

    private static String body(String sku, int quantity) {
        return """
        {"customer":{"id":"c-1","email":"ada@example.com"},"currency":"EUR",\
        "lines":[{"sku":"%s","quantity":%d}],"paymentMethod":"pm_card_visa"}\
        """
                .formatted(sku, quantity);
    }

    private static List<StockLine> lines() {
        return List.of(new StockLine("TEA-01", 1));
    }
}
