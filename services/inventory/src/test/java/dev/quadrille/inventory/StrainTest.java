package dev.quadrille.inventory;

import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.quadrille.contract.UuidV7;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// A service whose backlog is full, whose patience is short, and one of whose topics is missing.
@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(StrainTest.Strained.class)
@TestMethodOrder(OrderAnnotation.class)
class StrainTest {

    public static final class Strained implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quadrille.outbox.max-backlog", "0",
                    "quadrille.outbox.topics", "inventory-events,products,nowhere",
                    "quadrille.inbox.max-stall", "PT1S");
        }
    }

    @Inject KafkaClientService kafka;

    @Test
    void aFullBacklogRefusesWritesAndSaysWhenToComeBack() {
        given().contentType(JSON)
                .body("{\"name\":\"Tea\",\"price\":{\"amountMinor\":1,\"currency\":\"EUR\"}}")
                .put("/v1/products/TEA")
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/backlog-full"));

        given().get("/v1/products").then().statusCode(200);
        given().delete("/v1/ops/parked/none").then().statusCode(404);
    }

    @Test
    void aMissingTopicIsNamed() {
        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        given().get("/q/health/ready")
                                .then()
                                .statusCode(503)
                                .body("checks.find { it.name == 'topics' }.status", equalTo("DOWN"))
                                .body(
                                        "checks.find { it.name == 'topics' }.data.missing",
                                        containsString("nowhere")));
        check("outbox relay", "UP");
    }

    @Test
    void aBatchThatCannotBeTakenInForLongIsSeen() {
        var orderId = UuidV7.at(Instant.now(), new SecureRandom());
        check("events consumer", "UP");
        Trouble.make(orderId, () -> new ConnectException("away"));

        Wire.ofServiceUnderTest().announce(DeliveryTest.placed(orderId));

        check("events consumer", "DOWN");
        Trouble.mend(orderId);
        check("events consumer", "UP");
    }

    @Test
    void kafkasClientsKeepTheirFiguresToThemselves() {
        assertThat(
                        List.<Map<String, ?>>of(
                                kafka.getConsumer("events").configuration(),
                                kafka.getProducer("relay").configuration()))
                .allSatisfy(settings -> {
                    assertThat(settings.get("metric.reporters")).hasToString("");
                    assertThat(settings.get("enable.metrics.push")).hasToString("false");
                });
    }

    /// The last one: there is no consumer after it.
    @Test
    @Order(Integer.MAX_VALUE)
    void aConsumerThatDoesNotPollAnyMoreIsSeen() {
        check("events consumer", "UP");

        Consumer<org.apache.kafka.clients.consumer.Consumer<Object, Object>> end =
                org.apache.kafka.clients.consumer.Consumer::close;
        kafka.getConsumer("events").runOnPollingThread(end).await().atMost(Duration.ofSeconds(10));

        check("events consumer", "DOWN");
    }

    private static void check(String name, String status) {
        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        given().get("/q/health/ready")
                                .then()
                                .body(
                                        "checks.find { it.name == '%s' }.status".formatted(name),
                                        equalTo(status)));
    }
}
