package dev.quadrille.notification;

import static dev.quadrille.notification.Webhooks.DELIVERIES;
import static dev.quadrille.notification.Webhooks.ENDPOINTS;
import static dev.quadrille.notification.Webhooks.register;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.testkit.ServiceOnStack;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The endpoints as they are by default: in the public Internet.
@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class WebhookEndpointsTest {

    private static final String URL = "https://receiver.example/hooks";
    private static final int MAX_ENDPOINTS = 50;

    @AfterEach
    void deleteAll() {
        Webhooks.deleteAll();
    }

    @Test
    void anEndpointIsRegisteredAndItsSecretIsShownOnce() {
        var answer =
                register(URL, List.of("payment-refunded", "order-confirmed"))
                        .statusCode(201)
                        .body("secret", matchesPattern("whsec_[A-Za-z0-9+/]{43}="))
                        .body("previousUntil", nullValue())
                        .extract();
        String id = answer.path("id");
        String secret = answer.path("secret");
        assertThat(answer.header("Location")).endsWith("/v1/webhook-endpoints/" + id);

        given().get(ENDPOINTS + "/" + id)
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("url", equalTo(URL))
                .body("events", contains("payment-refunded", "order-confirmed"))
                .body("state", equalTo("ENABLED"))
                .body("failingSince", nullValue())
                .body("disabledAt", nullValue())
                .body("disabledReason", nullValue())
                .body("createdAt", notNullValue())
                .body(not(containsString("whsec_")));
        given().get(ENDPOINTS).then().body(not(containsString("whsec_")));
        given().post(ENDPOINTS + "/" + id + "/secret-rotation")
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("secret", not(equalTo(secret)))
                .body("previousUntil", notNullValue());
        given().post(ENDPOINTS + "/" + id + "/enable").then().statusCode(200);
        given().delete(ENDPOINTS + "/" + id).then().statusCode(204);
        given().delete(ENDPOINTS + "/" + id).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"url\":\"https://r.example/\"}|events",
                "{\"url\":\"https://r.example/\",\"events\":[]}|events",
                "{\"url\":\"https://r.example/\",\"events\":null}|events",
                "{\"url\":\"https://r.example/\",\"events\":[null]}|events[0].<list element>",
                "{\"url\":\"https://r.example/\",\"events\":[\"order-placed\"]}|events[0]",
                "{\"url\":\"https://r.example/\",\"events\":[\"order-shipped\",\"ORDER_CONFIRMED\"]}|events[1]",
                "{\"url\":\"https://r.example/\",\"events\":[\"order-shipped\",\"order-shipped\"]}|events[1]",
                "{\"url\":\"https://r.example/\",\"events\":[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]}|events",
                "{\"url\":\"https://r.example/\",\"events\":\"order-shipped\"}|events",
                "{\"events\":[\"order-shipped\"]}|url",
                "{\"url\":7,\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"http://r.example/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://127.0.0.1/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://[::ffff:127.0.0.1]/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://2130706433/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://0x7f.1/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://169.254.169.254/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://localhost/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://r.example:8443/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://a:b@r.example/\",\"events\":[\"order-shipped\"]}|url",
                "{\"url\":\"https://r.example/\",\"events\":[\"order-shipped\"],\"secret\":\"x\"}|secret",
            })
    void whatIsWrongWithARegistrationIsSaid(String body, String field) {
        given().contentType(ContentType.JSON)
                .body(body)
                .post(ENDPOINTS)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/invalid-request"))
                .body("violations[0].field", equalTo(field))
                .body("violations[0].message", notNullValue());
    }

    @Test
    void aUrlIsOfBoundedLength() {
        register(URL + "x".repeat(2_049 - URL.length()), List.of("order-shipped"))
                .statusCode(400)
                .body("violations[0].field", equalTo("url"));
    }

    @Test
    void thereAreNotMoreEndpointsThanThereMayBe() {
        for (int i = 0; i < MAX_ENDPOINTS; i++) {
            register(URL, List.of("order-shipped")).statusCode(201);
        }

        register(URL, List.of("order-shipped"))
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/too-many-webhook-endpoints"))
                .body("detail", containsString("50"));

        String id = given().get(ENDPOINTS).then().extract().path("items[7].id");
        given().delete(ENDPOINTS + "/" + id).then().statusCode(204);
        register(URL, List.of("order-shipped")).statusCode(201);
    }

    @Test
    void endpointsAreListedInPartsNewestFirst() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            ids.addFirst(register(URL, List.of("order-shipped")).extract().path("id"));
        }

        var first = given().get(ENDPOINTS + "?limit=2").then().statusCode(200).extract();
        var second =
                given().queryParam("cursor", (String) first.path("next"))
                        .get(ENDPOINTS + "?limit=2")
                        .then()
                        .statusCode(200)
                        .extract();

        var seen = new ArrayList<String>(first.path("items.id"));
        seen.addAll(second.path("items.id"));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
        assertThat((String) second.path("next")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x", "/00000000-0000-0000-0000-000000000000"})
    void whatIsNotThereIsNotFound(String id) {
        given().get(ENDPOINTS + id).then().statusCode(404);
        given().delete(ENDPOINTS + id).then().statusCode(404);
        given().post(ENDPOINTS + id + "/enable").then().statusCode(404);
        given().post(ENDPOINTS + id + "/secret-rotation").then().statusCode(404);
        given().post(DELIVERIES + id + "/redelivery").then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "?endpoint=x, endpoint",
        "?endpoint=1-1-1-1-1, endpoint",
        "?state=DONE, state",
        "?limit=0, limit",
        "?limit=201, limit",
        "?cursor=eA, cursor",
        "?cursor=!, cursor",
    })
    void whatTheLogCannotBeAskedForIsSaid(String query, String field) {
        given().get(DELIVERIES + query)
                .then()
                .statusCode(400)
                .body("violations[0].field", endsWith(field));
    }

    @Test
    void aUrlThatIsNotAllowedAnyMoreIsNotCalled() throws SQLException {
        String id = register(URL, List.of("order-confirmed")).extract().path("id");
        try (var database = ServiceOnStack.database();
                var update =
                        database.prepareStatement(
                                "update webhook_endpoints set url = 'http://127.0.0.1:9/' where id"
                                        + " = ?")) {
            update.setObject(1, UUID.fromString(id));
            update.executeUpdate();
        }
        var story = new Story();
        story.placed();
        story.confirmed();

        await().atMost(Story.LIMIT)
                .untilAsserted(() ->
                        given().queryParam("endpoint", id)
                                .get(DELIVERIES)
                                .then()
                                .body("items[0].lastError", equalTo("forbidden-url"))
                                .body("items[0].lastStatus", nullValue()));
    }
}
