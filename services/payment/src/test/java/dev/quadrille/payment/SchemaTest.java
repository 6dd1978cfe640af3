package dev.quadrille.payment;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.quadrille.testkit.ServiceOnStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A service that has overtaken the job that migrates its database.
@QuarkusTest
@TestProfile(SchemaTest.AheadOfItsSchema.class)
@QuarkusTestResource(ServiceOnStack.class)
class SchemaTest {

    private static final String WANTED = "6";

    public static final class AheadOfItsSchema implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quadrille.schema.migrations", WANTED);
        }
    }

    @Test
    void itIsNotReadyBeforeItsMigrationsAreThere() throws SQLException {
        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.find { it.name == 'schema' }.status", equalTo("DOWN"))
                .body("checks.find { it.name == 'schema' }.data.migrations", equalTo(5))
                .body("checks.find { it.name == 'schema' }.data.wanted", equalTo(6));

        try (var connection = ServiceOnStack.database();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    insert into flyway_schema_history
                      (installed_rank, version, description, type, script, installed_by,
                       execution_time, success)
                    values (100, '0200', 'to come', 'SQL', 'V0200__to_come.sql', 'job', 1, true)
                    """);
        }

        await().atMost(30, SECONDS)
                .untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
    }
}
