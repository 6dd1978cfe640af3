package dev.quadrille.order;

import static dev.quadrille.order.Clients.PRICE;
import static dev.quadrille.order.Clients.placing;
import static dev.quadrille.order.Clients.request;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.Topic;
import dev.quadrille.contract.UuidV7;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class CatalogueRebuildTest {

    private final Wire wire = Wire.ofServiceUnderTest();

    @BeforeEach
    void catalogueIsKnown() {
        Clients.knowCatalogue(wire);
    }

    @Test
    void serviceIsReadyOnceItsCatalogueWasRead() {
        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        given().get("/q/health/ready")
                                .then()
                                .statusCode(200)
                                .body(
                                        "checks.find { it.name == 'catalogue' }.status",
                                        equalTo("UP")));
    }

    @Test
    void lostCatalogueIsTakenOverFromTheTopic() throws SQLException {
        loseCatalogue();
        placing().then().statusCode(422);

        rebuild().body("read", greaterThanOrEqualTo(1)).body("takenOver", greaterThanOrEqualTo(1));

        placing().then().statusCode(202);
        rebuild().body("takenOver", equalTo(0));
    }

    @Test
    void whatWasListedMeanwhileIsNotLost() throws Exception {
        loseCatalogue();

        try (var clients = Executors.newFixedThreadPool(2)) {
            var rebuilt = clients.submit(CatalogueRebuildTest::rebuild);
            var again = clients.submit(CatalogueRebuildTest::rebuild);
            wire.announce(new ProductListed("CUP-02", "Cup", PRICE));
            rebuilt.get();
            again.get();
        }

        placing().then().statusCode(202);
        await().atMost(20, SECONDS).until(() -> priced("CUP-02") != null);
    }

    @Test
    void theNewestOfAProductWins() throws SQLException {
        var sku = "NEW-" + UUID.randomUUID().toString().substring(0, 8).toUpperCase();
        announce(sku, 1, 100);
        announce(sku, 3, 300);
        announce(sku, 2, 200);
        await().atMost(20, SECONDS).until(() -> Long.valueOf(300).equals(priced(sku)));

        loseCatalogue();
        rebuild();

        assertThat(priced(sku)).isEqualTo(300);
    }

    @Test
    void recordsThatAreNoProductsAreSkippedAndCounted() throws SQLException {
        long before = rebuild().extract().jsonPath().getLong("skipped");
        var listed = Map.of("ce_type", "product-listed", "ce_id", UUID.randomUUID().toString());
        wire.send(Topic.PRODUCTS, "BAD-01", "{".getBytes(UTF_8), listed);
        wire.send(Topic.PRODUCTS, "BAD-02", new byte[] {1}, Map.of("ce_type", "product-praised"));
        wire.send(Topic.PRODUCTS, null, new byte[0], Map.of());
        // PostgreSQL has no NUL in a text.
        wire.announce(new ProductListed("BAD-03", "C\0up", PRICE));
        wire.announce(new ProductListed("GOOD-01", "Cup", PRICE));

        loseCatalogue();
        var rebuilt = rebuild();

        rebuilt.body("skipped", equalTo((int) before + 4));
        assertThat(priced("GOOD-01")).isEqualTo(450);
        assertThat(priced("BAD-03")).isNull();
        placing().then().statusCode(202);
    }

    private static ValidatableResponse rebuild() {
        return request().post("/v1/ops/catalogue/rebuild").then().statusCode(200);
    }

    private void announce(String sku, long version, long amountMinor) {
        var now = Instant.now();
        wire.announce(
                new Envelope<>(
                        UuidV7.at(now, new SecureRandom()),
                        now,
                        version,
                        null,
                        null,
                        new ProductListed(sku, "Cup", new Money(amountMinor, "EUR"))));
    }

    private void loseCatalogue() throws SQLException {
        try (var connection = ServiceOnStack.database();
                var sql = connection.createStatement()) {
            sql.execute("delete from products");
        }
    }

    private Long priced(String sku) throws SQLException {
        try (var connection = ServiceOnStack.database();
                var sql =
                        connection.prepareStatement(
                                "select price_minor from products where sku = ?")) {
            sql.setString(1, sku);
            var rows = sql.executeQuery();
            return rows.next() ? rows.getLong(1) : null;
        }
    }
}
