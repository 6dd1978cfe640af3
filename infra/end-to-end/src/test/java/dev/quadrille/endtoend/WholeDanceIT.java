package dev.quadrille.endtoend;

import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.EventType;
import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Wire;
import io.restassured.response.ValidatableResponse;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One order after the other through all four services, over HTTP, Kafka and SMTP; what came of it
/// is read where a stranger would: on the topics, in the provider's ledger, in the mailbox.
class WholeDanceIT {

    private static TestStack stack;
    private static Wire wire;

    private final String sku = "TEA-" + UUID.randomUUID();
    private final String customer = UUID.randomUUID() + "@example.com";

    @BeforeAll
    static void start() {
        stack = TestStack.whole();
        wire = Wire.of(stack.kafka());
    }

    @Test
    void acceptedOrderIsConfirmed() {
        keep(10);

        var id = place(2, "pm_card_visa");

        awaitOrder(id, "status", "CONFIRMED")
                .body("stock", equalTo("RESERVED"))
                .body("payment", equalTo("AUTHORIZED"))
                .body("settled", equalTo(false));
        given().get(stack.url("payment") + "/v1/payments/" + id)
                .then()
                .statusCode(200)
                .body("state", equalTo("AUTHORIZED"))
                .body("amount.amountMinor", equalTo(900))
                .body("amount.currency", equalTo("EUR"))
                .body("providerReference", notNullValue());
        given().get(stack.url("inventory") + "/v1/reservations/" + id)
                .then()
                .body("state", equalTo("HELD"));
        stock(10, 2);
        ledger(id, 900, 0);
        awaitMails(1);
        awaitNotification(id);
        given().get(stack.url("order") + "/v1/orders/" + id + "/timeline")
                .then()
                .body(
                        "items.type",
                        contains(
                                "order-placed",
                                "stock-reserved",
                                "payment-authorized",
                                "order-confirmed"));
    }

    @Test
    void declinedCardReleasesTheStock() {
        keep(10);

        var id = place(2, "pm_card_chargeDeclinedInsufficientFunds");

        awaitOrder(id, "settled", true)
                .body("status", equalTo("CANCELLED"))
                .body("reason", equalTo("PAYMENT_DECLINED"))
                .body("stock", equalTo("RELEASED"))
                .body("payment", equalTo("DECLINED"));
        given().get(stack.url("payment") + "/v1/payments/" + id)
                .then()
                .body("state", equalTo("DECLINED"))
                .body("declineCode", equalTo("insufficient_funds"));
        stock(10, 0);
        awaitMails(1);
    }

    @Test
    void orderThatCannotBeServedIsNeverCharged() {
        keep(1);

        var id = place(2, "pm_card_visa");

        awaitOrder(id, "settled", true)
                .body("status", equalTo("CANCELLED"))
                .body("reason", equalTo("OUT_OF_STOCK"))
                .body("stock", equalTo("REJECTED"))
                .body("payment", equalTo("NONE"));
        stock(1, 0);
        given().queryParam("orderId", id)
                .get(stack.url("payment-sandbox") + "/sandbox/ledger")
                .then()
                .body("items.size()", equalTo(0));
        awaitMails(1);
    }

    @Test
    void cancelledOrderLeavesNothingHeld() {
        keep(10);
        var id = place(2, "pm_card_visa");
        awaitOrder(id, "status", "CONFIRMED");

        given().contentType(JSON)
                .body("{\"reason\":\"changed my mind\"}")
                .post(stack.url("order") + "/v1/orders/" + id + "/cancellation")
                .then()
                .statusCode(202);

        awaitOrder(id, "settled", true)
                .body("status", equalTo("CANCELLED"))
                .body("reason", equalTo("CUSTOMER_REQUEST"))
                .body("stock", equalTo("RELEASED"))
                .body("payment", equalTo("VOIDED"));
        stock(10, 0);
        ledger(id, 0, 900);
        awaitMails(2);
    }

    @Test
    void orderThatIsCancelledAtOnceLeavesNothingHeldEither() {
        keep(10);
        var id = place(2, "pm_sandbox_slow");

        given().contentType(JSON)
                .body("{}")
                .post(stack.url("order") + "/v1/orders/" + id + "/cancellation")
                .then()
                .statusCode(202);

        awaitOrder(id, "settled", true).body("payment", equalTo("VOIDED"));
        stock(10, 0);
        given().queryParam("orderId", id)
                .get(stack.url("payment-sandbox") + "/sandbox/ledger")
                .then()
                .body("items.findAll { it.held > 0 }.size()", equalTo(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_flaky", "pm_sandbox_timeout", "pm_sandbox_slow"})
    void troubleAtTheProviderDelaysAnOrderAndChargesItOnce(String paymentMethod) {
        keep(10);

        var id = place(2, paymentMethod);

        awaitOrder(id, "status", "CONFIRMED");
        ledger(id, 900, 0);
    }

    @Test
    void whatIsOnTheTopicsIsWhatTheSchemasSay() {
        keep(10);
        var confirmed = place(2, "pm_card_visa");
        awaitOrder(confirmed, "status", "CONFIRMED");
        var declined = place(2, "pm_card_chargeDeclined");
        awaitOrder(declined, "settled", true);
        awaitNotification(declined);

        var types = new HashSet<String>();
        for (var topic : Topic.values()) {
            for (var record : wire.records(topic)) {
                types.add(checked(record));
            }
        }

        assertThat(types)
                .contains(
                        "product-listed",
                        "order-placed",
                        "order-confirmed",
                        "order-cancelled",
                        "stock-reserved",
                        "stock-released",
                        "payment-authorized",
                        "payment-declined",
                        "notification-sent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "inventory", "payment", "notification"})
    void everyAcceptedOrderEndsAlthoughAServiceIsKilled(String service) throws Exception {
        keep(1_000);
        var ids = new ArrayList<String>();
        var placed = new Semaphore(0);

        try (var clients = Executors.newFixedThreadPool(4)) {
            var orders =
                    IntStream.range(0, 40)
                            .mapToObj(_ -> clients.submit(() -> placePatiently(placed)))
                            .toList();
            placed.acquire(10);
            stack.process(service).destroyForcibly();
            for (var order : orders) {
                ids.add(order.get());
            }
        }

        for (var id : ids) {
            awaitOrder(id, "status", "CONFIRMED");
            ledger(id, 450, 0);
        }
        stock(1_000, 40);
        assertThat(ids).doesNotHaveDuplicates();
    }

    /// As a client would: with one key until there is an answer.
    private String placePatiently(Semaphore placed) {
        var key = UUID.randomUUID().toString();
        var id = new String[1];
        await().atMost(60, SECONDS)
                .ignoreExceptions()
                .until(() -> {
                    id[0] =
                            given().contentType(JSON)
                                    .header("Idempotency-Key", key)
                                    .body(order(1, "pm_card_visa"))
                                    .post(stack.url("order") + "/v1/orders")
                                    .then()
                                    .statusCode(202)
                                    .extract()
                                    .path("id");
                    return true;
                });
        placed.release();
        return Objects.requireNonNull(id[0]);
    }

    /// Key, headers and body as the contract promises them to strangers.
    private static String checked(ConsumerRecord<String, byte[]> record) {
        assertThat(Wire.decode(record)).isInstanceOf(Decoded.Known.class);
        assertThat(record.key()).isEqualTo(Wire.header(record, "ce_subject"));
        assertThat(Wire.header(record, "ce_specversion")).isEqualTo("1.0");
        assertThat(Wire.header(record, "content-type")).isEqualTo("application/json");
        var name = Objects.requireNonNull(Wire.header(record, "ce_type"));
        var type = EventType.named(name).orElseThrow();
        assertThat(Wire.header(record, "ce_dataschema")).isEqualTo(type.dataSchema());
        assertThat(Wire.header(record, "ce_source")).isEqualTo(type.topic().source());
        var path =
                "/dev/quadrille/contract/schemas/%s/%d.json"
                        .formatted(type.wireName(), type.version());
        try (var schema = EventType.class.getResourceAsStream(path)) {
            var errors =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(new String(schema.readAllBytes(), UTF_8))
                            .validate(new String(record.value(), UTF_8), InputFormat.JSON);
            assertThat(errors).as(name).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return name;
    }

    private void keep(int onHand) {
        given().contentType(JSON)
                .body(
                        """
                        {"name":"Green tea","price":{"amountMinor":450,"currency":"EUR"}}
                        """)
                .put(stack.url("inventory") + "/v1/products/" + sku)
                .then()
                .statusCode(201);
        given().contentType(JSON)
                .body("{\"delta\":%d,\"reason\":\"delivery\"}".formatted(onHand))
                .post(stack.url("inventory") + "/v1/stock/" + sku + "/adjustments")
                .then()
                .statusCode(201);
    }

    private String place(int quantity, String paymentMethod) {
        var key = UUID.randomUUID().toString();
        var response =
                await().atMost(20, SECONDS)
                        .until(
                                () ->
                                        given().contentType(JSON)
                                                .header("Idempotency-Key", key)
                                                .body(order(quantity, paymentMethod))
                                                .post(stack.url("order") + "/v1/orders"),
                                // The order service learns of a new product by Kafka.
                                answer -> answer.statusCode() != 422);
        return response.then().statusCode(202).extract().path("id");
    }

    private String order(int quantity, String paymentMethod) {
        return """
        {"customer":{"id":"c-1","email":"%s"},"currency":"EUR",\
        "lines":[{"sku":"%s","quantity":%d}],"paymentMethod":"%s"}\
        """
                .formatted(customer, sku, quantity, paymentMethod);
    }

    private static ValidatableResponse awaitOrder(String id, String path, Object value) {
        var url = stack.url("order") + "/v1/orders/" + id;
        await().atMost(60, SECONDS)
                .ignoreExceptions()
                .untilAsserted(() -> given().get(url).then().body(path, equalTo(value)));
        return given().get(url).then();
    }

    private void stock(int onHand, int reserved) {
        given().get(stack.url("inventory") + "/v1/stock/" + sku)
                .then()
                .body("onHand", equalTo(onHand))
                .body("reserved", equalTo(reserved));
    }

    /// One intent at the provider, with this much held now and this much let go.
    private static void ledger(String id, int held, int voided) {
        given().queryParam("orderId", id)
                .get(stack.url("payment-sandbox") + "/sandbox/ledger")
                .then()
                .body("items.size()", equalTo(1))
                .body("items[0].held", equalTo(held))
                .body("items[0].captured", equalTo(0))
                .body("items[0].voided", equalTo(voided));
    }

    private static void awaitNotification(String id) {
        await().atMost(30, SECONDS)
                .untilAsserted(() ->
                        given().queryParam("orderId", id)
                                .get(stack.url("notification") + "/v1/notifications")
                                .then()
                                .body("items.state.unique()", equalTo(List.of("SENT")))
                                .body("items.channel.unique()", equalTo(List.of("EMAIL"))));
    }

    private void awaitMails(int count) {
        await().atMost(30, SECONDS).untilAsserted(() -> assertThat(subjects()).hasSize(count));
    }

    /// What lies in the customer's mailbox.
    private List<String> subjects() throws MessagingException {
        var properties = new Properties();
        properties.setProperty("mail.imap.port", Integer.toString(stack.port("mail.imap.port")));
        try (var store = Session.getInstance(properties).getStore("imap")) {
            store.connect("localhost", customer, "any");
            try (var inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                var subjects = new ArrayList<String>();
                for (var message : inbox.getMessages()) {
                    assertThat(message.getAllRecipients())
                            .extracting(Object::toString)
                            .containsExactly(customer);
                    subjects.add(message.getSubject());
                }
                return subjects;
            }
        }
    }
}
