package dev.quadrille.inventory;

import static dev.quadrille.contract.Topic.PRODUCTS;
import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A service whose outbox is relayed by somebody else, such as Debezium.
@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(RelayOffTest.Off.class)
class RelayOffTest {

    public static final class Off implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quadrille.outbox.relay", "off");
        }
    }

    @Inject Transactions transactions;

    @Test
    void rowsStayAsDebeziumExpectsThemAndNothingIsPublished() {
        given().contentType(JSON)
                .body("{\"name\":\"Tea\",\"price\":{\"amountMinor\":1,\"currency\":\"EUR\"}}")
                .put("/v1/products/TEA")
                .then()
                .statusCode(201);

        var row = onlyRow();
        assertThat(row.getUUID("id")).isNotNull();
        assertThat(row.getString("aggregatetype")).isEqualTo("products");
        assertThat(row.getString("aggregateid")).isEqualTo("TEA");
        assertThat(row.getString("type")).isEqualTo("product-listed");
        assertThat(row.getString("payload")).contains("\"name\":\"Tea\"");
        given().get("/q/health/ready").then().statusCode(200);
        assertThat(Wire.ofServiceUnderTest().records(PRODUCTS)).isEmpty();
    }

    @Test
    void theInboxHasADayForWhatComesAndForWhatMayStillCome() {
        var days =
                transactions
                        .run(transaction ->
                                transaction.run(
                                        """
                                        select count(*) as days from pg_inherits
                                        where inhparent = 'inbox'::regclass
                                        """))
                        .await()
                        .atMost(Duration.ofSeconds(5))
                        .iterator()
                        .next()
                        .getLong("days");

        // The default one, 15 of the past, today's and 3 to come.
        assertThat(days).isEqualTo(20);
    }

    private Row onlyRow() {
        var rows =
                transactions
                        .run(transaction -> transaction.run("select * from outbox"))
                        .await()
                        .atMost(Duration.ofSeconds(5));
        assertThat(rows).hasSize(1);
        return rows.iterator().next();
    }
}
