package dev.quadrille.order;

import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.Wire;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;

/// What the tests of the HTTP face do again and again: place an order and bring it somewhere.
final class Clients {

    static final Money PRICE = new Money(450, "EUR");
    static final List<StockLine> LINES = List.of(new StockLine("TEA-01", 1));

    private static final int LIMIT_SECONDS = 20;

    private Clients() {}

    /// Lists the one product, unless it is known already.
    static void knowCatalogue(Wire wire) {
        if (placing().statusCode() == 202) {
            return;
        }
        wire.announce(new ProductListed("TEA-01", "Green tea", PRICE));
        await().atMost(LIMIT_SECONDS, SECONDS).until(() -> placing().statusCode() == 202);
    }

    static RequestSpecification request() {
        return given().contentType(JSON);
    }

    static Response placing() {
        return request()
                .body(
                        """
                        {"customer":{"id":"c-1","email":"ada@example.com"},"currency":"EUR",
                         "lines":[{"sku":"TEA-01","quantity":1}],"paymentMethod":"pm_card_visa"}
                        """)
                .post("/v1/orders");
    }

    static UUID place() {
        return UUID.fromString(placing().then().statusCode(202).extract().path("id"));
    }

    static UUID placeConfirmed(Wire wire) {
        var id = place();
        wire.announce(new StockReserved(id, LINES));
        wire.announce(new PaymentAuthorized(id, PRICE, "pi_1"));
        awaitOrder(id, "status", "CONFIRMED");
        return id;
    }

    static UUID placeShipped(Wire wire) {
        var id = placeConfirmed(wire);
        shipping(id, "DHL", "JD0146").then().statusCode(202);
        return id;
    }

    static Response shipping(UUID id, String carrier, String trackingNumber) {
        return request()
                .body(
                        "{\"carrier\":\"%s\",\"trackingNumber\":\"%s\"}"
                                .formatted(carrier, trackingNumber))
                .post("/v1/orders/{id}/shipment", id);
    }

    static Response returning(UUID id, String reason) {
        return request()
                .body("{\"reason\":\"%s\"}".formatted(reason))
                .post("/v1/orders/{id}/return", id);
    }

    static Response cancelling(UUID id) {
        return request().body("{}").post("/v1/orders/{id}/cancellation", id);
    }

    static ValidatableResponse order(UUID id) {
        return given().get("/v1/orders/{id}", id).then().statusCode(200);
    }

    static ValidatableResponse awaitOrder(UUID id, String path, Object value) {
        await().atMost(LIMIT_SECONDS, SECONDS)
                .untilAsserted(() -> order(id).body(path, equalTo(value)));
        return order(id);
    }
}
