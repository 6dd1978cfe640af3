package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.FaultStack.assertNothingIsLostOrDoubled;
import static dev.quadrille.endtoend.FaultStack.awaitOrders;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.quadrille.contract.EventType;
import dev.quadrille.contract.Topic;
import dev.quadrille.contract.UuidV7;
import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.Witness;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Events that cannot be processed, among many that can.
class PoisonIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration TO_REST = Duration.ofSeconds(60);
    private static final int TWO_MEBIBYTES = 2 * 1024 * 1024;

    /// What a loaded machine may add to a percentile of a few orders.
    private static final Duration NOISE = Duration.ofSeconds(1);

    private static final List<String> LISTENERS = List.of("inventory", "payment", "notification");
    private static final Pattern UNKNOWN_TYPES =
            Pattern.compile(
                    "(?m)^quadrille_inbox_events_total\\{[^}]*outcome=\"unknown-type\"[^}]*}"
                            + " (.*)$");

    private static FaultStack fault;
    private Witness witness;
    private Shoppers shoppers;

    @BeforeAll
    static void start() {
        fault = FaultStack.running();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(fault.stack());
        shoppers = Shoppers.of(fault.stack());
    }

    @AfterEach
    void closeTheShop() {
        witness.run("inventory", "alter table reservations drop constraint if exists poison");
        shoppers.close();
        witness.close();
    }

    @Test
    void whatCannotBeProcessedIsParkedAndTheRestGoesOn() {
        shoppers.begin(4, 8);
        awaitOrders(shoppers, 40);
        shoppers.end();
        witness.awaitRest(shoppers.accepted().values(), TO_REST);
        var before = shoppers.accepted().values();
        var unknownTypes = unknownTypes("inventory");
        admitLargeRecords();

        var undecodable = poison(UUID.randomUUID().toString(), "not JSON".getBytes(UTF_8));
        var large = poison(UUID.randomUUID().toString(), new byte[TWO_MEBIBYTES]);
        var unknown = UUID.randomUUID().toString();
        witness.wire()
                .send(
                        Topic.ORDER_EVENTS,
                        unknown,
                        "{}".getBytes(UTF_8),
                        headers("order-teleported", unknown));
        poison(null, "{}".getBytes(UTF_8));
        shoppers.begin(4, 8);
        awaitOrders(shoppers, 40);
        shoppers.end();

        for (var service : LISTENERS) {
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(parked(service)).containsKeys(undecodable, large));
            assertThat(parked(service).keySet())
                    .as(service)
                    .doesNotContain(unknown)
                    .anyMatch(key -> key.matches("order-events-[0-9]+@[0-9]+"));
            assertThat(parked(service).get(undecodable))
                    .containsEntry("events", 1)
                    .containsEntry("firstType", "order-placed")
                    .extractingByKeys("error", "since")
                    .doesNotContainNull();
        }
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(unknownTypes("inventory")).isGreaterThan(unknownTypes));
        witness.awaitRest(shoppers.accepted().values(), TO_REST);
        assertGoesOnAsBefore(before);

        for (var service : LISTENERS) {
            parked(service).keySet().forEach(key -> discard(service, key));
            assertThat(parked(service)).as(service).isEmpty();
        }
        assertNothingIsLostOrDoubled(witness, shoppers);
    }

    @Test
    void aHandlerThatFailsParksItsOrderUntilTheCauseIsMended() {
        var sku = "POISON-" + UUID.randomUUID();
        shoppers.sell(sku, 100);
        witness.awaitRest(shoppers.accepted().values(), TO_REST);
        witness.run(
                "inventory",
                "alter table reservations add constraint poison check (lines::text not like '%"
                        + sku
                        + "%') not valid");
        shoppers.begin(4, 8);

        var order = shoppers.place(sku, "pm_card_visa", 1);
        var cancelled = shoppers.place(sku, "pm_card_visa", 1);
        shoppers.cancel(cancelled);
        awaitOrders(shoppers, 24);
        shoppers.end();

        await().atMost(LIMIT)
                .untilAsserted(() -> {
                    assertThat(parked("inventory").get(order.toString()))
                            .containsEntry("events", 1)
                            .containsEntry("firstType", "order-placed");
                    assertThat(parked("inventory").get(cancelled.toString()))
                            .containsEntry("events", 2);
                });
        var others = new HashMap<>(shoppers.accepted());
        others.values().removeAll(Set.of(order, cancelled));
        witness.awaitRest(others.values(), TO_REST);
        replay("inventory", order.toString()).statusCode(409);
        assertThat(parked("inventory")).containsKey(order.toString());
        witness.run("inventory", "alter table reservations drop constraint poison");
        replay("inventory", order.toString()).statusCode(200).body("replayed", equalTo(1));
        replay("inventory", cancelled.toString()).statusCode(200).body("replayed", equalTo(2));

        witness.awaitRest(shoppers.accepted().values(), TO_REST);
        given().get(fault.stack().url("order") + "/v1/orders/" + order)
                .then()
                .body("status", equalTo("CONFIRMED"));
        assertThat(parked("inventory")).doesNotContainKeys(order.toString(), cancelled.toString());
        assertNothingIsLostOrDoubled(witness, shoppers);
    }

    /// A record that says it is an order, and is not.
    private <K> K poison(K key, byte[] body) {
        var text = key == null ? null : key.toString();
        var subject = key == null ? UUID.randomUUID().toString() : text;
        witness.wire().send(Topic.ORDER_EVENTS, text, body, headers("order-placed", subject));
        return key;
    }

    private static Map<String, String> headers(String type, String subject) {
        return Map.of(
                "ce_specversion",
                "1.0",
                "ce_id",
                UuidV7.at(Instant.now(), new SecureRandom()).toString(),
                "ce_source",
                "/order",
                "ce_type",
                type,
                "ce_time",
                Instant.now().toString(),
                "ce_subject",
                subject,
                "ce_dataschema",
                EventType.ORDER_PLACED.dataSchema(),
                "ce_sequence",
                "1");
    }

    private void admitLargeRecords() {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, Topic.ORDER_EVENTS.wireName());
        var entry =
                new ConfigEntry(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(2 * TWO_MEBIBYTES));
        Collection<AlterConfigOp> change =
                List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
        Witness.await(witness.admin().incrementalAlterConfigs(Map.of(topic, change)).all());
    }

    private static Map<String, Map<String, Object>> parked(String service) {
        var answer =
                given().queryParam("limit", 200)
                        .get(fault.stack().url(service) + "/v1/ops/parked")
                        .then()
                        .statusCode(200)
                        .body("next", equalTo(null));
        List<Map<String, Object>> items = answer.extract().jsonPath().getList("items");
        var byKey = new HashMap<String, Map<String, Object>>();
        items.forEach(item -> byKey.put(item.get("key").toString(), item));
        return byKey;
    }

    private static io.restassured.response.ValidatableResponse replay(String service, String key) {
        return given().pathParam("key", key)
                .post(fault.stack().url(service) + "/v1/ops/parked/{key}/replay")
                .then();
    }

    private static void discard(String service, String key) {
        int status =
                given().pathParam("key", key)
                        .delete(fault.stack().url(service) + "/v1/ops/parked/{key}")
                        .statusCode();
        assertThat(status).as("discarding " + key).isBetween(200, 204);
    }

    private static double unknownTypes(String service) {
        var metrics = given().get(fault.stack().url(service) + "/q/metrics").asString();
        var found = UNKNOWN_TYPES.matcher(metrics);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    /// Compares how long orders took to be confirmed, by the order service's own clock.
    private void assertGoesOnAsBefore(Collection<UUID> before) {
        var took =
                witness.query(
                        "order",
                        """
                        select order_id, extract(epoch from occurred_at - placed_at) * 1000 as millis
                        from timeline join orders on id = order_id where type = 'order-confirmed'
                        """,
                        row ->
                                Map.entry(
                                        UUID.fromString(row.getString("order_id")),
                                        row.getLong("millis")));
        var after = new HashMap<>(shoppers.accepted()).values();
        var quiet = p99(took, Set.copyOf(before));
        after.removeAll(before);
        var poisoned = p99(took, Set.copyOf(after));
        System.out.printf(
                "p99 from placed to confirmed: %d ms before, %d ms with the poison%n",
                quiet.toMillis(), poisoned.toMillis());
        assertThat(poisoned).isLessThan(quiet.multipliedBy(2).plus(NOISE));
    }

    private static Duration p99(List<Map.Entry<UUID, Long>> took, Set<UUID> orders) {
        var millis =
                took.stream()
                        .filter(entry -> orders.contains(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .sorted()
                        .toList();
        return Duration.ofMillis(millis.get((int) Math.ceil(millis.size() * 0.99) - 1));
    }
}
