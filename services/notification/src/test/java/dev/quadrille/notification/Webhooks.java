package dev.quadrille.notification;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.hamcrest.Matchers;

/// A client's hand on the endpoints and the log of deliveries.
final class Webhooks {

    static final String ENDPOINTS = "/v1/webhook-endpoints";
    static final String DELIVERIES = "/v1/webhook-deliveries";

    private Webhooks() {}

    /// An endpoint, as its registration told of it.
    record Registered(String id, String secret) {

        ValidatableResponse get() {
            return given().get(ENDPOINTS + "/" + id).then().statusCode(200);
        }

        String rotated() {
            return given().post(ENDPOINTS + "/" + id + "/secret-rotation")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("secret");
        }

        void delete() {
            given().delete(ENDPOINTS + "/" + id).then().statusCode(204);
        }

        ValidatableResponse deliveries() {
            return given().queryParam("endpoint", id).get(DELIVERIES).then().statusCode(200);
        }

        /// Waits until the deliveries have these states, newest first.
        ValidatableResponse deliveries(String... states) {
            await().atMost(Story.LIMIT)
                    .untilAsserted(
                            () -> deliveries().body("items.state", Matchers.contains(states)));
            return deliveries();
        }

        /// Waits until the newest delivery was attempted as often, and is not under way.
        ValidatableResponse attempted(int attempts) {
            await().atMost(Story.LIMIT)
                    .untilAsserted(() ->
                            deliveries()
                                    .body("items[0].attempts", Matchers.equalTo(attempts))
                                    .body("items[0].nextAttemptAt", Matchers.notNullValue()));
            return deliveries();
        }

        String delivery() {
            return deliveries().extract().path("items[0].id");
        }
    }

    static ValidatableResponse register(String url, List<String> events) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("url", url, "events", events))
                .post(ENDPOINTS)
                .then();
    }

    static Registered registered(Receiver receiver, String... events) {
        var answer = register(receiver.url(), List.of(events)).statusCode(201).extract();
        return new Registered(answer.path("id"), answer.path("secret"));
    }

    static ValidatableResponse redeliver(String delivery) {
        return given().post(DELIVERIES + "/" + delivery + "/redelivery").then();
    }

    /// Of all endpoints, so that one test's hear nothing of another's orders.
    static void deleteAll() {
        List<String> ids = given().get(ENDPOINTS + "?limit=200").then().extract().path("items.id");
        ids.forEach(id -> given().delete(ENDPOINTS + "/" + id).then().statusCode(204));
    }
}
