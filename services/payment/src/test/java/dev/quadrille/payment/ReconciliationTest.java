package dev.quadrille.payment;

import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.payment.adapter.postgres.Reconciliations;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The comparison with the provider, on request and by itself.
@QuarkusTest
@TestProfile(ReconciliationTest.Often.class)
@QuarkusTestResource(ServiceOnStack.class)
class ReconciliationTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    public static final class Often implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(OwnSandbox.class));
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quadrille.payment.reconciliation.every", "PT1S");
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();
    private final UUID id = UUID.randomUUID();

    @Inject Pool pool;
    @Inject Transactions transactions;
    @Inject Reconciliations reconciliations;
    @Inject MeterRegistry metrics;

    @ConfigProperty(name = "quadrille.payment.provider.url")
    String provider;

    @Test
    void paymentsThatAgreeAreNoDifferences() {
        place("pm_card_visa");
        settle("AUTHORIZED");
        wire.announce(new OrderShipped(id, "DHL", "1"));
        settle("CAPTURED");
        wire.announce(new OrderReturned(id, "broken"));
        settle("REFUNDED");
    }

    @Test
    void aVoidedPaymentAgreesToo() {
        place("pm_card_visa");
        settle("AUTHORIZED");

        wire.announce(new OrderCancelled(id, CancellationReason.CUSTOMER_REQUEST));

        settle("VOIDED");
    }

    @Test
    void aDeclinedPaymentAgreesWithAnIntentThatHoldsNothing() {
        place("pm_card_chargeDeclined");

        settle("DECLINED");
    }

    @Test
    void anIntentOfAnOrderThatIsNotKnownIsMissingHere() {
        var intent = hold(900, "eur");

        var found = differences().get("MISSING_HERE");

        assertThat(found).containsEntry("orderId", id.toString());
        assertThat(found).containsEntry("providerReference", intent);
        assertThat(found.get("ours")).isNull();
        assertThat(found)
                .extractingByKey("theirs")
                .hasToString(
                        "{status=requires_capture, amount={amountMinor=900, currency=EUR},"
                                + " captured={amountMinor=0, currency=EUR},"
                                + " refunded={amountMinor=0, currency=EUR}}");
    }

    @Test
    void aSecondHoldIsReportedBesideThePayments() {
        place("pm_card_visa");
        settle("AUTHORIZED");

        var second = hold(500, "eur");

        var found = differences();
        assertThat(found).containsOnlyKeys("SECOND_HOLD");
        assertThat(found.get("SECOND_HOLD")).containsEntry("providerReference", second);
    }

    @Test
    void anIntentThatTheProviderDoesNotShowIsMissingThere() {
        place("pm_card_visa");
        settle("AUTHORIZED");

        change("provider_reference = 'pi_gone', first_asked_at = now() - interval '1 hour'");

        var found = differences();
        assertThat(found).containsOnlyKeys("SECOND_HOLD", "MISSING_THERE");
        assertThat(found.get("MISSING_THERE")).containsEntry("providerReference", "pi_gone");
        assertThat(found.get("MISSING_THERE").get("theirs")).isNull();
    }

    @Test
    void anotherAmountAndAnotherStateAreReported() {
        place("pm_card_visa");
        settle("AUTHORIZED");

        change("amount_minor = 901");
        assertThat(differences()).containsOnlyKeys("AMOUNT");
        change("amount_minor = 900, state = 'CAPTURED'");

        var found = differences();
        assertThat(found).containsOnlyKeys("STATE");
        assertThat(found.get("STATE").toString())
                .contains("state=CAPTURED", "status=requires_capture");
    }

    @Test
    void whatHasJustChangedIsNoDifferenceYet() {
        place("pm_card_visa");
        settle("AUTHORIZED");
        change("state = 'CAPTURED'");
        execute("update payments set changed_at = now() where order_id = $1");

        assertThat(differences()).isEmpty();
    }

    @Test
    void aLongListIsReadPageByPage() {
        for (int i = 0; i < 130; i++) {
            hold(100 + i, "eur");
        }

        var found = reconcile("PT1H");

        assertThat(found.getBoolean("complete")).isTrue();
        assertThat(found.getInt("compared")).isGreaterThanOrEqualTo(130);
        assertThat(found.getList("differences.findAll { it.orderId == '" + id + "' }"))
                .hasSize(130);
    }

    @Test
    void itIsDoneByItselfAndShownAsAGauge() {
        double before = gauge("missing-here");

        hold(900, "eur");

        await().atMost(LIMIT)
                .until(() -> gauge("missing-here") >= (Double.isNaN(before) ? 1 : before + 1));
        assertThat(gauge("amount")).isNotNaN();
    }

    @Test
    void aComparisonThatCameToNothingIsDueSoonerAndNeverLater() {
        var now = Instant.parse("2126-11-21T10:00:00Z");
        var inAnHour = now.plus(Duration.ofHours(1));
        var soon = now.plus(Duration.ofMinutes(5));

        var due =
                transactions
                        .run(transaction -> {
                            transaction.undo();
                            return reconciliations
                                    .claim(transaction, now, inAnHour)
                                    .chain(() -> reconciliations.bringForward(transaction, soon))
                                    .chain(() ->
                                            reconciliations.bringForward(transaction, inAnHour))
                                    .chain(() ->
                                            transaction.run("select due_at from reconciliations"));
                        })
                        .await()
                        .atMost(LIMIT);

        assertThat(due.iterator().next().getOffsetDateTime("due_at").toInstant()).isEqualTo(soon);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "PT0S", "-PT1H", "P32D", "2026-11-21T10:00:00Z"})
    void theWindowIsADurationWithinBounds(String since) {
        given().queryParam("since", since)
                .get("/v1/ops/reconciliation")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("violations[0].field", equalTo("since"));
    }

    /// Waits for the state, lets the payment age, and expects no difference.
    private void settle(String state) {
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        given().get("/v1/payments/{id}", id)
                                .then()
                                .statusCode(200)
                                .body("state", equalTo(state)));
        change("version = version");
        assertThat(differences()).isEmpty();
    }

    /// This order's.
    private Map<String, Map<String, Object>> differences() {
        List<Map<String, Object>> all = reconcile("PT24H").getList("differences");
        return all.stream()
                .filter(each -> each.get("orderId").equals(id.toString()))
                .collect(toMap(each -> (String) each.get("difference"), each -> each));
    }

    /// Between those that are done by itself.
    private JsonPath reconcile(String since) {
        return await().atMost(LIMIT)
                .until(
                        () -> given().queryParam("since", since).get("/v1/ops/reconciliation"),
                        response -> response.statusCode() != 409)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private void place(String method) {
        wire.announce(placed(method));
        wire.announce(new StockReserved(id, List.of(new StockLine("TEA-01", 2))));
    }

    private OrderPlaced placed(String method) {
        var now = Instant.now();
        return new OrderPlaced(
                id,
                new Customer("c-1", new EmailAddress("ada@example.com")),
                List.of(new OrderLine("TEA-01", "Tea", 2, new Money(450, "EUR"))),
                new Money(900, "EUR"),
                new PaymentMethod(method),
                now,
                now.plusSeconds(120));
    }

    /// By somebody else, for this order.
    private String hold(int amountMinor, String currency) {
        return given().header("Authorization", "Bearer sk_test_quadrille")
                .contentType("application/x-www-form-urlencoded")
                .body(
                        "amount=%d&currency=%s&confirm=true&capture_method=manual&payment_method=pm_card_visa&metadata[orderId]=%s"
                                .formatted(amountMinor, currency, id))
                .post(provider + "/v1/payment_intents")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private double gauge(String difference) {
        return metrics.get("quadrille.payment.differences")
                .tag("difference", difference)
                .gauge()
                .value();
    }

    private void change(String columns) {
        execute(
                "update payments set changed_at = now() - interval '1 hour', "
                        + columns
                        + " where order_id = $1");
    }

    private void execute(String sql) {
        assertThat(pool.preparedQuery(sql).execute(Tuple.of(id)).await().atMost(LIMIT).rowCount())
                .isEqualTo(1);
    }
}
