package dev.quadrille.notification;

import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static dev.quadrille.notification.Webhooks.redeliver;
import static dev.quadrille.notification.Webhooks.registered;
import static io.restassured.RestAssured.given;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.notification.Receiver.Message;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(WebhooksTest.ReceiversInside.class)
class WebhooksTest {

    private static final Path LOG = Path.of("target", "webhooks.log");

    /// How many attempts come by themselves before the long pause.
    private static final int QUICK_ATTEMPTS = 3;

    private static final int PER_ENDPOINT = 3;

    /// Receivers on this machine, three quick attempts, a fourth in an hour, and a log of all there
    /// is to log.
    public static final class ReceiversInside implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    entry("quadrille.notification.webhook.allow-private-addresses", "true"),
                    entry("quadrille.notification.webhook.pauses", "PT0.1S,PT0.2S,PT1H"),
                    entry("quadrille.notification.webhook.answer-limit", "PT3S"),
                    entry("quadrille.notification.webhook.prune-every", "PT0.2S"),
                    entry(
                            "quadrille.notification.webhook.at-once-per-endpoint",
                            Integer.toString(PER_ENDPOINT)),
                    entry("quarkus.log.level", "DEBUG"),
                    entry("quarkus.log.console.level", "WARN"),
                    entry("quarkus.log.file.enabled", "true"),
                    entry("quarkus.log.file.path", LOG.toString()),
                    // The test's own client and servers write down what they see.
                    entry("quarkus.log.category.\"org.apache.http\".level", "WARN"),
                    entry("quarkus.log.category.\"com.sun.net.httpserver\".level", "WARN"));
        }
    }

    private final Story story = new Story();
    private final Receiver receiver = new Receiver();
    private final Receiver other = new Receiver();

    @Inject Pool pool;

    @AfterEach
    void close() {
        Webhooks.deleteAll();
        receiver.close();
        other.close();
    }

    @Test
    void whoWantsToHearOfItIsCalledOnceWithASignedMessage() {
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        var cause = story.confirmed();

        var item =
                story.notifications("SENT", "SENT")
                        .body("items.channel", contains("EMAIL", "WEBHOOK"))
                        .body("items[1].kind", equalTo("ORDER_CONFIRMED"))
                        .body("items[1].attempts", equalTo(1));
        String notificationId = item.extract().path("items[1].id");
        assertThat(receiver.messages())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.id()).isEqualTo(notificationId);
                    assertThat(message.body())
                            .isEqualTo(
                                    "{\"type\":\"order-confirmed\",\"timestamp\":\"%s\",\"data\":{\"orderId\":\"%s\"}}"
                                            .formatted(cause.time(), story.id));
                    assertThat(message.isSignedWith(endpoint.secret())).isTrue();
                    assertThat(Long.parseLong(message.timestamp()))
                            .isBetween(
                                    cause.time().getEpochSecond(), Instant.now().getEpochSecond());
                });
        endpoint.deliveries("SENT")
                .body("next", nullValue())
                .body("items[0].endpoint", equalTo(endpoint.id()))
                .body("items[0].notificationId", equalTo(notificationId))
                .body("items[0].orderId", equalTo(story.id.toString()))
                .body("items[0].event", equalTo("order-confirmed"))
                .body("items[0].attempts", equalTo(1))
                .body("items[0].lastStatus", equalTo(200))
                .body("items[0].lastError", nullValue())
                .body("items[0].nextAttemptAt", nullValue())
                .body("items[0].at", notNullValue());
        assertThat(story.announced(2))
                .filteredOn(event -> channel(event.event()) == Channel.WEBHOOK)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.event())
                            .isEqualTo(
                                    new NotificationSent(
                                            story.id,
                                            UUID.fromString(notificationId),
                                            Kind.ORDER_CONFIRMED,
                                            Channel.WEBHOOK));
                    assertThat(event.sequence()).isEqualTo(2);
                    assertThat(event.causationId()).isEqualTo(cause.id());
                });
    }

    @Test
    void everyEventThatCanBeHeardOfTellsItsFactsAndNothingOfTheCustomer() {
        registered(
                receiver,
                "order-confirmed",
                "order-cancelled",
                "order-shipped",
                "order-returned",
                "payment-refunded");
        story.placed();
        story.confirmed();
        story.shipped();
        story.returned();
        story.refunded();
        var cancelled = new Story();
        cancelled.placed();
        cancelled.cancelled(OUT_OF_STOCK);

        var bodies = receiver.messages(5).stream().map(Message::body).toList();
        assertThat(bodies)
                .extracting(body -> JsonPath.from(body).getString("type"))
                .containsExactlyInAnyOrder(
                        "order-confirmed",
                        "order-shipped",
                        "order-returned",
                        "payment-refunded",
                        "order-cancelled");
        assertThat(bodies)
                .anyMatch(body -> body.contains("\"reason\":\"OUT_OF_STOCK\""))
                .anyMatch(body -> body.contains("\"carrier\":\"DHL\",\"trackingNumber\":\"JJD1\""))
                .anyMatch(body ->
                        body.contains("\"amount\":{\"amountMinor\":900,\"currency\":\"EUR\"}"))
                .noneMatch(body -> body.contains("@") || body.contains("c-1"))
                .noneMatch(body -> body.contains("damaged"));
    }

    @Test
    void whereNobodyWantsToHearOfItThereIsNoNotification() {
        registered(receiver, "order-shipped");
        story.placed();
        story.confirmed();
        story.notifications("SENT").body("items.channel", contains("EMAIL"));

        story.shipped();

        story.notifications("SENT", "SENT", "SENT")
                .body("items.kind", contains("ORDER_CONFIRMED", "ORDER_SHIPPED", "ORDER_SHIPPED"));
        assertThat(receiver.messages()).hasSize(1);
    }

    @Test
    void whoRegistersLaterHearsOfWhatComesLater() {
        story.placed();
        story.confirmed();
        story.notifications("SENT");
        registered(receiver, "order-confirmed", "order-shipped");
        Wire.ofServiceUnderTest().announce(story.confirmed());
        story.shipped();

        story.notifications("SENT", "SENT", "SENT");
        assertThat(receiver.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.body()).contains("order-shipped"));
    }

    @Test
    void whatComesTwiceIsDeliveredOnce() {
        var endpoint = registered(receiver, "order-confirmed", "order-shipped");
        story.placed();
        var confirmed = story.confirmed();
        Wire.ofServiceUnderTest().announce(confirmed);
        story.notifications("SENT", "SENT");
        Wire.ofServiceUnderTest().announce(confirmed);
        story.confirmed();
        story.shipped();

        story.notifications("SENT", "SENT", "SENT", "SENT");
        endpoint.deliveries("SENT", "SENT")
                .body("items.event", contains("order-shipped", "order-confirmed"));
        assertThat(receiver.messages()).hasSize(2);
        assertThat(story.announced(4)).hasSize(4);
    }

    @Test
    void aRefundThatIsHeardBeforeTheOrderIsToldOnceTheOrderIsKnown() {
        registered(receiver, "payment-refunded");
        var refunded = story.refunded();
        await().atMost(Story.LIMIT).until(this::isWaiting);
        story.placed();

        story.notifications("SENT", "SENT");
        assertThat(receiver.messages())
                .singleElement()
                .satisfies(message ->
                        assertThat(JsonPath.from(message.body()).getString("timestamp"))
                                .isEqualTo(refunded.time().toString()));
    }

    @Test
    void aFailedAttemptIsMadeAgainWithTheSameIdAndTheSameBytes() {
        receiver.answers(500, 200);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();

        endpoint.deliveries("SENT")
                .body("items[0].lastStatus", equalTo(200))
                .body("items[0].attempts", equalTo(2));
        story.notifications("SENT", "SENT");
        assertThat(receiver.messages()).hasSize(2);
        assertThat(receiver.messages()).extracting(Message::id).containsOnly(webhookId());
        assertThat(receiver.messages().stream().map(Message::body).distinct()).hasSize(1);
        assertThat(receiver.messages())
                .allMatch(message -> message.isSignedWith(endpoint.secret()));
        endpoint.get().body("failingSince", nullValue());
    }

    @Test
    void aRedirectIsNotFollowed() {
        receiver.answers(302, Map.of("Location", other.url()));
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();

        endpoint.attempted(QUICK_ATTEMPTS)
                .body("items[0].lastStatus", equalTo(302))
                .body("items[0].lastError", equalTo("http-302"));
        assertThat(other.messages()).isEmpty();
    }

    @Test
    void whatIsNeverTakenIsGivenUpAndCanBeDeliveredAgain() {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS).body("items[0].state", equalTo("PENDING"));
        var delivery = endpoint.delivery();

        redeliver(delivery).statusCode(202); // at once instead of in an hour
        endpoint.deliveries("FAILED")
                .body("items[0].attempts", equalTo(QUICK_ATTEMPTS + 1))
                .body("items[0].lastError", equalTo("http-500"))
                .body("items[0].nextAttemptAt", nullValue());
        story.notifications("SENT", "FAILED")
                .body("items[1].error", equalTo("http-500"))
                .body("items[1].attempts", equalTo(QUICK_ATTEMPTS + 1));
        receiver.answers(204);
        redeliver(delivery).statusCode(202);
        endpoint.deliveries("SENT")
                .body("items[0].attempts", equalTo(QUICK_ATTEMPTS + 2))
                .body("items[0].lastStatus", equalTo(204));
        redeliver(delivery).statusCode(202); // of what was taken, too

        receiver.messages(QUICK_ATTEMPTS + 3);
        assertThat(receiver.messages()).extracting(Message::id).containsOnly(webhookId());
        assertThat(receiver.messages().stream().map(Message::body).distinct()).hasSize(1);
        // The notification has ended once, and that was announced once.
        story.notifications("SENT", "FAILED");
        assertThat(story.announced(2)).hasSize(2);
        assertThat(story.announced(2))
                .extracting(event -> event.event())
                .filteredOn(event -> channel(event) == Channel.WEBHOOK)
                .singleElement()
                .isInstanceOfSatisfying(
                        NotificationFailed.class,
                        failed -> assertThat(failed.error()).isEqualTo("http-500"));
    }

    @Test
    void aNotificationHasEndedOnceAllItsReceiversHave() {
        receiver.answers(500);
        var failing = registered(receiver, "order-confirmed");
        var well = registered(other, "order-confirmed");
        story.placed();
        story.confirmed();
        well.deliveries("SENT");
        failing.attempted(QUICK_ATTEMPTS);
        story.notifications("SENT", "PENDING");
        redeliver(failing.delivery()).statusCode(202);

        story.notifications("SENT", "FAILED")
                .body("items[1].attempts", equalTo(QUICK_ATTEMPTS + 2));
        assertThat(other.messages()).singleElement().extracting(Message::id).isEqualTo(webhookId());
    }

    @Test
    void aNewSecretSignsFirstAndThoseBeforeSignToo() {
        var endpoint = registered(receiver, "order-confirmed", "order-shipped");
        var second = endpoint.rotated();
        story.placed();
        story.confirmed();
        receiver.messages(1);
        var third = endpoint.rotated();
        story.shipped();
        receiver.messages(2);

        var secrets = List.of(endpoint.secret(), second, third);
        assertThat(secrets).doesNotHaveDuplicates();
        assertThat(receiver.messages())
                .extracting(message -> message.signers(secrets))
                .containsExactly(
                        List.of(second, endpoint.secret()),
                        List.of(third, second, endpoint.secret()));
        endpoint.rotated();
        given().post(Webhooks.ENDPOINTS + "/" + endpoint.id() + "/secret-rotation")
                .then()
                .statusCode(409)
                .body("type", equalTo("/problems/too-many-secrets"));
    }

    @Test
    void aSecretSignsNoMoreOnceItsTimeIsOver() {
        var endpoint = registered(receiver, "order-confirmed");
        var second = endpoint.rotated();
        sql(
                "update webhook_endpoints set previous_untils = array[now()] where id = $1",
                UUID.fromString(endpoint.id()));
        story.placed();
        story.confirmed();

        assertThat(receiver.messages(1))
                .extracting(message -> message.signers(List.of(endpoint.secret(), second)))
                .containsExactly(List.of(second));
    }

    @Test
    void whoIsGoneIsCalledNoMoreUntilAnOperatorEnablesHim() {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS);
        receiver.answers(410);
        var last = new Story();
        last.placed();
        last.confirmed();

        endpoint.deliveries("FAILED", "FAILED")
                .body("items.lastError", contains("http-410", "endpoint-disabled"));
        endpoint.get()
                .body("state", equalTo("DISABLED"))
                .body("disabledReason", equalTo("GONE"))
                .body("disabledAt", notNullValue());
        last.notifications("SENT", "FAILED").body("items[1].error", equalTo("http-410"));
        story.notifications("SENT", "FAILED").body("items[1].error", equalTo("endpoint-disabled"));
        redeliver(endpoint.delivery())
                .statusCode(409)
                .body("type", equalTo("/problems/endpoint-disabled"));
        var unheard = new Story();
        unheard.placed();
        unheard.confirmed();
        unheard.notifications("SENT").body("items.channel", contains("EMAIL"));
        assertThat(given().get("/q/metrics").asString())
                .contains("quadrille_webhook_endpoints_disabled_total{reason=\"gone\"}");

        receiver.answers(200);
        given().post(Webhooks.ENDPOINTS + "/" + endpoint.id() + "/enable")
                .then()
                .statusCode(200)
                .body("state", equalTo("ENABLED"))
                .body("disabledAt", nullValue());
        redeliver(endpoint.delivery()).statusCode(202);
        endpoint.deliveries("SENT", "FAILED");
    }

    @Test
    void whoFailsForTooLongIsCalledNoMore() {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS);
        endpoint.get().body("state", equalTo("ENABLED")).body("failingSince", notNullValue());
        sql(
                "update webhook_endpoints set failing_since = now() - interval '6 days' where id ="
                        + " $1",
                UUID.fromString(endpoint.id()));

        redeliver(endpoint.delivery()).statusCode(202);

        endpoint.deliveries("FAILED").body("items[0].lastError", equalTo("endpoint-disabled"));
        endpoint.get()
                .body("state", equalTo("DISABLED"))
                .body("disabledReason", equalTo("FAILING"));
        story.notifications("SENT", "FAILED");
    }

    @Test
    void whatWaitsForADeletedEndpointIsGivenUp() {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS);

        endpoint.delete();

        endpoint.deliveries("FAILED").body("items[0].lastError", equalTo("endpoint-deleted"));
        story.notifications("SENT", "FAILED").body("items[1].error", equalTo("endpoint-deleted"));
        redeliver(endpoint.delivery())
                .statusCode(409)
                .body("type", equalTo("/problems/endpoint-deleted"));
        given().get(Webhooks.ENDPOINTS + "/" + endpoint.id()).then().statusCode(404);
        assertThat(receiver.messages()).hasSize(QUICK_ATTEMPTS);
    }

    @Test
    void aCallUnderWayToAnEndpointThatIsDeletedIsNotMadeAgain() {
        receiver.answers(Receiver.HANG);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        receiver.messages(1);

        endpoint.delete();

        endpoint.deliveries("FAILED")
                .body("items[0].lastError", equalTo("endpoint-deleted"))
                .body("items[0].attempts", equalTo(1));
    }

    @Test
    void whoIsSlowHoldsUpNobodyElse() {
        receiver.answers(Receiver.HANG);
        var slow = registered(receiver, "order-confirmed");
        var quick = registered(other, "order-confirmed");
        var stories = Stream.generate(Story::new).limit(10).toList();
        stories.forEach(Story::placed);
        stories.forEach(Story::confirmed);

        quick.deliveries(stories.stream().map(_ -> "SENT").toArray(String[]::new));
        slow.deliveries().body("items.state", everyItem(equalTo("PENDING")));
        receiver.messages(PER_ENDPOINT);
        assertThat(receiver.mostAtOnce()).isEqualTo(PER_ENDPOINT);
    }

    @Test
    void whoAsksForTimeIsLeftAloneByAllDeliveries() {
        receiver.answers(429, Map.of("Retry-After", "1800"));
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(1);
        endpoint.get().body("notBefore", notNullValue());
        var next = new Story();
        registered(other, "order-confirmed");
        next.placed();
        next.confirmed();
        other.messages(1);

        endpoint.deliveries("PENDING", "PENDING").body("items[0].attempts", equalTo(0));
        receiver.answers(200);
        sql(
                "update webhook_endpoints set not_before = now() where id = $1",
                UUID.fromString(endpoint.id()));
        endpoint.deliveries("SENT", "PENDING");
        endpoint.get().body("notBefore", nullValue());
        assertThat(receiver.messages()).hasSize(2);
    }

    /// A replica died: its lease ends, and whoever runs makes the attempt again.
    @Test
    void whatADeadReplicaWasDeliveringIsDeliveredAgain() {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS);
        receiver.answers(200);
        sql(
                """
                update webhook_deliveries
                set state = 'ATTEMPTING', work_due_at = now(), attempts = 4, attempts_in_round = 1
                where endpoint_id = $1
                """,
                UUID.fromString(endpoint.id()));

        endpoint.deliveries("SENT").body("items[0].attempts", equalTo(5));
        assertThat(receiver.messages()).extracting(Message::id).containsOnly(webhookId());
        story.notifications("SENT", "SENT");
    }

    @Test
    void whatIsUnderWayElsewhereIsLeftAlone() {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS);
        sql(
                """
                update webhook_deliveries
                set state = 'ATTEMPTING', work_due_at = now() + interval '1 hour', attempts = 4
                where endpoint_id = $1
                """,
                UUID.fromString(endpoint.id()));

        redeliver(endpoint.delivery()).statusCode(202);
        endpoint.deliveries("PENDING").body("items[0].nextAttemptAt", nullValue());
        // Another delivery still has a place beside it.
        receiver.answers(200);
        var next = new Story();
        next.placed();
        next.confirmed();

        endpoint.deliveries("SENT", "PENDING");
        assertThat(receiver.messages()).hasSize(QUICK_ATTEMPTS + 1);
    }

    /// The lease was over and somebody else calls it: the endpoint hears from him how it is.
    @Test
    void theAnswerToAnAttemptThatWasSupersededSaysNothingOfTheEndpoint() {
        receiver.answers(Receiver.HANG);
        var endpoint = registered(receiver, "order-confirmed");
        story.placed();
        story.confirmed();
        receiver.messages(1);
        sql(
                """
                update webhook_deliveries
                set work_due_at = now() + interval '1 hour', attempts = 2, attempts_in_round = 2
                where endpoint_id = $1
                """,
                UUID.fromString(endpoint.id()));

        await().atMost(Story.LIMIT)
                .untilAsserted(() ->
                        assertThat(given().get("/q/metrics").asString())
                                .containsPattern(
                                        "quadrille_decisions_total\\{[^}]*input=\"webhook-trouble\",reason=\"other-attempt\""));
        endpoint.get().body("failingSince", nullValue());
        endpoint.deliveries("PENDING").body("items[0].attempts", equalTo(2));
    }

    @Test
    void theLogOfDeliveriesIsReadInPartsAndByState() {
        var endpoint = registered(receiver, "order-confirmed");
        var stories = Stream.generate(Story::new).limit(5).toList();
        stories.forEach(Story::placed);
        stories.forEach(Story::confirmed);
        endpoint.deliveries("SENT", "SENT", "SENT", "SENT", "SENT");

        var seen = new ArrayList<String>();
        String cursor = null;
        for (int page = 0; page < 3; page++) {
            var request =
                    given().queryParam("endpoint", endpoint.id())
                            .queryParam("state", "SENT")
                            .queryParam("limit", 2);
            var part =
                    (cursor == null ? request : request.queryParam("cursor", cursor))
                            .get(Webhooks.DELIVERIES)
                            .then()
                            .statusCode(200)
                            .extract();
            seen.addAll(part.path("items.orderId"));
            cursor = part.path("next");
        }

        assertThat(cursor).isNull();
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        stories.stream().map(one -> one.id.toString()).toList());
        given().queryParam("endpoint", endpoint.id())
                .queryParam("state", "FAILED")
                .get(Webhooks.DELIVERIES)
                .then()
                .body("items", empty());
    }

    @Test
    void whatEndedLongAgoLeavesTheLogAndTheBodyGoesWithTheLastOfIt() {
        var quick = registered(receiver, "order-confirmed");
        var slow = registered(other, "order-confirmed");
        other.answers(500);
        story.placed();
        story.confirmed();
        quick.deliveries("SENT");
        slow.attempted(QUICK_ATTEMPTS);
        var old = "changed_at = now() - interval '31 days'";
        var both = "update webhook_deliveries set " + old + " where order_id = $1";
        sql(both, story.id);
        var young = new Story();
        young.placed();
        young.confirmed();
        quick.deliveries("SENT", "SENT"); // for what has not ended, the old ones are needed
        assertThat(body()).contains("order-confirmed");

        redeliver(ofThisStory(slow)).statusCode(202); // at once instead of in an hour
        story.notifications("SENT", "FAILED");
        quick.deliveries("SENT");
        slow.deliveries("PENDING", "FAILED");
        assertThat(body()).contains("order-confirmed");

        sql(both, story.id);
        slow.deliveries("PENDING");
        assertThat(body()).isEmpty();
        story.notifications("SENT", "FAILED");
        Wire.ofServiceUnderTest().announce(story.confirmed());
        young.shipped();
        young.notifications("SENT", "PENDING", "SENT");
        story.notifications("SENT", "FAILED");
        quick.deliveries("SENT");
    }

    @Test
    void noLogLineAndNoMetricHoldsAUrlOrASecret() throws IOException {
        receiver.answers(500);
        var endpoint = registered(receiver, "order-confirmed");
        var second = endpoint.rotated();
        story.placed();
        story.confirmed();
        endpoint.attempted(QUICK_ATTEMPTS);
        receiver.answers(410);
        redeliver(endpoint.delivery()).statusCode(202);
        endpoint.deliveries("FAILED");
        story.notifications("SENT", "FAILED");
        Webhooks.register("ftp://s3cret@s3cret.example/", List.of("order-confirmed"))
                .statusCode(400);

        var log = Files.readString(LOG);
        assertThat(log)
                .contains("Webhook endpoint " + endpoint.id() + " is disabled: gone")
                .contains("http-410")
                .doesNotContain("s3cret")
                .doesNotContain(endpoint.secret())
                .doesNotContain(second)
                .doesNotContain(story.address);
        assertThat(given().get("/q/metrics").asString())
                .contains("quadrille_webhook_seconds")
                .doesNotContain("s3cret")
                .doesNotContain(endpoint.id());
    }

    /// Whether there are news of an order that is not known.
    private boolean isWaiting() {
        return pool.preparedQuery("select from correspondences where order_id = $1")
                        .execute(Tuple.of(story.id))
                        .await()
                        .atMost(Story.LIMIT)
                        .rowCount()
                == 1;
    }

    /// What is stored for the endpoints of this story's notification.
    private String body() {
        return pool.preparedQuery(
                        "select body from notifications where order_id = $1 and channel ="
                                + " 'WEBHOOK'")
                .execute(Tuple.of(story.id))
                .await()
                .atMost(Story.LIMIT)
                .iterator()
                .next()
                .getString("body");
    }

    private String ofThisStory(Webhooks.Registered endpoint) {
        return endpoint.deliveries()
                .extract()
                .path("items.find { it.orderId == '" + story.id + "' }.id");
    }

    private String webhookId() {
        return story.notifications().extract().path("items[1].id");
    }

    private static Channel channel(Object event) {
        return switch (event) {
            case NotificationSent(_, _, _, var channel) -> channel;
            case NotificationFailed(_, _, _, var channel, _) -> channel;
            default -> throw new IllegalArgumentException("not about a notification");
        };
    }

    private void sql(String statement, UUID id) {
        pool.preparedQuery(statement).execute(Tuple.of(id)).await().atMost(Story.LIMIT);
    }
}
