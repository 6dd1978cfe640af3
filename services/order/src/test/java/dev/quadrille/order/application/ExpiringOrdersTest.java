package dev.quadrille.order.application;

import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(ExpiringOrdersTest.ShortDeadline.class)
class ExpiringOrdersTest {

    private static final int ORDERS = 250;

    public static final class ShortDeadline implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quadrille.order.deadline", "PT3S");
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();

    @Inject Vertx vertx;
    @Inject Transactions transactions;
    @Inject Orders orders;
    @Inject RecordingOrders recording;
    @Inject Decisions decisions;
    @Inject InstantSource clock;
    @Inject MeterRegistry metrics;

    @Test
    void ofSeveralReplicasOneJudgesEachOrder() throws SQLException {
        wire.announce(new ProductListed("CUP-01", "Cup", new Money(1200, "EUR")));
        await().atMost(20, SECONDS).until(() -> placing().statusCode() == 202);
        var replicas = Stream.generate(this::replica).limit(3).toList();
        replicas.forEach(replica -> replica.start(new StartupEvent()));

        for (int i = 1; i < ORDERS; i++) {
            placing().then().statusCode(202);
        }
        await().atMost(60, SECONDS)
                .until(() -> count("select count(*) from orders where status = 'PENDING'") == 0);
        replicas.forEach(replica -> replica.stop(new ShutdownEvent()));

        assertThat(count("select count(*) from orders where status = 'CANCELLED' and version = 2"))
                .isEqualTo(ORDERS);
        assertThat(count("select count(*) from timeline where type = 'order-cancelled'"))
                .isEqualTo(ORDERS);
        // They are counted once that is committed.
        await().atMost(20, SECONDS)
                .untilAsserted(() -> {
                    assertThat(
                                    metrics.get("quadrille.decisions")
                                            .tags("input", "deadline-passed", "decision", "advance")
                                            .counter()
                                            .count())
                            .isEqualTo(ORDERS);
                    assertThat(
                                    metrics.timer("quadrille.saga.duration", "outcome", "timed-out")
                                            .count())
                            .isEqualTo(ORDERS);
                });
    }

    private ExpiringOrders replica() {
        return new ExpiringOrders(vertx, transactions, orders, recording, decisions, clock);
    }

    private static Response placing() {
        return given().contentType(JSON)
                .body(
                        """
                        {"customer":{"id":"c-1","email":"ada@example.com"},"currency":"EUR",
                         "lines":[{"sku":"CUP-01","quantity":1}],"paymentMethod":"pm_card_visa"}
                        """)
                .post("/v1/orders");
    }

    private long count(String query) throws SQLException {
        try (var connection = ServiceOnStack.database();
                var sql = connection.createStatement();
                var rows = sql.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
