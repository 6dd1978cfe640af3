package dev.quadrille.inventory;

import static dev.quadrille.contract.Topic.INVENTORY_EVENTS;
import static dev.quadrille.contract.Topic.ORDER_EVENTS;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.UuidV7;
import dev.quadrille.delivery.Listener;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What shared-events/delivery promises about receiving, shown by a service that uses it.
@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class DeliveryTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    /// `quarkus.datasource.reactive.max-size`
    private static final int CONNECTIONS = 16;

    private static final Money PRICE = new Money(450, "EUR");

    @Inject Listener listener;
    @Inject Transactions transactions;

    private final Wire wire = Wire.ofServiceUnderTest();
    private final UUID orderId = UuidV7.at(Instant.now(), RANDOM);

    @Test
    void eventThatCannotBeHandledIsParkedWithWhatFollowsItAndNoOtherNotices() {
        var before = ids(20);
        var after = ids(20);
        Trouble.make(orderId, () -> new IllegalStateException("no such shelf"));

        before.forEach(this::place);
        place(orderId);
        after.forEach(this::place);
        wire.announce(new OrderCancelled(orderId, CancellationReason.CUSTOMER_REQUEST));

        before.forEach(DeliveryTest::awaitReservation);
        after.forEach(DeliveryTest::awaitReservation);
        var parked = awaitParked(orderId, 2);
        assertThat(parked.getString("firstType")).isEqualTo("order-placed");
        assertThat(parked.getString("error")).contains("IllegalStateException", "no such shelf");
        assertThat(Instant.parse(parked.getString("since"))).isBefore(Instant.now());
        given().get("/v1/ops/parked/{key}", orderId)
                .then()
                .statusCode(200)
                .body("items.type", contains("order-placed", "order-cancelled"))
                .body("items[1].error", nullValue())
                .body("items[0].place", containsString("order-events-"));
        given().get("/v1/reservations/{id}", orderId).then().statusCode(404);
        before.forEach(id -> assertThat(wire.events(INVENTORY_EVENTS, id.toString())).hasSize(1));
        assertThat(wire.events(INVENTORY_EVENTS, orderId.toString())).isEmpty();

        Trouble.mend(orderId);
        given().post("/v1/ops/parked/{key}/replay", orderId)
                .then()
                .statusCode(200)
                .body("key", equalTo(orderId.toString()))
                .body("replayed", equalTo(2))
                .body("left", equalTo(0));

        awaitReservation(orderId);
        assertNotParked(orderId.toString());
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(INVENTORY_EVENTS, orderId.toString())).hasSize(1));
    }

    @Test
    void whatComesForAParkedKeyLaterWaitsBehindItAndIsProcessedOnceItIsFree() {
        Trouble.make(orderId, () -> new IllegalStateException("no such shelf"));
        place(orderId);
        awaitParked(orderId, 1);
        Trouble.mend(orderId);

        wire.announce(new OrderCancelled(orderId, CancellationReason.TIMED_OUT));

        awaitParked(orderId, 2);
        given().post("/v1/ops/parked/{key}/replay", orderId).then().body("replayed", equalTo(2));
        var another = wire.announce(new OrderEvent.OrderConfirmed(orderId));
        awaitHandled(another);
        assertNotParked(orderId.toString());
    }

    @Test
    void replayStopsAtTheEventThatFailsAgainAndKeepsWhatSucceededBefore() {
        var calls = new AtomicInteger();
        Trouble.make(orderId, () -> new IllegalStateException("first " + calls.incrementAndGet()));
        place(orderId);
        wire.announce(new OrderCancelled(orderId, CancellationReason.TIMED_OUT));
        wire.announce(new OrderEvent.OrderConfirmed(orderId));
        awaitParked(orderId, 3);

        // The whole key at once, then its first event, then its second.
        var replays = new AtomicInteger();
        Trouble.make(
                orderId,
                () ->
                        replays.incrementAndGet() == 2
                                ? null
                                : new IllegalStateException("still broken"));
        given().post("/v1/ops/parked/{key}/replay", orderId)
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/parked-event-failed-again"))
                .body("error", containsString("still broken"))
                .body("replayed", equalTo(1));

        var parked = awaitParked(orderId, 2);
        assertThat(parked.getString("firstType")).isEqualTo("order-cancelled");
        assertThat(parked.getInt("replays")).isEqualTo(1);
        awaitReservation(orderId);

        Trouble.mend(orderId);
        given().post("/v1/ops/parked/{key}/replay", orderId).then().body("replayed", equalTo(2));
        assertNotParked(orderId.toString());
    }

    @Test
    void discardedEventsNeverHaveTheirEffect() {
        Trouble.make(orderId, () -> new IllegalStateException("no such shelf"));
        var placed = place(orderId);
        wire.announce(new OrderCancelled(orderId, CancellationReason.TIMED_OUT));
        awaitParked(orderId, 2);
        Trouble.mend(orderId);

        given().delete("/v1/ops/parked/{key}", orderId).then().statusCode(204);

        assertNotParked(orderId.toString());
        given().delete("/v1/ops/parked/{key}", orderId).then().statusCode(404);
        given().post("/v1/ops/parked/{key}/replay", orderId).then().statusCode(404);
        wire.announce(placed);
        var later = wire.announce(new OrderEvent.OrderConfirmed(orderId));
        awaitHandled(later);
        given().get("/v1/reservations/{id}", orderId).then().statusCode(404);
    }

    @Test
    void oneEventIsDiscardedAndTheOthersOfItsKeyAreReplayed() {
        wire.send(ORDER_EVENTS, orderId.toString(), bytes("{"), Map.of("ce_type", "order-placed"));
        place(orderId);
        awaitParked(orderId, 2);

        given().post("/v1/ops/parked/{key}/replay", orderId)
                .then()
                .statusCode(409)
                .body("error", containsString("not JSON"))
                .body("replayed", equalTo(0));
        long position =
                given().get("/v1/ops/parked/{key}", orderId)
                        .then()
                        .extract()
                        .jsonPath()
                        .getLong("items[0].position");
        given().delete("/v1/ops/parked/{key}/events/{position}", orderId, position)
                .then()
                .statusCode(204);
        given().post("/v1/ops/parked/{key}/replay", orderId).then().body("replayed", equalTo(1));

        awaitReservation(orderId);
    }

    static Stream<byte[]> unreadable() {
        return Stream.of(
                bytes("not json"), new byte[] {0, (byte) 0xff, 0}, new byte[0], new byte[2 << 20]);
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatCannotBeReadIsParkedRawUnderItsKey(byte[] body) {
        wire.send(
                ORDER_EVENTS,
                orderId.toString(),
                body,
                Map.of("ce_type", "order-placed", "ce_id", "0"));

        var parked = awaitParked(orderId, 1);
        assertThat(parked.getString("firstType")).isEqualTo("order-placed");
        var other = UuidV7.at(Instant.now(), RANDOM);
        place(other);
        awaitReservation(other);
        given().delete("/v1/ops/parked/{key}", orderId).then().statusCode(204);
    }

    static Stream<@Nullable String> noKeys() {
        return Stream.of(null, "", "x".repeat(10_000));
    }

    @ParameterizedTest
    @MethodSource("noKeys")
    void recordWithoutAUsableKeyIsParkedByItsPlaceAndStopsNoOrder(@Nullable String noKey) {
        var envelope = envelope(placed(orderId));
        var encoded = CloudEvents.encode(envelope);
        wire.send(ORDER_EVENTS, noKey, bytes(encoded.body()), encoded.attributes().headers());
        var key = awaitParkedError("the record has no key that a subject could be");
        assertThat(key).contains("order-events-").contains("@");

        // Its sender mends it: the same event, as it should have been.
        wire.announce(envelope);

        awaitReservation(orderId);
        given().post("/v1/ops/parked/{key}/replay", key).then().statusCode(200);
        assertNotParked(key);
        assertThat(wire.events(INVENTORY_EVENTS, orderId.toString())).hasSize(1);
    }

    @Test
    void recordUnderAnothersKeyIsParkedUnderThatKey() {
        var other = UuidV7.at(Instant.now(), RANDOM);
        var encoded = CloudEvents.encode(envelope(placed(orderId)));

        wire.send(
                ORDER_EVENTS,
                other.toString(),
                bytes(encoded.body()),
                encoded.attributes().headers());

        assertThat(awaitParked(other, 1).getString("error")).contains("not the event's subject");
        given().post("/v1/ops/parked/{key}/replay", other).then().statusCode(200);
        awaitReservation(orderId);
    }

    @Test
    void eventOfAnUnknownTypeIsCountedAndPassedOver() {
        double before = count("unknown-type");

        wire.send(
                ORDER_EVENTS, orderId.toString(), bytes("{}"), Map.of("ce_type", "order-painted"));
        place(orderId);

        awaitReservation(orderId);
        assertThat(count("unknown-type")).isEqualTo(before + 1);
    }

    @Test
    void errorThatPostgresCannotStoreDoesNotStopTheConsumer() {
        Trouble.make(orderId, () -> new IllegalStateException("no\0shelf"));

        place(orderId);

        assertThat(awaitParked(orderId, 1).getString("error")).contains("no\uFFFDshelf");
        Trouble.mend(orderId);
    }

    @Test
    void faultOfTheWorldIsTriedAgainAndNeverParked() {
        var left = new AtomicInteger(5);
        Trouble.make(
                orderId,
                () ->
                        left.getAndDecrement() > 0
                                ? new ConnectException("the database is away")
                                : null);

        place(orderId);

        awaitReservation(orderId);
        assertThat(left).hasNegativeValue();
        given().get("/v1/ops/parked/{key}", orderId).then().statusCode(404);
        assertThat(wire.events(INVENTORY_EVENTS, orderId.toString())).hasSize(1);
    }

    /// As at the first start on a topic that is full already: the inbox's days are attached while
    /// the first batch is on its way into the default partition.
    @Test
    void eventWhoseDayIsAttachedMeanwhileIsTriedAgainAndNeverParked() throws SQLException {
        var day = LocalDate.now(UTC).plusDays(30);
        var id = UuidV7.at(day.atTime(12, 0).toInstant(UTC), RANDOM);
        try (var connection = ServiceOnStack.database();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table inbox_other in access exclusive mode");
            statement.execute("create table inbox_of_a_test (like inbox including all)");
            statement.execute(
                    "alter table inbox attach partition inbox_of_a_test for values from ('%s') to ('%s')"
                            .formatted(first(day), first(day.plusDays(1))));

            wire.announce(
                    new Envelope<>(
                            id,
                            Instant.now().truncatedTo(ChronoUnit.MICROS),
                            1,
                            null,
                            null,
                            placed(orderId)));
            await().atMost(20, SECONDS)
                    .until(() -> {
                        try (var waiting =
                                statement.executeQuery(
                                        "select from pg_locks where not granted and relation ="
                                                + " 'inbox_other'::regclass")) {
                            return waiting.next();
                        }
                    });
            connection.commit();
        }

        awaitReservation(orderId);
        given().get("/v1/ops/parked/{key}", orderId).then().statusCode(404);
    }

    private static UUID first(LocalDate day) {
        return new UUID(day.atStartOfDay(UTC).toInstant().toEpochMilli() << 16, 0);
    }

    /// A client that disconnects cancels what waits for its answer.
    @Test
    void whoGivesUpWaitingForATransactionTakesNoConnectionAway() {
        var gate = new CompletableFuture<Void>();
        var started = new AtomicInteger();
        var waiting =
                Stream.generate(() ->
                                transactions
                                        .run(_ -> {
                                            started.incrementAndGet();
                                            return Uni.createFrom().completionStage(gate);
                                        })
                                        .subscribe()
                                        .with(_ -> {}))
                        .limit(2L * CONNECTIONS)
                        .toList();
        await().atMost(20, SECONDS).until(() -> started.get() > 0);

        waiting.forEach(Cancellable::cancel);
        gate.complete(null);

        await().atMost(20, SECONDS)
                .untilAsserted(() -> assertThat(started).hasValue(2 * CONNECTIONS));
        var all = new CountDownLatch(CONNECTIONS);
        var done =
                Stream.generate(() ->
                                transactions.run(transaction ->
                                        transaction
                                                .run("select pg_sleep(0)")
                                                .invoke(all::countDown)))
                        .limit(CONNECTIONS)
                        .toList();
        Uni.join().all(done).andFailFast().await().atMost(Duration.ofSeconds(20));
        assertThat(all.getCount()).isZero();
    }

    @Test
    void eventThatIsDeliveredFiveTimesHasOneEffect() {
        var placed = place(orderId);
        for (int again = 1; again < 5; again++) {
            wire.announce(placed);
        }
        var last = place(UuidV7.at(Instant.now(), RANDOM));

        awaitHandled(last);
        awaitReservation(orderId);
        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(INVENTORY_EVENTS, orderId.toString())).hasSize(1));
    }

    @Test
    void answersBelongToTheTraceOfWhatTheyAnswer() {
        var trace = "0af7651916cd43dd8448eb211c80319c";
        var event = placed(orderId);
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        wire.announce(
                new Envelope<>(
                        UuidV7.at(now, RANDOM),
                        now,
                        1,
                        null,
                        "00-" + trace + "-b7ad6b7169203331-01",
                        event));

        awaitReservation(orderId);

        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(wire.events(INVENTORY_EVENTS, orderId.toString()))
                                .singleElement()
                                .extracting(Envelope::traceparent)
                                .asString()
                                .startsWith("00-" + trace + "-")
                                .endsWith("-01")
                                .isNotEqualTo("00-" + trace + "-b7ad6b7169203331-01"));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 50, 500})
    void numberOfStatementsDoesNotGrowWithTheBatch(int events) {
        assertThat(statements(events)).isEqualTo(statements(1)).isLessThanOrEqualTo(6);
    }

    /// How many statements it takes to handle so many orders.
    private int statements(int events) {
        var batch = ids(events).stream().<Envelope<?>>map(id -> envelope(placed(id))).toList();
        return transactions
                .run(transaction ->
                        listener.on(transaction, batch).map(_ -> transaction.statements()))
                .await()
                .atMost(Duration.ofSeconds(20));
    }

    private Envelope<?> place(UUID id) {
        return wire.announce(placed(id));
    }

    private static Envelope<?> envelope(OrderPlaced event) {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return new Envelope<>(UuidV7.at(now, RANDOM), now, 1, null, null, event);
    }

    /// Of something that is not kept, so that the answer is a rejection.
    static OrderPlaced placed(UUID id) {
        var lines = List.of(new OrderLine("NOT-KEPT", "Tea", 1, PRICE));
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return new OrderPlaced(
                id,
                new Customer("c-1", new EmailAddress("ada@example.com")),
                lines,
                OrderLine.total(lines),
                new PaymentMethod("pm_card_visa"),
                now,
                now.plusSeconds(120));
    }

    private static List<UUID> ids(int count) {
        return IntStream.range(0, count).mapToObj(_ -> UuidV7.at(Instant.now(), RANDOM)).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void awaitReservation(UUID id) {
        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        given().get("/v1/reservations/{id}", id)
                                .then()
                                .statusCode(200)
                                .body("state", equalTo("REJECTED")));
    }

    /// Waits until whatever was sent to the partition before has been taken in.
    private void awaitHandled(Envelope<?> event) {
        await().atMost(20, SECONDS)
                .until(() ->
                        transactions
                                        .run(transaction ->
                                                transaction.run(
                                                        "select from inbox where event_id = $1",
                                                        event.id()))
                                        .await()
                                        .atMost(Duration.ofSeconds(5))
                                        .size()
                                == 1);
    }

    private static JsonPath awaitParked(UUID key, int events) {
        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        given().queryParam("limit", 200)
                                .get("/v1/ops/parked")
                                .then()
                                .statusCode(200)
                                .body(
                                        "items.find { it.key == '%s' }?.events".formatted(key),
                                        equalTo(events)));
        return given().queryParam("limit", 200)
                .get("/v1/ops/parked")
                .jsonPath()
                .setRootPath("items.find { it.key == '%s' }".formatted(key));
    }

    /// @return its key
    private static String awaitParkedError(String error) {
        var found = new HashMap<String, String>();
        await().atMost(20, SECONDS)
                .untilAsserted(() -> {
                    List<Map<String, Object>> items =
                            given().queryParam("limit", 200)
                                    .get("/v1/ops/parked")
                                    .jsonPath()
                                    .getList("items");
                    items.forEach(item ->
                            found.put((String) item.get("error"), (String) item.get("key")));
                    assertThat(found.keySet()).anyMatch(text -> text.contains(error));
                });
        return found.entrySet().stream()
                .filter(entry -> entry.getKey().contains(error))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static void assertNotParked(String key) {
        given().queryParam("limit", 200)
                .get("/v1/ops/parked")
                .then()
                .body("items.key", not(hasItem(key)));
    }

    private static double count(String outcome) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line ->
                        line.startsWith("quadrille_inbox_events_total")
                                && line.contains("outcome=\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
