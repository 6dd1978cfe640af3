package dev.quadrille.order;

import static dev.quadrille.contract.Topic.ORDER_EVENTS;
import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(DeadlineTest.ShortDeadline.class)
class DeadlineTest {

    public static final class ShortDeadline implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quadrille.order.deadline", "PT0.2S");
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();

    @Test
    void orderThatNobodyAnswersIsCancelledAtItsDeadline() {
        wire.announce(new ProductListed("CUP-01", "Cup", new Money(1200, "EUR")));

        String id =
                await().atMost(10, SECONDS)
                        .until(
                                () ->
                                        given().contentType(JSON)
                                                .body(
                                                        """
                                                        {"customer":{"id":"c-1","email":"ada@example.com"},
                                                         "currency":"EUR","lines":[{"sku":"CUP-01","quantity":1}],
                                                         "paymentMethod":"pm_card_visa"}
                                                        """)
                                                .post("/v1/orders"),
                                answer -> answer.statusCode() == 202)
                        .path("id");

        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        given().get("/v1/orders/{id}", id)
                                .then()
                                .body("status", equalTo("CANCELLED"))
                                .body("reason", equalTo("TIMED_OUT"))
                                .body("settled", equalTo(false)));
        await().atMost(10, SECONDS).until(() -> wire.events(ORDER_EVENTS, id).size() == 2);
        assertThat(wire.events(ORDER_EVENTS, id).getLast().event())
                .isEqualTo(new OrderCancelled(UUID.fromString(id), CancellationReason.TIMED_OUT));
    }
}
