package dev.quadrille.payment;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static dev.quadrille.contract.CancellationReason.PAYMENT_DECLINED;
import static dev.quadrille.contract.CancellationReason.TIMED_OUT;
import static dev.quadrille.contract.Topic.PAYMENT_EVENTS;
import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

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
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
class PaymentsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Wire wire = Wire.ofServiceUnderTest();
    private final UUID id = UUID.randomUUID();

    private final String provider =
            "http://localhost:" + TestStack.running().port("payment-sandbox.port");

    @Test
    void anAuthorizedPaymentIsHeldAndAnnounced() {
        place("pm_card_visa");
        var reserved = reserve();

        awaitPayment("AUTHORIZED")
                .body("orderId", equalTo(id.toString()))
                .body("amount.amountMinor", equalTo(900))
                .body("amount.currency", equalTo("EUR"))
                .body("captured.amountMinor", equalTo(0))
                .body("refunded.amountMinor", equalTo(0))
                .body("providerReference", startsWith("pi_"))
                .body("declineCode", nullValue());
        ledger().body("items", hasSize(1)).body("items[0].held", equalTo(900));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED);
        var announced = wire.events(PAYMENT_EVENTS, id.toString()).getFirst();
        assertThat(announced.sequence()).isEqualTo(3);
        assertThat(announced.causationId()).isEqualTo(reserved.id());
        assertThat(announced.event())
                .isInstanceOfSatisfying(
                        PaymentAuthorized.class,
                        authorized ->
                                assertThat(authorized.amount()).isEqualTo(new Money(900, "EUR")));
    }

    @Test
    void stockMayBeReservedBeforeTheOrderIsHeardOf() {
        reserve();
        awaitPayment("AWAITING_ORDER").body("amount", nullValue());

        place("pm_card_visa");

        awaitPayment("AUTHORIZED");
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED);
    }

    @Test
    void nothingIsAskedWhileTheStockIsNotReserved() {
        place("pm_card_visa");

        awaitPayment("AWAITING_STOCK").body("amount.amountMinor", equalTo(900));
        ledger().body("items", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_chargeDeclined, generic_decline",
        "pm_card_chargeDeclinedInsufficientFunds, insufficient_funds",
        "pm_of_nobody, payment_method_unknown"
    })
    void aDeclinedPaymentIsAnnouncedWithItsCode(String method, String code) {
        place(method);
        reserve();

        awaitPayment("DECLINED")
                .body("declineCode", equalTo(code))
                .body("providerReference", nullValue());
        awaitAnnounced(EventType.PAYMENT_DECLINED);
        assertThat(wire.events(PAYMENT_EVENTS, id.toString()).getFirst().event())
                .isEqualTo(new PaymentDeclined(id, code));

        cancel(PAYMENT_DECLINED);
        awaitOthers();
        awaitAnnounced(EventType.PAYMENT_DECLINED);
    }

    @Test
    void anAmountThatTheProviderCannotTakeIsDeclinedAndNotTriedForEver() {
        wire.announce(placed("pm_card_visa", new Money(100_000_000, "EUR")));
        reserve();

        awaitPayment("DECLINED").body("declineCode", equalTo("invalid_request"));
    }

    @Test
    void anAmountThatTheProviderCannotExpressIsDeclinedAndNotAskedFor() {
        wire.announce(placed("pm_card_visa", new Money(5_122, "KWD")));
        reserve();

        awaitPayment("DECLINED").body("declineCode", equalTo("currency_not_supported"));
        ledger().body("items", hasSize(0));
    }

    @Test
    void anAmountIsAskedForInTheProvidersUnit() {
        wire.announce(placed("pm_card_visa", new Money(250, "ISK")));
        reserve();

        awaitPayment("AUTHORIZED").body("amount.amountMinor", equalTo(500));
        ledger().body("items", hasSize(1)).body("items[0].held", equalTo(50_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_flaky", "pm_sandbox_slow", "pm_sandbox_timeout"})
    void anUnknownOutcomeIsAskedForUntilItIsKnownAndHoldsOnce(String method) {
        place(method);
        reserve();

        awaitPayment("AUTHORIZED");
        ledger().body("items", hasSize(1)).body("items[0].held", equalTo(900));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED);
    }

    @Test
    void aCancelledOrdersHoldIsLetGo() {
        place("pm_card_visa");
        reserve();
        awaitPayment("AUTHORIZED");

        var cancelled = cancel(CUSTOMER_REQUEST);

        awaitPayment("VOIDED").body("providerReference", startsWith("pi_"));
        ledger().body("items[0].held", equalTo(0)).body("items[0].voided", equalTo(900));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
        assertThat(wire.events(PAYMENT_EVENTS, id.toString()).getLast().causationId())
                .isEqualTo(cancelled.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_slow", "pm_sandbox_timeout"})
    void anOrderCancelledWhileTheProviderIsAskedIsVoidedOnceTheAnswerIsKnown(String method) {
        place(method);
        reserve();
        await().atMost(LIMIT).until(() -> attempts() > 0);

        cancel(TIMED_OUT);

        awaitPayment("VOIDING").body("providerReference", nullValue());
        awaitPayment("VOIDED");
        ledger().body("items[0].held", equalTo(0)).body("items[0].voided", equalTo(900));
        awaitAnnounced(EventType.PAYMENT_VOIDED);
    }

    @Test
    void aShippedOrdersHoldIsCaptured() {
        authorized("pm_card_visa");

        var shipped = ship();

        awaitPayment("CAPTURED")
                .body("captured.amountMinor", equalTo(900))
                .body("refunded.amountMinor", equalTo(0))
                .body("providerReference", startsWith("pi_"));
        ledger().body("items[0].captured", equalTo(900)).body("items[0].held", equalTo(0));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_CAPTURED);
        var announced = wire.events(PAYMENT_EVENTS, id.toString()).getLast();
        assertThat(announced.causationId()).isEqualTo(shipped.id());
        assertThat(announced.sequence()).isEqualTo(5);
        assertThat(announced.event()).isEqualTo(new PaymentCaptured(id, new Money(900, "EUR")));
    }

    @Test
    void aReturnedOrdersMoneyIsGivenBackOnce() {
        authorized("pm_card_visa");
        var shipped = ship();
        var returned = comeBack();
        wire.announce(shipped);
        wire.announce(returned);

        awaitPayment("REFUNDED")
                .body("captured.amountMinor", equalTo(900))
                .body("refunded.amountMinor", equalTo(900));
        awaitOthers();
        ledger().body("items", hasSize(1))
                .body("items[0].captured", equalTo(900))
                .body("items[0].refunded", equalTo(900));
        awaitAnnounced(
                EventType.PAYMENT_AUTHORIZED,
                EventType.PAYMENT_CAPTURED,
                EventType.PAYMENT_REFUNDED);
        assertThat(wire.events(PAYMENT_EVENTS, id.toString()).getLast().causationId())
                .isEqualTo(returned.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_capture_flaky", "pm_sandbox_capture_timeout"})
    void anUnknownCaptureIsSoughtUntilItIsKnownAndTakesOnce(String method) {
        authorized(method);

        ship();

        awaitPayment("CAPTURED");
        ledger().body("items", hasSize(1)).body("items[0].captured", equalTo(900));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_CAPTURED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_refund_timeout", "pm_sandbox_refund_fails"})
    void anUnknownOrFailedRefundGivesBackOnce(String method) {
        authorized(method);
        ship();
        awaitPayment("CAPTURED");

        comeBack();

        awaitPayment("REFUNDED");
        ledger().body("items", hasSize(1)).body("items[0].refunded", equalTo(900));
        awaitAnnounced(
                EventType.PAYMENT_AUTHORIZED,
                EventType.PAYMENT_CAPTURED,
                EventType.PAYMENT_REFUNDED);
    }

    @Test
    void whatIsLeftIsGivenBackAfterSomebodyGaveBackAPart() {
        authorized("pm_card_visa");
        ship();
        awaitPayment("CAPTURED");
        given().header("Authorization", "Bearer sk_test_quadrille")
                .contentType("application/x-www-form-urlencoded")
                .body("amount=400&payment_intent=" + reference())
                .post(provider + "/v1/refunds")
                .then()
                .statusCode(200);

        comeBack();

        awaitPayment("REFUNDED");
        ledger().body("items[0].captured", equalTo(900)).body("items[0].refunded", equalTo(900));
    }

    @ParameterizedTest
    @CsvSource({
        "pm_sandbox_timeout, authorize-query, authorized",
        "pm_sandbox_capture_timeout, capture-query, captured",
        "pm_sandbox_refund_timeout, refund-query, refunded"
    })
    void whatWasAskedBeforeIsLookedUpAndNotAskedAgain(String method, String errand, String found) {
        double before = calls(errand, found);
        double askedBefore = calls(errand.replace("-query", ""), found);

        authorized(method);
        ship();
        comeBack();

        awaitPayment("REFUNDED");
        assertThat(calls(errand, found)).isEqualTo(before + 1);
        assertThat(calls(errand.replace("-query", ""), found)).isEqualTo(askedBefore);
    }

    @Test
    void aHoldThatLapsedIsLearnedByTheCaptureAndNothingIsTaken() {
        authorized("pm_card_visa");
        given().post(provider + "/sandbox/intents/{id}/lapse", reference()).then().statusCode(200);

        ship();

        awaitPayment("VOIDED").body("captured.amountMinor", equalTo(0));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
        comeBack();
        awaitOthers();
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
    }

    @Test
    void aHoldThatSomebodyCapturedIsGivenBackWhenItIsToBeLetGo() {
        authorized("pm_card_visa");
        given().header("Authorization", "Bearer sk_test_quadrille")
                .post(provider + "/v1/payment_intents/{id}/capture", reference())
                .then()
                .statusCode(200);

        cancel(CUSTOMER_REQUEST);

        awaitPayment("REFUNDED");
        ledger().body("items[0].captured", equalTo(900)).body("items[0].refunded", equalTo(900));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_REFUNDED);
    }

    @Test
    void whatComesAfterACancellationBeginsNothing() {
        cancel(TIMED_OUT);
        awaitPayment("CANCELLED").body("amount", nullValue());

        place("pm_card_visa");
        reserve();
        awaitOthers();

        awaitPayment("CANCELLED");
        ledger().body("items", hasSize(0));
        awaitAnnounced(EventType.PAYMENT_VOIDED);
    }

    @Test
    void anOrderWithoutStockEndsInSilence() {
        place("pm_card_visa");
        cancel(OUT_OF_STOCK);

        awaitPayment("CANCELLED").body("amount.amountMinor", equalTo(900));
        awaitOthers();
        awaitAnnounced();
    }

    @Test
    void eventsThatComeAgainHaveOneEffect() {
        var placed = place("pm_card_visa");
        var reserved = reserve();
        for (int i = 0; i < 2; i++) {
            wire.announce(placed);
            wire.announce(reserved);
        }
        awaitPayment("AUTHORIZED");
        var cancelled = cancel(CUSTOMER_REQUEST);
        wire.announce(cancelled);
        wire.announce(placed);

        awaitPayment("VOIDED");
        awaitOthers();
        ledger().body("items", hasSize(1));
        awaitAnnounced(EventType.PAYMENT_AUTHORIZED, EventType.PAYMENT_VOIDED);
    }

    @Test
    void anErrandThatADeadProcessHadLeasedIsDoneByAnother() {
        place("pm_card_visa");
        reserve();
        awaitPayment("AUTHORIZED");
        String reference = payment().extract().path("providerReference");

        // As if it had asked, and died before the answer.
        execute(
                """
                update payments set state = 'AUTHORIZING', payment_method = 'pm_card_visa',
                    provider_reference = null, work = 'AUTHORIZE', attempts = 1,
                    work_due_at = now() + interval '1 second'
                where order_id = $1
                """);

        awaitPayment("AUTHORIZING");
        awaitPayment("AUTHORIZED").body("providerReference", equalTo(reference));
        ledger().body("items", hasSize(1));
    }

    @Test
    void theTokenIsForgottenOnceTheAnswerIsKnown() {
        place("pm_card_visa");
        awaitPayment("AWAITING_STOCK");
        assertThat(rows("payment_method = 'pm_card_visa'")).isEqualTo(1);
        reserve();

        var shown = awaitPayment("AUTHORIZED").extract().asString();

        assertThat(shown).doesNotContain("pm_");
        assertThat(rows("payment_method is null")).isEqualTo(1);
    }

    @Test
    void aPaymentThatIsNotThereIsNotFound() {
        for (var unknown : List.of(id.toString(), "nonsense")) {
            given().get("/v1/payments/{id}", unknown)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json")
                    .body("type", equalTo("/problems/not-found"));
        }
    }

    private Envelope<OrderPlaced> place(String method) {
        return wire.announce(placed(method, new Money(450, "EUR")));
    }

    private OrderPlaced placed(String method, Money unitPrice) {
        var now = Instant.now();
        return new OrderPlaced(
                id,
                new Customer("c-1", new EmailAddress("ada@example.com")),
                List.of(new OrderLine("TEA-01", "Green tea", 2, unitPrice)),
                unitPrice.times(2),
                new PaymentMethod(method),
                now,
                now.plusSeconds(120));
    }

    private Envelope<StockReserved> reserve() {
        return wire.announce(new StockReserved(id, List.of(new StockLine("TEA-01", 2))));
    }

    private void authorized(String method) {
        place(method);
        reserve();
        awaitPayment("AUTHORIZED");
    }

    private Envelope<OrderShipped> ship() {
        return wire.announce(new OrderShipped(id, "DHL", "1"));
    }

    private Envelope<OrderReturned> comeBack() {
        return wire.announce(new OrderReturned(id, "broken"));
    }

    private String reference() {
        return payment().extract().path("providerReference");
    }

    private static double calls(String errand, String outcome) {
        var sample =
                "quadrille_provider_calls_seconds_count{errand=\"%s\",outcome=\"%s\"} "
                        .formatted(errand, outcome);
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(sample))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length())))
                .sum();
    }

    private Envelope<OrderCancelled> cancel(CancellationReason reason) {
        return wire.announce(new OrderCancelled(id, reason));
    }

    private ValidatableResponse awaitPayment(String state) {
        await().atMost(LIMIT)
                .untilAsserted(() -> payment().statusCode(200).body("state", equalTo(state)));
        return payment();
    }

    private ValidatableResponse payment() {
        return given().get("/v1/payments/{id}", id).then();
    }

    private ValidatableResponse ledger() {
        return given().queryParam("orderId", id.toString())
                .get(provider + "/sandbox/ledger")
                .then()
                .statusCode(200);
    }

    private void awaitAnnounced(EventType... types) {
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(wire.events(PAYMENT_EVENTS, id.toString()))
                                .extracting(Envelope::type)
                                .containsExactly(types));
    }

    /// Waits until what was announced before has had its effect, and what came of that is on Kafka:
    /// on each partition something that came later is.
    private void awaitOthers() {
        var others = Stream.generate(() -> UUID.randomUUID().toString()).limit(24).toList();
        others.forEach(
                other -> wire.announce(new OrderCancelled(UUID.fromString(other), TIMED_OUT)));
        await().atMost(LIMIT)
                .until(() ->
                        wire.records(PAYMENT_EVENTS).stream()
                                .map(ConsumerRecord::key)
                                .collect(toSet())
                                .containsAll(others));
    }

    private long attempts() {
        return number("select coalesce(max(attempts), 0) from payments where order_id = $1");
    }

    private long rows(String where) {
        return number("select count(*) from payments where order_id = $1 and " + where);
    }

    private long number(String sql) {
        try (var database = ServiceOnStack.database();
                var statement = database.createStatement();
                var rows = statement.executeQuery(about(sql))) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (var database = ServiceOnStack.database();
                var statement = database.createStatement()) {
            assertThat(statement.executeUpdate(about(sql))).isEqualTo(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String about(String sql) {
        return sql.replace("$1", "'" + id + "'::uuid");
    }
}
