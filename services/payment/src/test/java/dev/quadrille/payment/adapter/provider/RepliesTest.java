package dev.quadrille.payment.adapter.provider;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepliesTest {

    /// As strict about unknown members as the service's own.
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final UUID ORDER = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad90");
    private static final String INTENT = "pi_1";
    private static final Money AMOUNT = new Money(2_500, "EUR");
    private static final Errand.Authorize AUTHORIZE =
            new Errand.Authorize(ORDER, AMOUNT, new PaymentMethod("pm_card_visa"));
    private static final Errand.LetGo LET_GO = new Errand.LetGo(ORDER, INTENT);
    private static final Errand.Capture CAPTURE = new Errand.Capture(ORDER, AMOUNT, INTENT);
    private static final Errand.Refund REFUND = new Errand.Refund(ORDER, AMOUNT, INTENT);
    private static final Reply AUTHORIZED = new Reply.Answered(new ProviderAuthorized(INTENT));
    private static final Reply VOIDED = new Reply.Answered(new ProviderVoided(INTENT));
    private static final Reply CAPTURED = new Reply.Answered(new ProviderCaptured(INTENT));
    private static final Reply REFUNDED = new Reply.Answered(new ProviderRefunded(INTENT));

    @Test
    void aHeldIntentIsAnAuthorization() throws Exception {
        assertThat(Replies.toAuthorization(AUTHORIZE, intent("requires_capture")))
                .isEqualTo(AUTHORIZED);
    }

    @Test
    void anIntentInAnotherStatusIsNotTakenForAHold() throws Exception {
        assertThat(Replies.toAuthorization(AUTHORIZE, intent("processing")))
                .isEqualTo(new Reply.Unknown("unexpected-status"));
    }

    @Test
    void aDeclinedCardIsDeclinedWithTheBanksReason() throws Exception {
        var body =
                """
                {"error": {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds",
                           "message": "Your card has insufficient funds.", "charge": "ch_1",
                           "payment_intent": {"id": "pi_1", "status": "requires_payment_method", "amount": 1}}}
                """;

        assertThat(Replies.toAuthorization(AUTHORIZE, 402, error(body)))
                .isEqualTo(declined("insufficient_funds"));
    }

    @Test
    void aCardErrorWithoutAReasonIsDeclinedWithItsCode() throws Exception {
        assertThat(
                        Replies.toAuthorization(
                                AUTHORIZE,
                                402,
                                error(
                                        """
                                        {"error": {"type": "card_error", "code": "expired_card"}}
                                        """)))
                .isEqualTo(declined("expired_card"));
        assertThat(Replies.toAuthorization(AUTHORIZE, 402, error("{\"error\": {}}")))
                .isEqualTo(declined("card_declined"));
    }

    @Test
    void anUnknownPaymentMethodIsDeclined() throws Exception {
        assertThat(
                        Replies.toAuthorization(
                                AUTHORIZE,
                                400,
                                error(
                                        """
                                        {"error": {"type": "invalid_request_error", "code": "resource_missing",
                                                   "param": "payment_method", "message": "No such PaymentMethod: 'pm_x'"}}
                                        """)))
                .isEqualTo(declined("payment_method_unknown"));
    }

    @Test
    void aRequestThatTheProviderCannotReadIsDeclinedAndNotAskedForEver() throws Exception {
        assertThat(
                        Replies.toAuthorization(
                                AUTHORIZE,
                                400,
                                error(
                                        """
                                        {"error": {"type": "invalid_request_error", "code": "amount_too_large", "param": "amount"}}
                                        """)))
                .isEqualTo(declined("invalid_request"));
    }

    @Test
    void aKeyThatWasUsedWithOtherParametersIsNotTakenForADecline() throws Exception {
        assertThat(
                        Replies.toAuthorization(
                                AUTHORIZE,
                                400,
                                error("{\"error\": {\"type\": \"idempotency_error\"}}")))
                .isEqualTo(new Reply.Unknown("unexpected-answer"));
    }

    @ParameterizedTest
    @CsvSource({
        "401, unauthorized",
        "403, unauthorized",
        "409, key-in-use",
        "418, unexpected-answer",
        "429, too-many-requests"
    })
    void whatMayPassIsUnknownAndAskedAgain(int status, String reason) throws Exception {
        var body = error("{\"error\": {\"type\": \"invalid_request_error\"}}");

        assertThat(Replies.toAuthorization(AUTHORIZE, status, body))
                .isEqualTo(new Reply.Unknown(reason));
        assertThat(Replies.toEnd(LET_GO, INTENT, status, body))
                .isEqualTo(new Reply.Unknown(reason));
        assertThat(Replies.toEnd(CAPTURE, INTENT, status, body))
                .isEqualTo(new Reply.Unknown(reason));
        assertThat(Replies.toRefund(REFUND, status, body)).isEqualTo(new Reply.Unknown(reason));
        assertThat(Replies.notFound(AUTHORIZE, status, body)).isEqualTo(new Reply.Unknown(reason));
    }

    @Test
    void anIntentThatWasTakenAlreadyWasAuthorized() throws Exception {
        assertThat(Replies.toAuthorization(AUTHORIZE, intent("succeeded"))).isEqualTo(AUTHORIZED);
    }

    @Test
    void whatWasAskedForDoesNotCountButWhatTheIntentIs() throws Exception {
        for (var errand : new Errand[] {LET_GO, CAPTURE}) {
            assertThat(Replies.toEnd(errand, intent("canceled"))).isEqualTo(VOIDED);
            assertThat(Replies.toEnd(errand, intent("succeeded"))).isEqualTo(CAPTURED);
            assertThat(Replies.toEnd(errand, INTENT, 400, unexpectedState("canceled")))
                    .isEqualTo(VOIDED);
            assertThat(Replies.toEnd(errand, INTENT, 400, unexpectedState("succeeded")))
                    .isEqualTo(CAPTURED);
            assertThat(Replies.toEnd(errand, intent("requires_capture")))
                    .isEqualTo(new Reply.Unknown("unexpected-status"));
        }
    }

    @ParameterizedTest
    @CsvSource({"400", "402", "404"})
    void whatIsRefusedIsNotTakenForDone(int status) throws Exception {
        var refused = new Reply.Unknown("refused");
        var missing = error("{\"error\": {\"code\": \"resource_missing\"}}");

        assertThat(Replies.toEnd(LET_GO, INTENT, status, unexpectedState("processing")))
                .isEqualTo(refused);
        assertThat(Replies.toEnd(CAPTURE, "pi_2", status, unexpectedState("succeeded")))
                .as("an error about another intent")
                .isEqualTo(refused);
        assertThat(Replies.toEnd(CAPTURE, INTENT, status, missing)).isEqualTo(refused);
        assertThat(Replies.toRefund(REFUND, status, missing)).isEqualTo(refused);
        assertThat(Replies.notFound(CAPTURE, status, missing)).isEqualTo(refused);
    }

    @ParameterizedTest
    @CsvSource({"succeeded", "pending"})
    void aRefundThatTheProviderHasTakenOnIsGivenBack(String status) throws Exception {
        assertThat(Replies.toRefund(REFUND, 1, refunds(status).data().getFirst()))
                .isEqualTo(REFUNDED);
    }

    @ParameterizedTest
    @CsvSource({"failed", "canceled"})
    void aRefundInVainIsNotGivenBackAndIsCounted(String status) throws Exception {
        assertThat(Replies.toRefund(REFUND, 2, refunds(status).data().getFirst()))
                .isEqualTo(new Reply.NotDone(3));
    }

    @Test
    void aRefundThatWaitsForSomebodyIsNeitherGivenBackNorInVain() throws Exception {
        assertThat(Replies.toRefund(REFUND, 0, refunds("requires_action").data().getFirst()))
                .isEqualTo(new Reply.Unknown("unexpected-status"));
    }

    @Test
    void aChargeThatIsRefundedAlreadyIsGivenBack() throws Exception {
        var body = error("{\"error\": {\"code\": \"charge_already_refunded\"}}");

        assertThat(Replies.toRefund(REFUND, 400, body)).isEqualTo(REFUNDED);
    }

    @Test
    void refundsThatFailedAreCountedAndThoseUnderWayWaitedFor() throws Exception {
        assertThat(Replies.notDoneByRefunds(refunds())).isEqualTo(new Reply.NotDone(0));
        assertThat(Replies.notDoneByRefunds(refunds("failed", "succeeded", "canceled")))
                .isEqualTo(new Reply.NotDone(2));
        assertThat(Replies.notDoneByRefunds(refunds("failed", "requires_action")))
                .isEqualTo(new Reply.Unknown("unexpected-status"));
    }

    @ParameterizedTest
    @CsvSource({"2500, 2500", "1000, 1000"})
    void whatWasReceivedAndIsGivenBackIsGivenBack(long received, long refunded) throws Exception {
        assertThat(Replies.foundForRefund(REFUND, charged(received, refunded))).isEqualTo(REFUNDED);
    }

    @ParameterizedTest
    @CsvSource({"2500, 0", "2500, 2499", "1000, 999", "0, 0"})
    void aPartOfWhatWasReceivedIsNotAllOfIt(long received, long refunded) throws Exception {
        assertThat(Replies.foundForRefund(REFUND, charged(received, refunded)))
                .isEqualTo(new Reply.NotDone(0));
    }

    /// The rest cannot be captured any more, so to say that all of it was would be wrong; what is
    /// to be let go is given back, whatever was taken of it.
    @Test
    void aPartThatSomebodyTookIsNotTheCaptureOfAll() throws Exception {
        var part = charged(1_000, 0);
        var unknown = new Reply.Unknown("captured-in-part");
        var error = error("{\"error\": {\"payment_intent\": " + json(1_000, 0) + "}}");

        assertThat(Replies.toEnd(CAPTURE, part)).isEqualTo(unknown);
        assertThat(Replies.foundForEnd(CAPTURE, part)).isEqualTo(unknown);
        assertThat(Replies.toEnd(CAPTURE, INTENT, 400, error)).isEqualTo(unknown);
        assertThat(Replies.foundForEnd(LET_GO, part)).isEqualTo(CAPTURED);
        assertThat(Replies.toEnd(LET_GO, INTENT, 400, error)).isEqualTo(CAPTURED);
    }

    @Test
    void anIntentThatIsStillHeldIsAskedForAgain() throws Exception {
        assertThat(Replies.foundForEnd(LET_GO, intent("requires_capture")))
                .isEqualTo(new Reply.NotDone(0));
        assertThat(Replies.foundForEnd(CAPTURE, intent("requires_capture")))
                .isEqualTo(new Reply.NotDone(0));
        assertThat(Replies.foundForEnd(CAPTURE, intent("succeeded"))).isEqualTo(CAPTURED);
        assertThat(Replies.foundForEnd(CAPTURE, intent("canceled"))).isEqualTo(VOIDED);
        assertThat(Replies.foundForEnd(CAPTURE, intent("processing")))
                .isEqualTo(new Reply.Unknown("unexpected-status"));
    }

    @ParameterizedTest
    @CsvSource({"requires_capture", "succeeded"})
    void aSearchThatFindsTheHoldFindsTheAuthorization(String status) throws Exception {
        assertThat(
                        found(
                                ours("pi_2", "canceled", 1),
                                ours(INTENT, status, 2),
                                ours("pi_3", status, 3)))
                .isEqualTo(AUTHORIZED);
    }

    @Test
    void aSearchThatFindsADeclineOrALapseFindsThat() throws Exception {
        assertThat(
                        found(
                                ours(INTENT, "requires_payment_method", 1)
                                        .replace(
                                                "\"last_payment_error\": null",
                                                "\"last_payment_error\": {\"code\":"
                                                        + " \"card_declined\", \"decline_code\":"
                                                        + " \"lost_card\"}")))
                .isEqualTo(declined("lost_card"));
        assertThat(found(ours(INTENT, "canceled", 1))).isEqualTo(VOIDED);
        assertThat(found(ours(INTENT, "processing", 1), ours("pi_2", "canceled", 2)))
                .isEqualTo(new Reply.Unknown("processing"));
    }

    @ParameterizedTest
    @CsvSource({"400", "403", "404"})
    void whereThereIsNoSearchNothingIsConcludedFromIt(int status) throws Exception {
        assertThat(Replies.notSearched(AUTHORIZE, status, error("{\"error\": {}}")))
                .isEqualTo(new Reply.NotSearchable());
    }

    @ParameterizedTest
    @CsvSource({"401, unauthorized", "429, too-many-requests", "418, unexpected-answer"})
    void aSearchThatMayWorkLaterIsUnknown(int status, String reason) throws Exception {
        assertThat(Replies.notSearched(AUTHORIZE, status, error("{\"error\": {}}")))
                .isEqualTo(new Reply.Unknown(reason));
    }

    @Test
    void aSearchThatFindsNothingOfOursFindsNothing() throws Exception {
        var nothing = new Reply.NotDone(0);
        var held = ours(INTENT, "requires_capture", 1);

        assertThat(found()).isEqualTo(nothing);
        assertThat(found(held.replace("2500", "2501"))).isEqualTo(nothing);
        assertThat(found(held.replace("eur", "usd"))).isEqualTo(nothing);
        assertThat(found(held.replace(ORDER.toString(), UUID.randomUUID().toString())))
                .isEqualTo(nothing);
        assertThat(found(held.replace(ORDER.toString(), "1-1-1-1-1"))).isEqualTo(nothing);
        assertThat(found(held.replace("orderId", "order"))).isEqualTo(nothing);
        assertThat(found(ours(INTENT, "requires_payment_method", 1))).isEqualTo(nothing);
    }

    private static Reply found(String... intents) throws JsonProcessingException {
        return Replies.foundForAuthorization(
                AUTHORIZE,
                JSON.readValue(
                        "{\"object\": \"search_result\", \"data\": ["
                                + String.join(",", intents)
                                + "]}",
                        IntentsBody.class));
    }

    private static String ours(String id, String status, long createdSeconds) {
        return """
        {"id": "%s", "status": "%s", "amount": 2500, "currency": "eur", "created": %d,
         "latest_charge": "ch_1", "last_payment_error": null, "metadata": {"orderId": "%s"}}
        """
                .formatted(id, status, createdSeconds, ORDER);
    }

    private static RefundsBody refunds(String... statuses) throws JsonProcessingException {
        return JSON.readValue(
                "{\"data\": ["
                        + Stream.of(statuses)
                                .map(
                                        """
                                        {"id": "re_1", "status": "%s", "amount": 2500}
                                        """
                                                ::formatted)
                                .collect(joining(","))
                        + "]}",
                RefundsBody.class);
    }

    @ParameterizedTest
    @CsvSource({"'{}'", "'{\"error\": null}'", "'<html>'"})
    void aBodyThatIsNotTheProvidersIsAFailure(String body) {
        assertThatThrownBy(() -> error(body)).isInstanceOf(JsonProcessingException.class);
    }

    private static Reply declined(String code) {
        return new Reply.Answered(new ProviderDeclined(code));
    }

    private static IntentBody charged(long received, long refunded) throws JsonProcessingException {
        return JSON.readValue(json(received, refunded), IntentBody.class);
    }

    private static String json(long received, long refunded) {
        return """
        {"id": "pi_1", "status": "succeeded", "amount": 2500, "amount_received": %d,
         "latest_charge": {"id": "ch_1", "amount_refunded": %d}}
        """
                .formatted(received, refunded);
    }

    private static IntentBody intent(String status) throws JsonProcessingException {
        return JSON.readValue(
                """
                {"id": "pi_1", "object": "payment_intent", "status": "%s", "amount": 2500, "amount_received": %d, "livemode": false}
                """
                        .formatted(status, status.equals("succeeded") ? 2500 : 0),
                IntentBody.class);
    }

    private static ErrorBody unexpectedState(String status) throws JsonProcessingException {
        return error(
                """
                {"error": {"type": "invalid_request_error", "code": "payment_intent_unexpected_state",
                           "payment_intent": {"id": "pi_1", "status": "%s", "amount": 2500, "amount_received": %d}}}
                """
                        .formatted(status, status.equals("succeeded") ? 2500 : 0));
    }

    private static ErrorBody error(String json) throws JsonProcessingException {
        return JSON.readValue(json, ErrorBody.class);
    }
}
