package dev.quadrille.payment;

import static dev.quadrille.contract.Topic.PAYMENT_EVENTS;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A provider that answers an authorization with a 500 for ever and knows nothing of it.
@QuarkusTest
@TestProfile(GivingUpTest.Impatient.class)
@QuarkusTestResource(ServiceOnStack.class)
class GivingUpTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    public static final class Impatient implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quadrille.payment.provider.give-up-after", "PT1S",
                    "quadrille.payment.provider.search-lag", "PT0S");
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();
    private final UUID id = UUID.randomUUID();

    private final String provider =
            "http://localhost:" + TestStack.running().port("payment-sandbox.port");

    @Test
    void anAuthorizationOfWhichTheProviderKnowsNothingIsDeclinedInTheEnd() {
        var now = Instant.now();
        wire.announce(
                new OrderPlaced(
                        id,
                        new Customer("c-1", new EmailAddress("ada@example.com")),
                        List.of(new OrderLine("TEA-01", "Tea", 2, new Money(450, "EUR"))),
                        new Money(900, "EUR"),
                        new PaymentMethod("pm_sandbox_broken"),
                        now,
                        now.plusSeconds(120)));
        wire.announce(new StockReserved(id, List.of(new StockLine("TEA-01", 2))));

        await().atMost(LIMIT)
                .untilAsserted(() ->
                        given().get("/v1/payments/{id}", id)
                                .then()
                                .statusCode(200)
                                .body("state", equalTo("DECLINED"))
                                .body("declineCode", equalTo("provider_error")));
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(wire.events(PAYMENT_EVENTS, id.toString()))
                                .extracting(Envelope::event)
                                .isEqualTo(List.of(new PaymentDeclined(id, "provider_error"))));
        given().queryParam("orderId", id.toString())
                .get(provider + "/sandbox/ledger")
                .then()
                .body("items", hasSize(0));
    }
}
