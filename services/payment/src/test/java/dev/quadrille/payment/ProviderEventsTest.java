package dev.quadrille.payment;

import static dev.quadrille.contract.Topic.PAYMENT_EVENTS;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.EventType;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The provider's webhook: real events of a real sandbox, and made up ones.
@QuarkusTest
@TestProfile(ProviderEventsTest.Told.class)
@QuarkusTestResource(ServiceOnStack.class)
class ProviderEventsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String CAPTURABLE = "payment_intent.amount_capturable_updated";
    private static final String SUCCEEDED = "payment_intent.succeeded";
    private static final String CANCELED = "payment_intent.canceled";
    private static final String FAILED = "payment_intent.payment_failed";

    public static final class Told implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(OwnSandbox.class));
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();
    private final UUID id = UUID.randomUUID();
    private final String eventId = "evt_" + id;

    @Inject Pool pool;
    @Inject MeterRegistry metrics;

    @ConfigProperty(name = "quadrille.payment.provider.url")
    String provider;

    @Test
    void aHoldThatLapsesIsAnnouncedThoughNobodyAsked() {
        var reserved = authorized("pm_card_visa");

        lapse(reference());

        awaitPayment("VOIDED");
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
        assertThat(wire.events(PAYMENT_EVENTS, id.toString()).getLast().causationId())
                .isEqualTo(reserved.id());
    }

    @Test
    void theProvidersEventsAndItsAnswersHaveOneEffectTogether() {
        double heard = heard("charge.refunded", "heard");
        double rejected = rejected();
        authorized("pm_card_visa");
        wire.announce(new OrderShipped(id, "DHL", "1"));
        awaitPayment("CAPTURED");
        wire.announce(new OrderReturned(id, "broken"));
        awaitPayment("REFUNDED");

        await().atMost(LIMIT).until(() -> heard("charge.refunded", "heard") > heard);

        payment().body("state", equalTo("REFUNDED"));
        awaitAnnounced(
                EventType.PAYMENT_AUTHORIZED,
                EventType.PAYMENT_CAPTURED,
                EventType.PAYMENT_REFUNDED);
        assertThat(rejected()).isEqualTo(rejected);
    }

    @Test
    void aCancelledOrdersEventsHaveOneEffect() {
        double heard = heard(CANCELED, "heard");
        authorized("pm_card_visa");
        wire.announce(new OrderCancelled(id, CancellationReason.CUSTOMER_REQUEST));

        awaitPayment("VOIDED");
        await().atMost(LIMIT).until(() -> heard(CANCELED, "heard") > heard);
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
    }

    @Test
    void anEventWithoutAGoodSignatureIsRefusedAndHasNoEffect() {
        authorized("pm_card_visa");
        var body = intent(CANCELED, reference(), "canceled", 900, null);
        long now = Instant.now().getEpochSecond();

        for (var signature :
                new String[] {
                    null,
                    "",
                    "t=" + now + ",v1=00",
                    signature("whsec_wrong", now, body),
                    signature(OwnSandbox.SECRET, now - 301, body),
                    signature(OwnSandbox.SECRET, now + 330, body),
                    signature(OwnSandbox.SECRET, now, body + " ")
                }) {
            post(signature, body)
                    .statusCode(400)
                    .contentType("application/problem+json")
                    .body("type", equalTo("/problems/invalid-signature"));
        }

        payment().body("state", equalTo("AUTHORIZED"));
        assertThat(known()).isZero();
    }

    @Test
    void oneOfTwoSignaturesWithOneOfTwoSecretsIsEnough() {
        authorized("pm_card_visa");
        var body = intent(CANCELED, reference(), "canceled", 900, null);
        long now = Instant.now().getEpochSecond();
        var good = signature(OwnSandbox.NEXT_SECRET, now, body);

        post(good.replace(",v1=", ",v1=" + "0".repeat(64) + ",v1="), body).statusCode(200);

        awaitPayment("VOIDED");
    }

    @Test
    void anEventThatComesAgainDoesNothing() {
        double repeated = heard(CANCELED, "repeated");
        authorized("pm_card_visa");
        var body = intent(CANCELED, reference(), "canceled", 900, null);

        tell(body).statusCode(200);
        awaitPayment("VOIDED");
        tell(body).statusCode(200);

        assertThat(heard(CANCELED, "repeated")).isEqualTo(repeated + 1);
        assertThat(known()).isEqualTo(1);
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
    }

    @Test
    void aLostAnswerIsLearnedByTheEvent() {
        asked();

        tell(intent(CAPTURABLE, "pi_told", "requires_capture", 900, "authorize-" + id))
                .statusCode(200);

        awaitPayment("AUTHORIZED").body("providerReference", equalTo("pi_told"));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED);
    }

    @Test
    void aLostRefusalIsLearnedByTheEvent() {
        asked();

        tell(intent(FAILED, "pi_told", "requires_payment_method", 900, "authorize-" + id))
                .statusCode(200);

        awaitPayment("DECLINED").body("declineCode", equalTo("lost_card"));
    }

    @Test
    void aHoldThatIsHeardOfAfterItWasGivenUpIsLetGo() {
        placeAndReserve("pm_card_chargeDeclined");
        awaitPayment("DECLINED");

        tell(intent(CAPTURABLE, "pi_late", "requires_capture", 900, "authorize-" + id))
                .statusCode(200);

        awaitPayment("VOIDING").body("providerReference", equalTo("pi_late"));
        awaitAnnounced(EventType.PAYMENT_DECLINED);
    }

    @Test
    void eventsInTheWrongOrderDoNotMoveAPaymentAhead() {
        asked();
        var captured = intent(SUCCEEDED, "pi_told", "succeeded", 900, "capture-" + id);

        tell(captured).statusCode(200);
        payment().body("state", equalTo("AUTHORIZING"));
        tell(intent(CAPTURABLE, "pi_told", "requires_capture", 900, "authorize-" + id)
                        .replace(eventId, eventId + "-2"))
                .statusCode(200);

        awaitPayment("AUTHORIZED").body("captured.amountMinor", equalTo(0));
        tell(captured).statusCode(200);
        payment().body("state", equalTo("AUTHORIZED"));
    }

    @ParameterizedTest
    @CsvSource({
        "payment_intent.amount_capturable_updated, requires_capture, 900, ours",
        "payment_intent.amount_capturable_updated, requires_capture, 900,",
        "payment_intent.payment_failed, requires_payment_method, 900, theirs",
        "payment_intent.amount_capturable_updated, requires_capture, 901, authorize",
        "payment_intent.canceled, canceled, 901,",
        "payment_intent.canceled, canceled, 900,",
        "payment_intent.succeeded, succeeded, 900,"
    })
    void anIntentThatSomebodyElseMadeForAnOrderMovesNothing(
            String type, String status, int amountMinor, String request) {
        double notOurs = heard(type, "not-ours");
        asked();

        tell(intent(
                        type,
                        "pi_foreign",
                        status,
                        amountMinor,
                        "authorize".equals(request) ? "authorize-" + id : request))
                .statusCode(200);

        assertThat(heard(type, "not-ours")).isEqualTo(notOurs + 1);
        payment().body("state", equalTo("AUTHORIZING"));
    }

    @Test
    void anEndOfWhatMayBeOursIsAReasonToAskNow() {
        asked();
        execute(
                "update payments set work_due_at = '2126-01-01', attempts = attempts + 1000 where"
                        + " order_id = $1");

        tell(intent(CANCELED, "pi_foreign", "canceled", 900, null)).statusCode(200);

        await().atMost(LIMIT)
                .until(() ->
                        count(
                                        "select count(*) from payments where order_id = $1"
                                                + " and work_due_at < '2126-01-01'",
                                        id)
                                == 1);
    }

    @Test
    void anotherIntentsFateIsNotThisOnes() {
        authorized("pm_card_visa");

        for (var body :
                List.of(
                        intent(CANCELED, "pi_foreign", "canceled", 900, null),
                        intent(SUCCEEDED, "pi_foreign", "succeeded", 900, null),
                        intent(CAPTURABLE, "pi_foreign", "requires_capture", 900, null),
                        charge("pi_foreign", true, true))) {
            tell(body.replace(eventId, "evt_" + UUID.randomUUID())).statusCode(200);
        }

        payment().body("state", equalTo("AUTHORIZED"));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED);
    }

    @Test
    void eventsOfOthersAndOfOtherKindsAreTakenAndForgotten() {
        double notUsed = heard("other", "not-used");
        double notOurs = heard(CANCELED, "not-ours");
        var ours = intent(CANCELED, "pi_1", "canceled", 900, null);

        tell(ours.replace(CANCELED, "customer.created")).statusCode(200);
        tell(ours).statusCode(200); // of an order that is not there
        tell(ours.replace("orderId", "other")).statusCode(200);
        tell(ours.replace(id.toString(), "o-1")).statusCode(200);
        tell(ours.replace("\"metadata\"", "\"meta\"")).statusCode(200);

        assertThat(heard("other", "not-used")).isEqualTo(notUsed + 1);
        assertThat(heard(CANCELED, "not-ours")).isEqualTo(notOurs + 4);
        assertThat(known()).isZero();
    }

    @Test
    void whatLooksLikeARefundAndIsNoneIsNotTakenForOne() {
        double notUsed = heard("charge.refunded", "not-used");
        authorized("pm_card_visa");
        wire.announce(new OrderShipped(id, "DHL", "1"));
        awaitPayment("CAPTURED");

        tell(charge(reference(), false, true)).statusCode(200); // a hold that was let go
        tell(charge(reference(), true, false)).statusCode(200); // a part of the amount

        assertThat(heard("charge.refunded", "not-used")).isEqualTo(notUsed + 2);
        payment().body("state", equalTo("CAPTURED"));
    }

    @Test
    void aRefundThatFailsLaterIsSaidToAnOperatorOnce() {
        authorized("pm_card_visa");
        double heard = heard("charge.refund.updated", "heard");
        var failed =
                """
                {"id": "%s", "type": "charge.refund.updated", "request": null,
                 "data": {"object": {"id": "re_1", "object": "refund", "status": "failed", "metadata": {"orderId": "%s"}}}}
                """
                        .formatted(eventId, id);

        tell(failed).statusCode(200);
        tell(failed).statusCode(200);

        assertThat(heard("charge.refund.updated", "heard")).isEqualTo(heard + 1);
        payment().body("state", equalTo("AUTHORIZED"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "null",
                "[]",
                "{}",
                "{\"id\": \"evt_1\", \"type\": \"payment_intent.canceled\"}",
                "{\"id\": \"evt_1\", \"type\": \"payment_intent.canceled\", \"data\": {}}",
                "{\"id\": \"evt_1\", \"type\": \"payment_intent.canceled\", \"data\": {\"object\":"
                        + " 1}}",
                "{\"id\": \"evt_1\", \"type\": \"payment_intent.canceled\", \"data\": {\"object\":"
                        + " {\"id\": \"pi_1\"}}}",
                "{\"id\": \"\", \"type\": \"a\", \"data\": {\"object\": {}}}",
                "{\"id\": \"evt_1\", \"id\": \"evt_2\", \"type\": \"a\", \"data\": {\"object\":"
                        + " {}}}"
            })
    void nonsenseIsRefusedThoughItIsSigned(String body) {
        tell(body)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/invalid-request"));
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        tell("{\"id\": \"" + "x".repeat(70_000) + "\"}").statusCode(413);
    }

    /// An authorization that the provider answers with a 500 each time.
    private void asked() {
        placeAndReserve("pm_sandbox_broken");
        awaitPayment("AUTHORIZING").body("providerReference", nullValue());
        await().atMost(LIMIT)
                .until(() -> count("select attempts from payments where order_id = $1", id) > 0);
    }

    private Envelope<StockReserved> authorized(String method) {
        var reserved = placeAndReserve(method);
        awaitPayment("AUTHORIZED");
        return reserved;
    }

    private Envelope<StockReserved> placeAndReserve(String method) {
        var now = Instant.now();
        wire.announce(
                new OrderPlaced(
                        id,
                        new Customer("c-1", new EmailAddress("ada@example.com")),
                        List.of(new OrderLine("TEA-01", "Tea", 2, new Money(450, "EUR"))),
                        new Money(900, "EUR"),
                        new PaymentMethod(method),
                        now,
                        now.plusSeconds(120)));
        return wire.announce(new StockReserved(id, List.of(new StockLine("TEA-01", 2))));
    }

    private String intent(
            String type, String intent, String status, int amountMinor, String request) {
        return """
        {"id": "%s", "object": "event", "api_version": "2024-06-20", "type": "%s",
         "request": {"id": "req_1", "idempotency_key": %s},
         "data": {"object": {"id": "%s", "object": "payment_intent", "status": "%s", "amount": %d, "amount_received": %d,
                             "currency": "eur", "last_payment_error": {"code": "card_declined", "decline_code": "lost_card"},
                             "metadata": {"orderId": "%s"}}}}
        """
                .formatted(
                        eventId,
                        type,
                        request == null ? "null" : "\"" + request + "\"",
                        intent,
                        status,
                        amountMinor,
                        status.equals("succeeded") ? amountMinor : 0,
                        id);
    }

    private String charge(String intent, boolean captured, boolean refunded) {
        return """
        {"id": "%s", "object": "event", "type": "charge.refunded", "request": null,
         "data": {"object": {"id": "ch_1", "object": "charge", "amount": 900, "currency": "eur", "captured": %s,
                             "refunded": %s, "payment_intent": "%s", "metadata": {"orderId": "%s"}}}}
        """
                .formatted(eventId, captured, refunded, intent, id);
    }

    private static ValidatableResponse tell(String body) {
        return post(signature(OwnSandbox.SECRET, Instant.now().getEpochSecond(), body), body);
    }

    private static ValidatableResponse post(String signature, String body) {
        var request = given().contentType("application/json; charset=utf-8");
        if (signature != null) {
            request.header("Stripe-Signature", signature);
        }
        return request.body(body.getBytes(StandardCharsets.UTF_8))
                .post("/v1/provider-events")
                .then();
    }

    private static String signature(String secret, long atSeconds, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            var signed = (atSeconds + "." + body).getBytes(StandardCharsets.UTF_8);
            return "t=" + atSeconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(signed));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void lapse(String intent) {
        given().post(provider + "/sandbox/intents/{id}/lapse", intent).then().statusCode(200);
    }

    private String reference() {
        return payment().extract().path("providerReference");
    }

    private ValidatableResponse awaitPayment(String state) {
        await().atMost(LIMIT)
                .untilAsserted(() -> payment().statusCode(200).body("state", equalTo(state)));
        return payment();
    }

    private ValidatableResponse payment() {
        return given().get("/v1/payments/{id}", id).then();
    }

    private void awaitAnnounced(EventType... types) {
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(wire.events(PAYMENT_EVENTS, id.toString()))
                                .extracting(Envelope::type)
                                .containsExactly(types));
    }

    private double heard(String type, String outcome) {
        return metrics.counter("quadrille.provider.events", "type", type, "outcome", outcome)
                .count();
    }

    /// What the provider said that contradicts what is known.
    private double rejected() {
        return metrics.find("quadrille.decisions").tag("decision", "reject").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /// Whether this test's event is remembered.
    private long known() {
        return count("select count(*) from provider_events where id = $1", eventId);
    }

    private void execute(String sql) {
        assertThat(pool.preparedQuery(sql).execute(Tuple.of(id)).await().atMost(LIMIT).rowCount())
                .isEqualTo(1);
    }

    private long count(String sql, Object parameter) {
        var rows = pool.preparedQuery(sql).execute(Tuple.of(parameter)).await().atMost(LIMIT);
        return rows.size() == 0 ? 0 : ((Number) rows.iterator().next().getValue(0)).longValue();
    }
}
