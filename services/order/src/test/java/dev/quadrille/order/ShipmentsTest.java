package dev.quadrille.order;

import static dev.quadrille.contract.Topic.ORDER_EVENTS;
import static dev.quadrille.order.Clients.LINES;
import static dev.quadrille.order.Clients.PRICE;
import static dev.quadrille.order.Clients.awaitOrder;
import static dev.quadrille.order.Clients.cancelling;
import static dev.quadrille.order.Clients.order;
import static dev.quadrille.order.Clients.place;
import static dev.quadrille.order.Clients.placeConfirmed;
import static dev.quadrille.order.Clients.placeShipped;
import static dev.quadrille.order.Clients.request;
import static dev.quadrille.order.Clients.returning;
import static dev.quadrille.order.Clients.shipping;
import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.EventType;
import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockRestocked;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class ShipmentsTest {

    private final Wire wire = Wire.ofServiceUnderTest();

    @BeforeEach
    void catalogueIsKnown() {
        Clients.knowCatalogue(wire);
    }

    @Test
    void confirmedOrderIsShippedAndReturnedAndSettledEachTime() {
        var id = placeConfirmed(wire);

        shipping(id, "DHL", "JD0146")
                .then()
                .statusCode(202)
                .header("Location", "/v1/orders/" + id)
                .header("ETag", "\"4\"")
                .body("status", equalTo("SHIPPED"))
                .body("shipment.carrier", equalTo("DHL"))
                .body("shipment.trackingNumber", equalTo("JD0146"))
                .body("stock", equalTo("RESERVED"))
                .body("payment", equalTo("AUTHORIZED"))
                .body("settled", equalTo(false));
        wire.announce(new StockCommitted(id, LINES));
        wire.announce(new PaymentCaptured(id, PRICE));
        awaitOrder(id, "settled", true)
                .body("stock", equalTo("COMMITTED"))
                .body("payment", equalTo("CAPTURED"))
                .body("version", equalTo(6));

        returning(id, "broken")
                .then()
                .statusCode(202)
                .body("status", equalTo("RETURNED"))
                .body("note", equalTo("broken"))
                .body("reason", nullValue())
                .body("shipment.carrier", equalTo("DHL"))
                .body("settled", equalTo(false));
        wire.announce(new StockRestocked(id, LINES));
        wire.announce(new PaymentRefunded(id, PRICE));
        awaitOrder(id, "settled", true)
                .body("status", equalTo("RETURNED"))
                .body("note", equalTo("broken"))
                .body("shipment.trackingNumber", equalTo("JD0146"))
                .body("stock", equalTo("RESTOCKED"))
                .body("payment", equalTo("REFUNDED"));
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(ORDER_EVENTS, id.toString()))
                                .extracting(Envelope::type)
                                .containsExactly(
                                        EventType.ORDER_PLACED,
                                        EventType.ORDER_CONFIRMED,
                                        EventType.ORDER_SHIPPED,
                                        EventType.ORDER_RETURNED));
        assertThat(wire.events(ORDER_EVENTS, id.toString()))
                .<Object>extracting(Envelope::event)
                .contains(new OrderShipped(id, "DHL", "JD0146"), new OrderReturned(id, "broken"));
    }

    @Test
    void everyChangeOfStatusIsCountedAndTheTimeToTheOutcomeIsTaken() {
        var confirmed = figure("quadrille_saga_duration_seconds_count{outcome=\"confirmed\"");
        var shipped = figure("quadrille_order_status_changes_total{status=\"shipped\"");

        var id = placeShipped(wire);
        shipping(id, "DHL", "JD0146").then().statusCode(200);

        assertThat(figure("quadrille_saga_duration_seconds_count{outcome=\"confirmed\""))
                .isEqualTo(confirmed + 1);
        assertThat(figure("quadrille_order_status_changes_total{status=\"shipped\""))
                .isEqualTo(shipped + 1);
    }

    @Test
    void repeatsChangeNothing() {
        var id = placeConfirmed(wire);

        shipping(id, "DHL", "JD0146").then().statusCode(202);
        shipping(id, "DHL", "JD0146").then().statusCode(200).body("version", equalTo(4));
        returning(id, "broken").then().statusCode(202);
        returning(id, "too small")
                .then()
                .statusCode(200)
                .body("version", equalTo(5))
                .body("note", equalTo("broken"));
    }

    @Test
    void whatTheOrderIsNotInTheStateForIsAConflictThatShowsTheOrder() {
        var pending = place();
        var shipped = placeShipped(wire);
        var cancelled = place();
        cancelling(cancelled).then().statusCode(202);

        refused(shipping(pending, "DHL", "1"), "not-confirmed", "PENDING");
        refused(returning(pending, "broken"), "not-shipped", "PENDING");
        refused(shipping(shipped, "UPS", "1"), "shipped-otherwise", "SHIPPED")
                .then()
                .header("ETag", "\"4\"")
                .body("order.id", equalTo(shipped.toString()))
                .body("order.shipment.carrier", equalTo("DHL"));
        refused(cancelling(shipped), "already-shipped", "SHIPPED");
        refused(shipping(cancelled, "DHL", "1"), "already-cancelled", "CANCELLED");
        refused(returning(cancelled, "broken"), "already-cancelled", "CANCELLED");
        returning(shipped, "broken").then().statusCode(202);
        refused(cancelling(shipped), "already-returned", "RETURNED");
        refused(shipping(shipped, "DHL", "JD0146"), "already-returned", "RETURNED");
    }

    @Test
    void whatIsNotThereIsNotFoundWhateverIfMatchSays() {
        shipping(UUID.randomUUID(), "DHL", "1").then().statusCode(404);
        returning(UUID.randomUUID(), "broken").then().statusCode(404);
        request()
                .header("If-Match", "*")
                .body("{\"reason\":\"broken\"}")
                .post("/v1/orders/{id}/return", UUID.randomUUID())
                .then()
                .statusCode(404);
    }

    @Test
    void aHoldThatEndsAtTheProviderCancelsTheConfirmedOrder() {
        var id = placeConfirmed(wire);

        wire.announce(new PaymentVoided(id));

        awaitOrder(id, "status", "CANCELLED")
                .body("reason", equalTo("PAYMENT_DECLINED"))
                .body("payment", equalTo("VOIDED"))
                .body("settled", equalTo(false));
        wire.announce(new StockReleased(id, LINES));
        awaitOrder(id, "settled", true);
    }

    @Test
    void aHoldThatLapsedBeforeTheCaptureLeavesTheShippedOrderToAnOperator() {
        var id = placeShipped(wire);

        wire.announce(new PaymentVoided(id));
        wire.announce(new StockCommitted(id, LINES));

        awaitOrder(id, "stock", "COMMITTED");
        awaitOrder(id, "payment", "VOIDED").body("settled", equalTo(false));
        assertThat(unsettled("PT0S")).contains(id.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"3\"", "*", " \"1\" ,, \"3\"", "W/\"3\", \"3\""})
    void aMatchingTagLetsTheOrderBeChanged(String tags) {
        var id = placeConfirmed(wire);

        shippingIfMatch(id, tags).then().statusCode(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2\"", "W/\"3\"", "\"33\"", "\"\"", "\"2\", \"4\"", "\"*\""})
    void aTagOfAnotherStateDoesNotAndTheOrderIsShown(String tags) {
        var id = placeConfirmed(wire);

        shippingIfMatch(id, tags)
                .then()
                .statusCode(412)
                .contentType("application/problem+json")
                .header("ETag", "\"3\"")
                .body("type", equalTo("/problems/precondition-failed"))
                .body("order.status", equalTo("CONFIRMED"))
                .body("order.version", equalTo(3));
        order(id).body("status", equalTo("CONFIRMED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "\"3", "\"3\" \"4\"", "*, \"3\"", ",", "w/\"3\"", "\"a b\""})
    void aTagThatIsNoneIsABadRequest(String tags) {
        var id = placeConfirmed(wire);

        shippingIfMatch(id, tags)
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("If-Match"));
        order(id).body("status", equalTo("CONFIRMED"));
    }

    @Test
    void severalLinesOfTagsAreOneList() {
        var id = placeConfirmed(wire);

        request()
                .header("If-Match", "\"1\"", "\"3\"")
                .body("{}")
                .post("/v1/orders/{id}/cancellation", id)
                .then()
                .statusCode(202);
    }

    @Test
    void aRepeatWithTheTagOfTheFirstTimeIsAnsweredLikeAnyRepeat() {
        var id = placeConfirmed(wire);

        shippingIfMatch(id, "\"3\"").then().statusCode(202);
        shippingIfMatch(id, "\"3\"").then().statusCode(200).header("ETag", "\"4\"");
    }

    @Test
    void whatIsStaleAndRefusedIsStale() {
        var id = placeShipped(wire);

        request()
                .header("If-Match", "\"3\"")
                .body("{}")
                .post("/v1/orders/{id}/cancellation", id)
                .then()
                .statusCode(412)
                .body("order.status", equalTo("SHIPPED"));
    }

    @Test
    void ofManyThatRaceOneWinsAndTheOthersSeeWhatItMade() throws Exception {
        var id = placeConfirmed(wire);
        var requests = new ArrayList<Callable<Response>>();
        for (int i = 0; i < 10; i++) {
            var number = "N" + i;
            requests.add(() -> shipping(id, "DHL", number));
            requests.add(() -> cancelling(id));
        }

        var won = new ArrayList<String>();
        var seen = new HashSet<String>();
        try (var clients = Executors.newFixedThreadPool(requests.size())) {
            for (var answer : clients.invokeAll(requests)) {
                var response = answer.get();
                switch (response.statusCode()) {
                    case 202 -> won.add(response.path("status"));
                    case 200 -> seen.add(response.path("status"));
                    case 409 -> seen.add(response.path("order.status"));
                    default -> throw new AssertionError(response.asString());
                }
            }
        }

        assertThat(won).hasSize(1);
        assertThat(seen).containsExactlyElementsOf(won);
        order(id).body("version", equalTo(4)).body("status", equalTo(won.getFirst()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no carrier            | shipment | {"trackingNumber":"1"}                              | carrier
                    a blank carrier       | shipment | {"carrier":" ","trackingNumber":"1"}                | carrier
                    a null carrier        | shipment | {"carrier":null,"trackingNumber":"1"}               | carrier
                    a carrier of a number | shipment | {"carrier":7,"trackingNumber":"1"}                  | carrier
                    no tracking number    | shipment | {"carrier":"DHL"}                                   | trackingNumber
                    a line feed           | shipment | {"carrier":"DHL","trackingNumber":"1\\n2"}          | trackingNumber
                    a NUL                 | shipment | {"carrier":"D\\u0000HL","trackingNumber":"1"}       | carrier
                    a C1 control          | shipment | {"carrier":"D\\u0085HL","trackingNumber":"1"}       | carrier
                    a line separator      | shipment | {"carrier":"D\\u2028HL","trackingNumber":"1"}       | carrier
                    half a character      | shipment | {"carrier":"D\\ud800HL","trackingNumber":"1"}       | carrier
                    a member too many     | shipment | {"carrier":"DHL","trackingNumber":"1","price":1}     | price
                    no reason             | return   | {}                                                  | reason
                    an empty reason       | return   | {"reason":""}                                       | reason
                    a tab in the reason   | return   | {"reason":"bro\\tken"}                              | reason
                    a tab in the note     | cancellation | {"reason":"bro\\tken"}                          | reason
                    """)
    void badInputIsRefused(String what, String path, String body, String field) {
        var id = placeConfirmed(wire);

        request()
                .body(body)
                .post("/v1/orders/{id}/" + path, id)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/invalid-request"))
                .body("violations.field", hasItem(field));
        order(id).body("status", equalTo("CONFIRMED"));
    }

    @Test
    void textsAreBounded() {
        var id = placeConfirmed(wire);

        shipping(id, "D".repeat(101), "1").then().statusCode(400);
        shipping(id, "DHL", "1".repeat(101)).then().statusCode(400);
        shipping(id, "D".repeat(100), "1".repeat(100)).then().statusCode(202);
        returning(id, "b".repeat(501)).then().statusCode(400);
        returning(id, "b".repeat(500)).then().statusCode(202);
    }

    @Test
    void noBodyIsRefused() {
        var id = placeConfirmed(wire);

        request().post("/v1/orders/{id}/shipment", id).then().statusCode(400);
        request().post("/v1/orders/{id}/return", id).then().statusCode(400);
        request().body("null").post("/v1/orders/{id}/shipment", id).then().statusCode(400);
        request().post("/v1/orders/{id}/cancellation", id).then().statusCode(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.com\\r\\nBcc: eve@example.com",
                "ada\\n@example.com",
                "ada\\u0000@example.com",
                " ada@example.com",
                "\\\"a b\\\"@example.com",
                "ada@exam\\u00a0ple.com"
            })
    void mailAddressesWithBlanksAndControlsAreRefused(String address) {
        request()
                .body(orderOf(address))
                .post("/v1/orders")
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("customer.email"))
                .body(not(containsString("eve")));
    }

    @Test
    void mailAddressesAreBounded() {
        var domain = "@" + "d".repeat(60) + "." + "e".repeat(60) + "." + "f".repeat(60) + ".org";

        request()
                .body(orderOf("a".repeat(254 - domain.length() + 1) + domain))
                .post("/v1/orders")
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("customer.email"));
    }

    @Test
    void ordersOfEveryStatusAreListed() {
        var confirmed = placeConfirmed(wire);
        var shipped = placeShipped(wire);
        var returned = placeShipped(wire);
        returning(returned, "broken").then().statusCode(202);
        var cancelled = place();
        cancelling(cancelled).then().statusCode(202);
        var pending = place();

        assertThat(listed("CONFIRMED")).contains(confirmed.toString()).doesNotContain(id(shipped));
        assertThat(listed("SHIPPED")).contains(id(shipped)).doesNotContain(id(returned));
        assertThat(listed("RETURNED")).contains(id(returned)).doesNotContain(id(shipped));
        assertThat(listed("CANCELLED")).contains(id(cancelled)).doesNotContain(id(pending));
        assertThat(listed("PENDING")).contains(id(pending)).doesNotContain(id(confirmed));
    }

    @Test
    void whatWaitsForAPartOfTheSystemIsUnsettledAndWhatWaitsForAPersonIsNot() {
        var confirmed = placeConfirmed(wire);
        var settled = placeShipped(wire);
        wire.announce(new StockCommitted(settled, LINES));
        wire.announce(new PaymentCaptured(settled, PRICE));
        awaitOrder(settled, "settled", true);
        var shipped = placeShipped(wire);
        var returned = placeShipped(wire);
        returning(returned, "broken").then().statusCode(202);
        var cancelled = place();
        cancelling(cancelled).then().statusCode(202);
        var pending = place();
        // It has waited since it was shipped, whatever it hears meanwhile.
        wire.announce(new StockCommitted(shipped, LINES));
        awaitOrder(shipped, "stock", "COMMITTED");

        assertThat(unsettled("PT0S"))
                .containsSubsequence(id(shipped), id(returned), id(cancelled), id(pending))
                .doesNotContain(id(confirmed), id(settled));
        assertThat(unsettled("PT1H")).isEmpty();
        assertThat(unsettled("P36500D")).isEmpty();
    }

    @Test
    void unsettledOrdersComePageByPage() {
        var ids = List.of(id(place()), id(place()), id(place()));

        var seen = new ArrayList<String>();
        String cursor = null;
        do {
            var asking = given().queryParam("limit", 2);
            if (cursor != null) {
                asking.queryParam("cursor", cursor);
            }
            var page = asking.get("/v1/ops/unsettled").then().statusCode(200).extract();
            seen.addAll(page.path("items.id"));
            cursor = page.path("next");
        } while (cursor != null);

        assertThat(seen).doesNotHaveDuplicates().containsSubsequence(ids);
    }

    @ParameterizedTest
    @CsvSource({
        "olderThan, 1m",
        "olderThan, -PT1M",
        "olderThan, P1Y",
        "olderThan, PT9999999999H",
        "cursor, bm9wZQ",
        "cursor, !",
        "cursor, MS8y",
        "limit, 0"
    })
    void badQueriesForUnsettledOrdersAreRefused(String parameter, String value) {
        given().queryParam(parameter, value)
                .get("/v1/ops/unsettled")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations.field", hasItem(parameter));
    }

    private static Response refused(Response response, String reason, String status) {
        response.then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/" + reason))
                .body("order.status", equalTo(status));
        return response;
    }

    private static Response shippingIfMatch(UUID id, String tags) {
        return request()
                .header("If-Match", tags)
                .body("{\"carrier\":\"DHL\",\"trackingNumber\":\"JD0146\"}")
                .post("/v1/orders/{id}/shipment", id);
    }

    private static String orderOf(String address) {
        return """
        {"customer":{"id":"c-1","email":"%s"},"currency":"EUR",
         "lines":[{"sku":"TEA-01","quantity":1}],"paymentMethod":"pm_card_visa"}
        """
                .formatted(address);
    }

    private static List<String> listed(String status) {
        return given().queryParam("status", status)
                .queryParam("limit", 200)
                .get("/v1/orders")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    private static List<String> unsettled(String olderThan) {
        return given().queryParam("olderThan", olderThan)
                .queryParam("limit", 200)
                .get("/v1/ops/unsettled")
                .then()
                .statusCode(200)
                .body("next", nullValue())
                .extract()
                .path("items.id");
    }

    private static double figure(String start) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static String id(UUID id) {
        return id.toString();
    }
}
