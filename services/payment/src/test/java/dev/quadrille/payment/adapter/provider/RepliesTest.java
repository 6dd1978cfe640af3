package dev.quadrille.payment.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepliesTest {

    /// As strict about unknown members as the service's own.
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aHeldIntentIsAnAuthorization() throws Exception {
        assertThat(Replies.toAuthorization(intent("requires_capture")))
                .isEqualTo(new Reply.Answered(new ProviderAuthorized("pi_1")));
    }

    @Test
    void anIntentInAnotherStatusIsNotTakenForAHold() throws Exception {
        assertThat(Replies.toAuthorization(intent("processing")))
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

        assertThat(Replies.toAuthorization(402, error(body)))
                .isEqualTo(declined("insufficient_funds"));
    }

    @Test
    void aCardErrorWithoutAReasonIsDeclinedWithItsCode() throws Exception {
        assertThat(
                        Replies.toAuthorization(
                                402,
                                error(
                                        """
                                        {"error": {"type": "card_error", "code": "expired_card"}}
                                        """)))
                .isEqualTo(declined("expired_card"));
        assertThat(Replies.toAuthorization(402, error("{\"error\": {}}")))
                .isEqualTo(declined("card_declined"));
    }

    @Test
    void anUnknownPaymentMethodIsDeclined() throws Exception {
        assertThat(
                        Replies.toAuthorization(
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
                                400, error("{\"error\": {\"type\": \"idempotency_error\"}}")))
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

        assertThat(Replies.toAuthorization(status, body)).isEqualTo(new Reply.Unknown(reason));
        assertThat(Replies.toVoid("pi_1", status, body)).isEqualTo(new Reply.Unknown(reason));
    }

    @Test
    void aCanceledIntentIsVoided() throws Exception {
        assertThat(Replies.toVoid(intent("canceled")))
                .isEqualTo(new Reply.Answered(new ProviderVoided("pi_1")));
    }

    @Test
    void anIntentThatWasCanceledBeforeIsVoided() throws Exception {
        assertThat(Replies.toVoid("pi_1", 400, unexpectedState("canceled")))
                .isEqualTo(new Reply.Answered(new ProviderVoided("pi_1")));
    }

    @ParameterizedTest
    @CsvSource({"400", "402", "404"})
    void aVoidThatIsRefusedIsNotTakenForDone(int status) throws Exception {
        assertThat(Replies.toVoid("pi_1", status, unexpectedState("processing")))
                .isEqualTo(new Reply.Unknown("void-refused"));
        assertThat(
                        Replies.toVoid(
                                "pi_1",
                                status,
                                error("{\"error\": {\"code\": \"resource_missing\"}}")))
                .isEqualTo(new Reply.Unknown("void-refused"));
    }

    @ParameterizedTest
    @CsvSource({"'{}'", "'{\"error\": null}'", "'<html>'"})
    void aBodyThatIsNotTheProvidersIsAFailure(String body) {
        assertThatThrownBy(() -> error(body)).isInstanceOf(JsonProcessingException.class);
    }

    private static Reply declined(String code) {
        return new Reply.Answered(new ProviderDeclined(code));
    }

    private static IntentBody intent(String status) throws JsonProcessingException {
        return JSON.readValue(
                """
                {"id": "pi_1", "object": "payment_intent", "status": "%s", "amount": 2500, "livemode": false}
                """
                        .formatted(status),
                IntentBody.class);
    }

    private static ErrorBody unexpectedState(String status) throws JsonProcessingException {
        return error(
                """
                {"error": {"type": "invalid_request_error", "code": "payment_intent_unexpected_state",
                           "payment_intent": {"id": "pi_1", "status": "%s"}}}
                """
                        .formatted(status));
    }

    private static ErrorBody error(String json) throws JsonProcessingException {
        return JSON.readValue(json, ErrorBody.class);
    }
}
