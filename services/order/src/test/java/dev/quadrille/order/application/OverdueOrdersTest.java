package dev.quadrille.order.application;

import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class OverdueOrdersTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Wire wire = Wire.ofServiceUnderTest();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Inject Vertx vertx;
    @Inject Transactions transactions;
    @Inject Orders orders;

    @Test
    void orderThatWaitsForLongerThanTenMinutesIsCountedAndAYoungerOneIsNot() {
        wire.announce(new ProductListed("CUP-02", "Cup", new Money(1200, "EUR")));
        var before = Instant.now();
        await().atMost(20, SECONDS).until(() -> place() == 202);
        var after = Instant.now();
        var patience = OverdueOrders.PATIENCE;

        int older = countAt(before.plus(patience).minusSeconds(1));
        int all = countAt(after.plus(patience).plusSeconds(1));

        assertThat(all).isEqualTo(older + 1);
    }

    @Test
    void beforeTheFirstCountThereIsNoNumber() {
        watching(InstantSource.system());

        assertThat(figure()).isNaN();
    }

    private int countAt(Instant now) {
        metrics.clear();
        int counted = watching(InstantSource.fixed(now)).count().await().atMost(LIMIT);
        assertThat(figure()).isEqualTo(counted);
        return counted;
    }

    private OverdueOrders watching(InstantSource clock) {
        return new OverdueOrders(vertx, transactions, orders, clock, metrics);
    }

    private double figure() {
        return metrics.get("quadrille.orders.overdue").gauge().value();
    }

    private static int place() {
        return given().contentType(JSON)
                .body(
                        """
                        {"customer":{"id":"c-1","email":"ada@example.com"},"currency":"EUR",
                         "lines":[{"sku":"CUP-02","quantity":1}],"paymentMethod":"pm_card_visa"}
                        """)
                .post("/v1/orders")
                .statusCode();
    }
}
