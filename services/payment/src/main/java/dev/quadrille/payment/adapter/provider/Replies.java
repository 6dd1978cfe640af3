package dev.quadrille.payment.adapter.provider;

import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What a response means.
///
/// | status | of an authorization | of a void |
/// |---|---|---|
/// | 200 | `requires_capture`: authorized | `canceled`: voided |
/// | 402 | declined | unknown |
/// | 400, 404 `invalid_request_error` | declined: asking again would not help | voided if the intent is canceled already, else unknown |
/// | 400 `idempotency_error` | unknown: what was done under the key was done with other parameters | unknown |
/// | 401, 403 (our key), 409 (another request with this key is under way), 429 (too many), 5xx | unknown | unknown |
///
/// A void is never given up: as long as it is not known that nothing is held, it is not said.
final class Replies {

    private static final Logger LOG = Logger.getLogger(Replies.class);

    private static final String INVALID_REQUEST = "invalid_request_error";

    private Replies() {}

    static Reply toAuthorization(IntentBody intent) {
        if (intent.status().equals(IntentBody.HELD)) {
            return new Reply.Answered(new ProviderAuthorized(intent.id()));
        }
        LOG.errorf("An authorization left the intent %s in %s", intent.id(), intent.status());
        return new Reply.Unknown("unexpected-status");
    }

    static Reply toAuthorization(int status, ErrorBody body) {
        var fault = body.error();
        if (status == 402) {
            return declined(firstOf(fault.declineCode(), fault.code(), "card_declined"));
        }
        if ((status == 400 || status == 404) && INVALID_REQUEST.equals(fault.type())) {
            LOG.errorf(
                    "The provider cannot read an authorization: status %d, code %s, parameter %s",
                    status, fault.code(), fault.param());
            boolean methodUnknown =
                    "resource_missing".equals(fault.code())
                            && "payment_method".equals(fault.param());
            return declined(methodUnknown ? "payment_method_unknown" : "invalid_request");
        }
        return unknown(status, fault);
    }

    static Reply toVoid(IntentBody intent) {
        if (intent.status().equals(IntentBody.CANCELED)) {
            return new Reply.Answered(new ProviderVoided(intent.id()));
        }
        LOG.errorf("A void left the intent %s in %s", intent.id(), intent.status());
        return new Reply.Unknown("unexpected-status");
    }

    static Reply toVoid(String reference, int status, ErrorBody body) {
        var fault = body.error();
        var ended = ended(reference, fault.intent());
        if (ended != null) {
            return ended;
        }
        if (status == 400 || status == 402 || status == 404) {
            LOG.errorf("The provider refuses a void: status %d, code %s", status, fault.code());
            return new Reply.Unknown("void-refused");
        }
        return unknown(status, fault);
    }

    static Reply toCapture(IntentBody intent) {
        if (intent.status().equals(IntentBody.CAPTURED)) {
            return new Reply.Answered(new ProviderCaptured(intent.id()));
        }
        LOG.errorf("A capture left the intent %s in %s", intent.id(), intent.status());
        return new Reply.Unknown("unexpected-status");
    }

    static Reply toCapture(String reference, int status, ErrorBody body) {
        var fault = body.error();
        var ended = ended(reference, fault.intent());
        if (ended != null) {
            return ended;
        }
        if (status == 400 || status == 402 || status == 404) {
            LOG.errorf("The provider refuses a capture: status %d, code %s", status, fault.code());
            return new Reply.Unknown("capture-refused");
        }
        return unknown(status, fault);
    }

    static Reply toRefund(String reference, RefundBody refund) {
        return switch (refund.status()) {
            case RefundBody.SUCCEEDED, RefundBody.PENDING ->
                    new Reply.Answered(new ProviderRefunded(reference));
            default -> {
                LOG.errorf("The refund %s is %s", refund.id(), refund.status());
                yield new Reply.Unknown("refund-failed");
            }
        };
    }

    static Reply toRefund(String reference, int status, ErrorBody body) {
        var fault = body.error();
        if ("charge_already_refunded".equals(fault.code())) {
            return new Reply.Answered(new ProviderRefunded(reference));
        }
        if (status == 400 || status == 402 || status == 404) {
            LOG.errorf("The provider refuses a refund: status %d, code %s", status, fault.code());
            return new Reply.Unknown("refund-refused");
        }
        return unknown(status, fault);
    }

    /// What an error says of the intent that it is about, if that has come to an end.
    private static @Nullable Reply ended(String reference, @Nullable IntentBody intent) {
        if (intent == null || !intent.id().equals(reference)) {
            return null;
        }
        return switch (intent.status()) {
            case IntentBody.CANCELED -> new Reply.Answered(new ProviderVoided(reference));
            case IntentBody.CAPTURED -> new Reply.Answered(new ProviderCaptured(reference));
            default -> null;
        };
    }

    private static Reply declined(String code) {
        return new Reply.Answered(new ProviderDeclined(code));
    }

    private static Reply unknown(int status, ErrorBody.Fault fault) {
        return switch (status) {
            case 401, 403 -> {
                LOG.errorf("The provider does not accept our key: status %d", status);
                yield new Reply.Unknown("unauthorized");
            }
            case 409 -> new Reply.Unknown("key-in-use");
            case 429 -> new Reply.Unknown("too-many-requests");
            default -> {
                LOG.errorf(
                        "The provider answers %d, type %s, code %s",
                        status, fault.type(), fault.code());
                yield new Reply.Unknown("unexpected-answer");
            }
        };
    }

    private static String firstOf(
            @Nullable String first, @Nullable String second, String otherwise) {
        return first != null ? first : second != null ? second : otherwise;
    }
}
