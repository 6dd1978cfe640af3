package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.Sandbox.INTENTS;
import static dev.quadrille.sandbox.Sandbox.REFUNDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.sandbox.Sandbox.Got;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeApiTest {

    @TempDir Path folder;
    private Sandbox sandbox;

    @BeforeEach
    void start() throws Exception {
        sandbox = Sandbox.in(folder);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aHoldHasTheShapeOfStripesIntent() {
        Got hold =
                sandbox.post(
                        INTENTS,
                        "amount=1250",
                        "currency=EUR",
                        "payment_method=pm_card_visa",
                        "confirm=true",
                        "capture_method=manual",
                        "description=two teas",
                        "metadata[orderId]=o-1",
                        "metadata[note]=grün & bunt");

        assertThat(hold.status()).isEqualTo(200);
        assertThat(hold.id()).matches("pi_[0-9A-Za-z]{24}");
        assertThat(hold.text("/object")).isEqualTo("payment_intent");
        assertThat(hold.text("/status")).isEqualTo("requires_capture");
        assertThat(hold.number("/amount")).isEqualTo(1250);
        assertThat(hold.number("/amount_capturable")).isEqualTo(1250);
        assertThat(hold.number("/amount_received")).isZero();
        assertThat(hold.text("/currency")).isEqualTo("eur");
        assertThat(hold.text("/capture_method")).isEqualTo("manual");
        assertThat(hold.text("/client_secret")).startsWith(hold.id() + "_secret_");
        assertThat(hold.number("/created")).isEqualTo(sandbox.clock.instant().getEpochSecond());
        assertThat(hold.text("/latest_charge")).matches("ch_[0-9A-Za-z]{24}");
        assertThat(hold.body().path("livemode").isBoolean()).isTrue();
        assertThat(hold.body().path("livemode").booleanValue()).isFalse();
        assertThat(hold.text("/description")).isEqualTo("two teas");
        assertThat(hold.text("/metadata/orderId")).isEqualTo("o-1");
        assertThat(hold.text("/metadata/note")).isEqualTo("grün & bunt");
        assertThat(hold.text("/payment_method")).isEqualTo("pm_card_visa");
        assertThat(
                        Stream.of(
                                "canceled_at",
                                "cancellation_reason",
                                "last_payment_error",
                                "customer",
                                "next_action"))
                .allMatch(name -> hold.body().path(name).isNull());
        assertThat(sandbox.get(INTENTS + "/" + hold.id()).body()).isEqualTo(hold.body());
    }

    @Test
    void aListMayBeOfThoseCreatedSince() {
        sandbox.hold(100, "o-1");
        sandbox.clock.advance(Duration.ofSeconds(10));
        long since = sandbox.clock.instant().getEpochSecond();
        String second = sandbox.hold(100, "o-2").id();
        sandbox.clock.advance(Duration.ofSeconds(10));
        String third = sandbox.hold(100, "o-3").id();

        Got both = sandbox.get(INTENTS + "?created%5Bgte%5D=" + since);
        Got newest = sandbox.get(INTENTS + "?limit=1&created%5Bgte%5D=" + since);
        Got rest =
                sandbox.get(
                        INTENTS + "?limit=1&starting_after=" + third + "&created[gte]=" + since);

        assertThat(both.body().findValuesAsText("id")).containsExactly(third, second);
        assertThat(both.body().path("has_more").asBoolean()).isFalse();
        assertThat(newest.body().findValuesAsText("id")).containsExactly(third);
        assertThat(newest.body().path("has_more").asBoolean()).isTrue();
        assertThat(rest.body().findValuesAsText("id")).containsExactly(second);
        assertThat(rest.body().path("has_more").asBoolean()).isFalse();
    }

    @Test
    void aSearchFindsTheIntentsOfAnOrder() {
        String one = sandbox.hold(100, "o-1").id();
        sandbox.hold(100, "o-2");
        String other = sandbox.hold(200, "o-1").id();
        sandbox.post(INTENTS + "/" + other + "/cancel");

        Got found = search("metadata['orderId']:'o-1'");
        Got held = search("status:\"requires_capture\" AND metadata[\"orderId\"]:\"o-1\"");

        assertThat(found.text("/object")).isEqualTo("search_result");
        assertThat(found.text("/url")).isEqualTo(INTENTS + "/search");
        assertThat(found.body().path("has_more").asBoolean()).isFalse();
        assertThat(found.body().path("data").findValuesAsText("id")).containsExactly(other, one);
        assertThat(held.body().path("data").findValuesAsText("id")).containsExactly(one);
        assertThat(search("metadata['orderId']:'o-3'").body().path("data")).isEmpty();
        assertThat(search("amount>10").status()).isEqualTo(400);
        assertThat(search("amount>10").text("/error/param")).isEqualTo("query");
        assertThat(sandbox.get(INTENTS + "/search").text("/error/code"))
                .isEqualTo("parameter_missing");
    }

    @Test
    void aChargeIsShownWholeOnRequest() {
        Got hold = sandbox.hold(1_000, "o-1");
        String path = INTENTS + "/" + hold.id() + "?expand[]=latest_charge";

        Got held = sandbox.get(path);
        sandbox.post(INTENTS + "/" + hold.id() + "/capture");
        sandbox.post(REFUNDS, "payment_intent=" + hold.id(), "amount=400");
        Got refunded = sandbox.get(path);
        Got listed = sandbox.get(INTENTS + "?expand[]=data.latest_charge");

        assertThat(held.text("/latest_charge/id")).isEqualTo(hold.text("/latest_charge"));
        assertThat(held.body().at("/latest_charge/captured").asBoolean()).isFalse();
        assertThat(refunded.body().at("/latest_charge/captured").asBoolean()).isTrue();
        assertThat(refunded.number("/latest_charge/amount_captured")).isEqualTo(1_000);
        assertThat(refunded.number("/latest_charge/amount_refunded")).isEqualTo(400);
        assertThat(refunded.body().at("/latest_charge/refunded").asBoolean()).isFalse();
        assertThat(listed.body().at("/data/0")).isEqualTo(refunded.body());
        assertThat(sandbox.get(INTENTS + "?expand[]=customer").status()).isEqualTo(400);
    }

    @Test
    void aHoldThatWasLetGoShowsARefundOfWhatWasNeverCaptured() {
        Got hold = sandbox.hold(1_000, "o-1");
        sandbox.post(INTENTS + "/" + hold.id() + "/cancel");

        Got canceled = sandbox.get(INTENTS + "/" + hold.id() + "?expand[]=latest_charge");

        assertThat(canceled.body().at("/latest_charge/captured").asBoolean()).isFalse();
        assertThat(canceled.body().at("/latest_charge/refunded").asBoolean()).isTrue();
        assertThat(canceled.number("/latest_charge/amount_refunded")).isEqualTo(1_000);
    }

    @Test
    void aHoldLapsesOnDemandAndOnlyAHold() {
        Got hold = sandbox.hold(1_000, "o-1");

        Got lapsed = sandbox.post("/sandbox/intents/" + hold.id() + "/lapse");
        Got again = sandbox.post("/sandbox/intents/" + hold.id() + "/lapse");
        Got captured = sandbox.post(INTENTS + "/" + hold.id() + "/capture");

        assertThat(lapsed.text("/status")).isEqualTo("canceled");
        assertThat(lapsed.text("/cancellation_reason")).isEqualTo("automatic");
        assertThat(again.text("/error/code")).isEqualTo("payment_intent_unexpected_state");
        assertThat(captured.text("/error/code")).isEqualTo("payment_intent_unexpected_state");
        assertThat(captured.text("/error/payment_intent/status")).isEqualTo("canceled");
        assertThat(sandbox.ledger("o-1").toString()).isEqualTo(ledgerOf(hold.id(), 0, 0, 0, 1_000));
        assertThat(sandbox.post("/sandbox/intents/pi_no/lapse").status()).isEqualTo(404);
        assertThat(
                        sandbox.post(
                                        INTENTS + "/" + sandbox.hold(5, "o-2").id() + "/cancel",
                                        "cancellation_reason=automatic")
                                .status())
                .isEqualTo(400);
    }

    @Test
    void theRefundsOfAnIntentAreListedNewestFirst() {
        Got hold = sandbox.hold(1_000, "o-1");
        sandbox.post(INTENTS + "/" + hold.id() + "/capture");
        String first = sandbox.post(REFUNDS, "payment_intent=" + hold.id(), "amount=400").id();
        String second = sandbox.post(REFUNDS, "payment_intent=" + hold.id(), "amount=600").id();

        Got all = sandbox.get(REFUNDS + "?payment_intent=" + hold.id());
        Got newest = sandbox.get(REFUNDS + "?limit=1&payment_intent=" + hold.id());

        assertThat(all.text("/object")).isEqualTo("list");
        assertThat(all.body().path("data").findValuesAsText("id")).containsExactly(second, first);
        assertThat(all.text("/data/0/status")).isEqualTo("succeeded");
        assertThat(newest.body().path("data").findValuesAsText("id")).containsExactly(second);
        assertThat(newest.body().path("has_more").asBoolean()).isTrue();
        assertThat(sandbox.get(REFUNDS + "?payment_intent=pi_no").status()).isEqualTo(404);
    }

    @Test
    void aRefundMayFailAtTheBankAndAFurtherOneSucceeds() {
        Got paid =
                sandbox.post(
                        INTENTS,
                        "amount=500",
                        "currency=eur",
                        "confirm=true",
                        "metadata[orderId]=o-1",
                        "payment_method=pm_sandbox_refund_fails");

        Got failed = sandbox.postWithKey("k1", REFUNDS, "payment_intent=" + paid.id());
        Got same = sandbox.postWithKey("k1", REFUNDS, "payment_intent=" + paid.id());
        Got further = sandbox.postWithKey("k2", REFUNDS, "payment_intent=" + paid.id());

        assertThat(failed.text("/status")).isEqualTo("failed");
        assertThat(same.body()).isEqualTo(failed.body());
        assertThat(further.text("/status")).isEqualTo("succeeded");
        assertThat(sandbox.ledger("o-1").toString()).isEqualTo(ledgerOf(paid.id(), 0, 500, 500, 0));
    }

    private Got search(String query) {
        return sandbox.get(
                INTENTS + "/search?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }

    @Test
    void anIntentIsMadeConfirmedAndCapturedStepByStep() {
        Got made = sandbox.post(INTENTS, "amount=500", "currency=usd", "capture_method=manual");
        Got confirmed =
                sandbox.post(
                        INTENTS + "/" + made.id() + "/confirm",
                        "payment_method=pm_card_mastercard");
        Got captured = sandbox.post(INTENTS + "/" + made.id() + "/capture");

        assertThat(made.text("/status")).isEqualTo("requires_payment_method");
        assertThat(confirmed.text("/status")).isEqualTo("requires_capture");
        assertThat(captured.text("/status")).isEqualTo("succeeded");
        assertThat(captured.number("/amount_received")).isEqualTo(500);
        assertThat(captured.number("/amount_capturable")).isZero();
        assertThat(captured.text("/latest_charge")).isEqualTo(confirmed.text("/latest_charge"));
    }

    @Test
    void anIntentWithAMethodWaitsForItsConfirmation() {
        Got made =
                sandbox.post(INTENTS, "amount=500", "currency=usd", "payment_method=pm_card_visa");
        Got confirmed = sandbox.post(INTENTS + "/" + made.id() + "/confirm");

        assertThat(made.text("/status")).isEqualTo("requires_confirmation");
        assertThat(made.body().path("latest_charge").isNull()).isTrue();
        assertThat(confirmed.text("/status")).isEqualTo("succeeded");
        assertThat(confirmed.number("/amount_received")).isEqualTo(500);
    }

    @Test
    void aPartialCaptureLetsTheRestGo() {
        Got hold = sandbox.hold(1_000, "o-1");

        Got captured =
                sandbox.post(INTENTS + "/" + hold.id() + "/capture", "amount_to_capture=600");

        assertThat(captured.text("/status")).isEqualTo("succeeded");
        assertThat(captured.number("/amount")).isEqualTo(1_000);
        assertThat(captured.number("/amount_received")).isEqualTo(600);
        assertThat(sandbox.ledger("o-1").toString()).isEqualTo(ledgerOf(hold.id(), 0, 600, 0, 400));
    }

    @Test
    void moreThanTheHoldIsNotCaptured() {
        Got hold = sandbox.hold(1_000, "o-1");

        Got refused =
                sandbox.post(INTENTS + "/" + hold.id() + "/capture", "amount_to_capture=1001");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/code")).isEqualTo("amount_too_large");
        assertThat(sandbox.ledger("o-1").toString()).isEqualTo(ledgerOf(hold.id(), 1_000, 0, 0, 0));
    }

    @Test
    void aCanceledHoldIsLetGo() {
        Got hold = sandbox.hold(1_000, "o-1");

        Got canceled =
                sandbox.post(
                        INTENTS + "/" + hold.id() + "/cancel",
                        "cancellation_reason=requested_by_customer");

        assertThat(canceled.text("/status")).isEqualTo("canceled");
        assertThat(canceled.number("/canceled_at"))
                .isEqualTo(sandbox.clock.instant().getEpochSecond());
        assertThat(canceled.text("/cancellation_reason")).isEqualTo("requested_by_customer");
        assertThat(canceled.number("/amount_capturable")).isZero();
        assertThat(canceled.text("/latest_charge")).isEqualTo(hold.text("/latest_charge"));
        assertThat(sandbox.ledger("o-1").toString()).isEqualTo(ledgerOf(hold.id(), 0, 0, 0, 1_000));
    }

    @Test
    void refundsAddUpToWhatWasCapturedAndNoFurther() {
        Got hold = sandbox.hold(1_000, "o-1");
        sandbox.post(INTENTS + "/" + hold.id() + "/capture", "amount_to_capture=900");

        Got part =
                sandbox.post(
                        REFUNDS,
                        "payment_intent=" + hold.id(),
                        "amount=300",
                        "reason=requested_by_customer",
                        "metadata[why]=late");
        Got tooMuch = sandbox.post(REFUNDS, "payment_intent=" + hold.id(), "amount=601");
        Got rest = sandbox.post(REFUNDS, "payment_intent=" + hold.id());
        Got nothingLeft = sandbox.post(REFUNDS, "payment_intent=" + hold.id(), "amount=1");

        assertThat(part.id()).matches("re_[0-9A-Za-z]{24}");
        assertThat(part.text("/object")).isEqualTo("refund");
        assertThat(part.text("/status")).isEqualTo("succeeded");
        assertThat(part.number("/amount")).isEqualTo(300);
        assertThat(part.text("/charge")).isEqualTo(hold.text("/latest_charge"));
        assertThat(part.text("/payment_intent")).isEqualTo(hold.id());
        assertThat(part.text("/reason")).isEqualTo("requested_by_customer");
        assertThat(part.text("/metadata/why")).isEqualTo("late");
        assertThat(sandbox.get(REFUNDS + "/" + part.id()).body()).isEqualTo(part.body());
        assertThat(tooMuch.status()).isEqualTo(400);
        assertThat(tooMuch.text("/error/param")).isEqualTo("amount");
        assertThat(rest.number("/amount")).isEqualTo(600);
        assertThat(nothingLeft.text("/error/code")).isEqualTo("charge_already_refunded");
        assertThat(sandbox.ledger("o-1").toString())
                .isEqualTo(ledgerOf(hold.id(), 0, 900, 900, 100));
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_chargeDeclined, generic_decline, Your card was declined.",
        "pm_card_chargeDeclinedInsufficientFunds, insufficient_funds,"
                + " Your card has insufficient funds."
    })
    void aDeclineIsA402WithTheIntentInIt(String method, String declineCode, String message) {
        Got declined =
                sandbox.post(
                        INTENTS,
                        "amount=500",
                        "currency=eur",
                        "confirm=true",
                        "capture_method=manual",
                        "payment_method=" + method,
                        "metadata[orderId]=o-1");

        assertThat(declined.status()).isEqualTo(402);
        assertThat(declined.text("/error/type")).isEqualTo("card_error");
        assertThat(declined.text("/error/code")).isEqualTo("card_declined");
        assertThat(declined.text("/error/decline_code")).isEqualTo(declineCode);
        assertThat(declined.text("/error/message")).isEqualTo(message);
        assertThat(declined.text("/error/payment_intent/status"))
                .isEqualTo("requires_payment_method");
        assertThat(declined.text("/error/payment_intent/last_payment_error/decline_code"))
                .isEqualTo(declineCode);
        String id = declined.text("/error/payment_intent/id");
        assertThat(sandbox.get(INTENTS + "/" + id).body())
                .isEqualTo(declined.body().at("/error/payment_intent"));
        assertThat(sandbox.ledger("o-1").toString()).isEqualTo(ledgerOf(id, 0, 0, 0, 0));
    }

    @Test
    void theWrongStateIsToldWithTheIntentInTheError() {
        Got hold = sandbox.hold(1_000, "o-1");
        sandbox.post(INTENTS + "/" + hold.id() + "/cancel");

        Stream.of("/capture", "/cancel", "/confirm")
                .forEach(action -> {
                    Got refused = sandbox.post(INTENTS + "/" + hold.id() + action);

                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.text("/error/code"))
                            .isEqualTo("payment_intent_unexpected_state");
                    assertThat(refused.text("/error/payment_intent/status")).isEqualTo("canceled");
                });
        Got refund = sandbox.post(REFUNDS, "payment_intent=" + hold.id());
        assertThat(refund.text("/error/code")).isEqualTo("payment_intent_unexpected_state");
    }

    @Test
    void unknownIdsAreMissingResources() {
        Got intent = sandbox.get(INTENTS + "/pi_none");
        Got capture = sandbox.post(INTENTS + "/pi_none/capture");
        Got refund = sandbox.get(REFUNDS + "/re_none");
        Got refunding = sandbox.post(REFUNDS, "payment_intent=pi_none");

        assertMissing(intent, 404, "intent");
        assertMissing(capture, 404, "intent");
        assertMissing(refund, 404, "refund");
        assertMissing(refunding, 404, "payment_intent");
        assertThat(intent.text("/error/message")).isEqualTo("No such payment_intent: 'pi_none'");
    }

    @Test
    void anUnknownPaymentMethodIsAMissingResource() {
        Got refused = sandbox.post(INTENTS, "amount=1", "currency=eur", "payment_method=pm_mine");

        assertMissing(refused, 400, "payment_method");
        assertThat(refused.text("/error/message")).isEqualTo("No such PaymentMethod: 'pm_mine'");
    }

    @ParameterizedTest
    @CsvSource({
        "currency=eur,                            parameter_missing,         amount",
        "amount=5,                                parameter_missing,         currency",
        "amount=0&currency=eur,                   parameter_invalid_integer, amount",
        "amount=-1&currency=eur,                  parameter_invalid_integer, amount",
        "amount=1.5&currency=eur,                 parameter_invalid_integer, amount",
        "amount=99999999999999999999&currency=eur,parameter_invalid_integer, amount",
        "amount=100000000&currency=eur,           amount_too_large,          amount",
        "amount=&currency=eur,                    parameter_invalid_empty,   amount",
        "amount=5&currency=eur&colour=red,        parameter_unknown,         colour",
        "amount=5&currency=eur&metadata=x,        parameter_unknown,         metadata",
        "amount=5&currency=eur&metadata[a][b]=x,  parameter_unknown,         metadata[a][b]",
        "amount=5&currency=zzz,                   ,                          currency",
        "amount=5&currency=eur&confirm=yes,       ,                          confirm",
        "amount=5&currency=eur&capture_method=x,  ,                          capture_method",
        "amount=5&currency=eur&amount=6,          ,                          amount",
        "amount=5&currency=eur&confirm=true,      payment_intent_unexpected_state, payment_method"
    })
    void whatIsWrongWithAParameterIsSaidWithItsName(String form, String code, String param) {
        Got refused = sandbox.send(raw(form));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(refused.body().at("/error/code").asText(null)).isEqualTo(code);
        assertThat(refused.text("/error/param")).isEqualTo(param);
        assertThat(sandbox.get(INTENTS).body().path("data")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"amount=%zz", "amount=%", "description=%ff%fe&amount=5&currency=eur"})
    void whatCannotBeReadIsRefused(String form) {
        Got refused = sandbox.send(raw(form));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/message")).contains("cannot be read");
    }

    @Test
    void jsonIsNotForm() {
        Got refused =
                sandbox.send(
                        HttpRequest.newBuilder(sandbox.at(INTENTS))
                                .header("Authorization", "Bearer " + Sandbox.KEY)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"amount\":5}")));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/message")).contains("application/x-www-form-urlencoded");
    }

    @Test
    void tooMuchMetadataIsRefused() {
        Got longKey =
                sandbox.post(
                        INTENTS, "amount=5", "currency=eur", "metadata[" + "k".repeat(41) + "]=v");
        Got longValue =
                sandbox.post(INTENTS, "amount=5", "currency=eur", "metadata[k]=" + "v".repeat(501));
        String many =
                Stream.iterate(0, i -> i + 1)
                        .limit(51)
                        .map(i -> "&metadata[k" + i + "]=v")
                        .reduce("amount=5&currency=eur", String::concat);

        assertThat(longKey.status()).isEqualTo(400);
        assertThat(longValue.status()).isEqualTo(400);
        assertThat(sandbox.send(raw(many)).status()).isEqualTo(400);
    }

    @Test
    void whatStripeWantsToKnowAboutAConfirmationIsTaken() {
        Got hold =
                sandbox.post(
                        INTENTS,
                        "amount=5",
                        "currency=eur",
                        "confirm=true",
                        "payment_method=pm_card_visa",
                        "payment_method_types[]=card",
                        "automatic_payment_methods[enabled]=true",
                        "automatic_payment_methods[allow_redirects]=never",
                        "off_session=true",
                        "error_on_requires_action=true",
                        "return_url=https://shop.example");

        assertThat(hold.status()).isEqualTo(200);
    }

    @Test
    void aBodyOver64KiBIsRefused() {
        Got refused = sandbox.send(raw("description=" + "x".repeat(200_000)));
        Got fits = sandbox.send(raw("amount=5&currency=eur&description=" + "x".repeat(60_000)));

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(fits.status()).isEqualTo(200);
    }

    @Test
    void theListIsNewestFirstAndPaged() {
        String first = sandbox.hold(1, "o-1").id();
        String second = sandbox.hold(2, "o-2").id();
        String third = sandbox.hold(3, "o-3").id();

        Got page = sandbox.get(INTENTS + "?limit=2");
        Got rest = sandbox.get(INTENTS + "?limit=2&starting_after=" + second);

        assertThat(page.text("/object")).isEqualTo("list");
        assertThat(page.text("/url")).isEqualTo(INTENTS);
        assertThat(page.body().path("data").findValuesAsText("id")).containsExactly(third, second);
        assertThat(page.body().path("has_more").asBoolean()).isTrue();
        assertThat(rest.body().path("data").findValuesAsText("id")).containsExactly(first);
        assertThat(rest.body().path("has_more").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,              parameter_invalid_integer, limit",
        "limit=101,            parameter_invalid_integer, limit",
        "limit=x,              parameter_invalid_integer, limit",
        "starting_after=pi_no, resource_missing,          starting_after",
        "page=2,               parameter_unknown,         page"
    })
    void aListIsAskedForProperly(String query, String code, String param) {
        Got refused = sandbox.get(INTENTS + "?" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/code")).isEqualTo(code);
        assertThat(refused.text("/error/param")).isEqualTo(param);
    }

    @Test
    void theLedgerHoldsEachIntentOfAnOrderOrAll() {
        String first = sandbox.hold(1_000, "o-1").id();
        String second = sandbox.hold(2_000, "o-1").id();
        String other =
                sandbox.post(
                                INTENTS,
                                "amount=7",
                                "currency=jpy",
                                "confirm=true",
                                "payment_method=pm_card_visa")
                        .id();

        Got all = sandbox.get("/sandbox/ledger");
        Got newest = sandbox.get("/sandbox/ledger?limit=1");

        assertThat(sandbox.ledger("o-1").findValuesAsText("intent")).containsExactly(second, first);
        assertThat(sandbox.ledger("o-none")).isEmpty();
        assertThat(all.body().path("items").findValuesAsText("intent"))
                .containsExactly(other, second, first);
        assertThat(newest.body().path("items").toString())
                .isEqualTo(
                        "[{\"orderId\":null,\"intent\":\""
                                + other
                                + "\",\"held\":0,\"captured\":7,\"refunded\":0,\"voided\":0,"
                                + "\"currency\":\"jpy\"}]");
    }

    @Test
    void theKeyIsTakenAsABearersTokenOrAsAUserWithoutPassword() {
        String right = basic(Sandbox.KEY + ":");
        String wrong = basic("sk_test_other:");

        assertThat(withAuthorization("Bearer " + Sandbox.KEY).status()).isEqualTo(200);
        assertThat(withAuthorization(right).status()).isEqualTo(200);
        assertThat(withAuthorization("Bearer sk_test_other").status()).isEqualTo(401);
        assertThat(withAuthorization(wrong).status()).isEqualTo(401);
        assertThat(withAuthorization("Basic !!").status()).isEqualTo(401);
        assertThat(withAuthorization("Digest x").status()).isEqualTo(401);
        Got none = sandbox.send(HttpRequest.newBuilder(sandbox.at(INTENTS)));
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(withAuthorization("Bearer sk_test_other").body().toString())
                .doesNotContain("sk_test_other");
    }

    @Test
    void eachAnswerNamesItsRequestAndRepeatsTheVersion() {
        Got versioned =
                sandbox.send(
                        HttpRequest.newBuilder(sandbox.at("/healthz"))
                                .header("Stripe-Version", "2022-11-15"));
        Got plain = sandbox.get("/nowhere");

        assertThat(versioned.status()).isEqualTo(200);
        assertThat(versioned.header("Stripe-Version")).isEqualTo("2022-11-15");
        assertThat(versioned.header("Request-Id")).matches("req_[0-9A-Za-z]{24}");
        assertThat(plain.header("Stripe-Version")).isNull();
        assertThat(plain.header("Request-Id"))
                .matches("req_[0-9A-Za-z]{24}")
                .isNotEqualTo(versioned.header("Request-Id"));
    }

    @Test
    void unknownPathsAre404AndWrongMethods405() {
        Got path = sandbox.get("/v1/customers");
        Got method =
                sandbox.send(
                        HttpRequest.newBuilder(sandbox.at(INTENTS))
                                .header("Authorization", "Bearer " + Sandbox.KEY)
                                .DELETE());

        assertThat(path.status()).isEqualTo(404);
        assertThat(path.text("/error/message")).contains("/v1/customers");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("POST, GET");
    }

    private HttpRequest.Builder raw(String form) {
        return HttpRequest.newBuilder(sandbox.at(INTENTS))
                .header("Authorization", "Bearer " + Sandbox.KEY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
    }

    private Got withAuthorization(String authorization) {
        return sandbox.send(
                HttpRequest.newBuilder(sandbox.at(INTENTS)).header("Authorization", authorization));
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertMissing(Got got, int status, String param) {
        assertThat(got.status()).isEqualTo(status);
        assertThat(got.text("/error/code")).isEqualTo("resource_missing");
        assertThat(got.text("/error/param")).isEqualTo(param);
    }

    private static String ledgerOf(
            String intent, long held, long captured, long refunded, long voided) {
        return ("[{\"orderId\":\"o-1\",\"intent\":\"%s\",\"held\":%d,\"captured\":%d,"
                        + "\"refunded\":%d,\"voided\":%d,\"currency\":\"eur\"}]")
                .formatted(intent, held, captured, refunded, voided);
    }
}
