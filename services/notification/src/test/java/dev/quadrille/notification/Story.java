package dev.quadrille.notification;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.Wire;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hamcrest.Matchers;

/// One order, as the other services tell of it.
final class Story {

    static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Money PRICE = new Money(450, "EUR");

    final UUID id = UUID.randomUUID();
    final String address = "c-" + id + "@example.com";
    private final Wire wire = Wire.ofServiceUnderTest();

    Envelope<OrderPlaced> placed() {
        return placed(address, "Tea <b>& \"cake\"</b>");
    }

    Envelope<OrderPlaced> placed(String to, String productName) {
        var lines = List.of(new OrderLine("TEA-01", productName, 2, PRICE));
        var now = Instant.now();
        return wire.announce(
                new OrderPlaced(
                        id,
                        new Customer("c-1", new EmailAddress(to)),
                        lines,
                        OrderLine.total(lines),
                        new PaymentMethod("pm_card_visa"),
                        now,
                        now.plusSeconds(120)));
    }

    Envelope<OrderConfirmed> confirmed() {
        return wire.announce(new OrderConfirmed(id));
    }

    Envelope<OrderCancelled> cancelled(CancellationReason reason) {
        return wire.announce(new OrderCancelled(id, reason));
    }

    Envelope<OrderShipped> shipped() {
        return wire.announce(new OrderShipped(id, "DHL", "JJD1"));
    }

    Envelope<OrderReturned> returned() {
        return wire.announce(new OrderReturned(id, "damaged"));
    }

    Envelope<PaymentRefunded> refunded() {
        return wire.announce(new PaymentRefunded(id, new Money(900, "EUR")));
    }

    /// What the service has announced of it, once that is as many events.
    List<Envelope<?>> announced(int events) {
        return await().atMost(LIMIT)
                .until(
                        () -> wire.events(Topic.NOTIFICATION_EVENTS, id.toString()),
                        seen -> seen.size() >= events);
    }

    ValidatableResponse notifications() {
        return given().queryParam("orderId", id).get("/v1/notifications").then().statusCode(200);
    }

    /// Waits until the notifications have these states.
    ValidatableResponse notifications(String... states) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> notifications().body("items.state", Matchers.contains(states)));
        return notifications();
    }

    List<Map<String, Object>> items() {
        return notifications().extract().path("items");
    }
}
