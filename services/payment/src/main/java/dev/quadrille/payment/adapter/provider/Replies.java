package dev.quadrille.payment.adapter.provider;

import static dev.quadrille.payment.adapter.provider.IntentBody.CANCELED;
import static dev.quadrille.payment.adapter.provider.IntentBody.CAPTURED;
import static dev.quadrille.payment.adapter.provider.IntentBody.HELD;
import static dev.quadrille.payment.adapter.provider.IntentBody.PROCESSING;
import static java.util.Comparator.comparingLong;

import dev.quadrille.delivery.LogContext;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.Errand.Authorize;
import dev.quadrille.payment.domain.Errand.Refund;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What a response means.
///
/// | status | of an authorization | of a void or a capture | of a refund |
/// |---|---|---|---|
/// | 200 | `requires_capture` or `succeeded`: authorized | `canceled`: voided; `succeeded`: captured | `succeeded` or `pending`: refunded; `failed` or `canceled`: not done |
/// | 402 | declined | as 400 | unknown |
/// | 400, 404 `invalid_request_error` | declined: asking again would not help | if the error shows the intent, as 200, else unknown | `charge_already_refunded`: refunded, else unknown |
/// | 400 `idempotency_error` | unknown: what was done under the key was done with other parameters | unknown | unknown |
/// | 401, 403 (our key), 409 (another request with this key is under way), 429 (too many), 5xx | unknown | unknown | unknown |
///
/// What moves money is never given up: as long as it is not known how it ended, nothing is said. An
/// intent that is to be let go may turn out captured, and the other way round: what it is counts,
/// and not what was asked for.
///
/// Somebody may take or give back a part of the amount at the provider. A part that was given back
/// is no matter: a refund is of all that is left. A part that was taken counts as captured where
/// the amount is to be let go, because what was taken is then given back; but where all of it was
/// to be taken it is unknown, for the rest cannot be taken any more, and to announce the whole
/// would be wrong. An operator has to settle that.
///
/// `found…` is what a query means that comes before an errand is asked for again.
final class Replies {

    private static final Logger LOG = Logger.getLogger(Replies.class);

    private static final String INVALID_REQUEST = "invalid_request_error";
    private static final String ALREADY_REFUNDED = "charge_already_refunded";

    private Replies() {}

    static Reply toAuthorization(Authorize errand, IntentBody intent) {
        return switch (intent.status()) {
            // Who has taken it already will say so when it is to be captured or let go.
            case HELD, CAPTURED -> answered(new ProviderAuthorized(intent.id()));
            default -> unexpected(errand, intent);
        };
    }

    static Reply toAuthorization(Authorize errand, int status, ErrorBody body) {
        var fault = body.error();
        if (status == 402) {
            return answered(toDecline(fault.declineCode(), fault.code()));
        }
        if ((status == 400 || status == 404) && INVALID_REQUEST.equals(fault.type())) {
            log(
                    errand,
                    () ->
                            LOG.errorf(
                                    "The provider cannot read an authorization: status %d, code %s,"
                                            + " parameter %s",
                                    status, fault.code(), fault.param()));
            boolean methodUnknown =
                    "resource_missing".equals(fault.code())
                            && "payment_method".equals(fault.param());
            return answered(
                    new ProviderDeclined(
                            methodUnknown ? "payment_method_unknown" : "invalid_request"));
        }
        return unknown(errand, status, fault);
    }

    /// Of a void or a capture.
    static Reply toEnd(Errand errand, IntentBody intent) {
        return end(errand, intent).orElseGet(() -> unexpected(errand, intent));
    }

    static Reply toEnd(Errand errand, String reference, int status, ErrorBody body) {
        var fault = body.error();
        return Optional.ofNullable(fault.intent())
                .filter(intent -> intent.id().equals(reference))
                .flatMap(intent -> end(errand, intent))
                .orElseGet(() -> unknown(errand, status, fault));
    }

    /// @param inVain how many refunds had failed before this one
    static Reply toRefund(Refund errand, int inVain, RefundBody refund) {
        if (refund.isGiven()) {
            return answered(new ProviderRefunded(errand.reference()));
        }
        log(errand, () -> LOG.errorf("The refund %s is %s", refund.id(), refund.status()));
        return refund.isInVain()
                ? new Reply.NotDone(inVain + 1)
                : new Reply.Unknown("unexpected-status");
    }

    static Reply toRefund(Refund errand, int status, ErrorBody body) {
        return ALREADY_REFUNDED.equals(body.error().code())
                ? answered(new ProviderRefunded(errand.reference()))
                : unknown(errand, status, body.error());
    }

    /// There is one intent at most, unless somebody has made others for the same order: then the
    /// first hold counts, and the reconciliation shows the other.
    static Reply foundForAuthorization(Authorize errand, IntentsBody found) {
        var ours =
                found.data().stream()
                        .filter(intent -> intent.isFor(errand.orderId(), errand.amount()))
                        .sorted(comparingLong(IntentBody::createdSeconds))
                        .toList();
        var held =
                ours.stream()
                        .filter(intent ->
                                intent.status().equals(HELD) || intent.status().equals(CAPTURED))
                        .findFirst();
        if (held.isPresent()) {
            return answered(new ProviderAuthorized(held.get().id()));
        }
        if (ours.stream().anyMatch(intent -> intent.status().equals(PROCESSING))) {
            return new Reply.Unknown(PROCESSING);
        }
        for (var intent : ours) {
            var error = intent.lastError();
            if (error != null) {
                return answered(toDecline(error.declineCode(), error.code()));
            }
            if (intent.status().equals(CANCELED)) {
                return answered(new ProviderVoided(intent.id()));
            }
        }
        return new Reply.NotDone(0);
    }

    static Reply foundForEnd(Errand errand, IntentBody intent) {
        return intent.status().equals(HELD)
                ? new Reply.NotDone(0)
                : end(errand, intent).orElseGet(() -> new Reply.Unknown("unexpected-status"));
    }

    /// @param intent with its charge
    static Reply foundForRefund(Refund errand, IntentBody intent) {
        return intent.received() > 0 && intent.refunded() >= intent.received()
                ? answered(new ProviderRefunded(errand.reference()))
                : new Reply.NotDone(0);
    }

    /// What the refunds say of an intent of which something is left to be given back.
    static Reply notDoneByRefunds(RefundsBody found) {
        boolean allEnded =
                found.data().stream().allMatch(refund -> refund.isGiven() || refund.isInVain());
        return allEnded
                ? new Reply.NotDone(
                        (int) found.data().stream().filter(RefundBody::isInVain).count())
                : new Reply.Unknown("unexpected-status");
    }

    /// What a search has to say that was not answered.
    static Reply notSearched(Authorize errand, int status, ErrorBody body) {
        return switch (status) {
            case 400, 403, 404 -> new Reply.NotSearchable();
            default -> unknown(errand, status, body.error());
        };
    }

    /// What a query by an id has to say that was not answered.
    static Reply notFound(Errand errand, int status, ErrorBody body) {
        return unknown(errand, status, body.error());
    }

    private static Optional<Reply> end(Errand errand, IntentBody intent) {
        return switch (intent.status()) {
            case CANCELED -> Optional.of(answered(new ProviderVoided(intent.id())));
            case CAPTURED ->
                    errand instanceof Errand.Capture && !intent.isCapturedInFull()
                            ? Optional.of(inPart(errand, intent))
                            : Optional.of(answered(new ProviderCaptured(intent.id())));
            default -> Optional.empty();
        };
    }

    private static Reply inPart(Errand errand, IntentBody intent) {
        log(
                errand,
                () ->
                        LOG.debugf(
                                "Of the intent %s, %d of %d were taken",
                                intent.id(), intent.received(), intent.amount()));
        return new Reply.Unknown("captured-in-part");
    }

    private static Reply answered(ProviderAnswer answer) {
        return new Reply.Answered(answer);
    }

    /// @param declineCode the bank's reason, if it gave one
    static ProviderDeclined toDecline(@Nullable String declineCode, @Nullable String code) {
        return new ProviderDeclined(firstOf(declineCode, code, "card_declined"));
    }

    private static Reply unexpected(Errand errand, IntentBody intent) {
        log(
                errand,
                () ->
                        LOG.errorf(
                                "After %s the intent %s is %s",
                                errand.idempotencyKey(), intent.id(), intent.status()));
        return new Reply.Unknown("unexpected-status");
    }

    private static Reply unknown(Errand errand, int status, ErrorBody.Fault fault) {
        return switch (status) {
            case 401, 403 -> {
                LOG.errorf("The provider does not accept our key: status %d", status);
                yield new Reply.Unknown("unauthorized");
            }
            case 409 -> new Reply.Unknown("key-in-use");
            case 429 -> new Reply.Unknown("too-many-requests");
            default -> {
                boolean refused =
                        (status == 400 || status == 402 || status == 404)
                                && !"idempotency_error".equals(fault.type());
                log(
                        errand,
                        () ->
                                LOG.logf(
                                        // What is refused is refused each time, and the one who
                                        // asks says so when it has been often.
                                        refused ? Logger.Level.DEBUG : Logger.Level.ERROR,
                                        "The provider answers %s with %d, type %s, code %s",
                                        errand.idempotencyKey(),
                                        status,
                                        fault.type(),
                                        fault.code()));
                yield new Reply.Unknown(refused ? "refused" : "unexpected-answer");
            }
        };
    }

    private static void log(Errand errand, Runnable line) {
        LogContext.of(errand.orderId().toString(), null).log(line);
    }

    private static String firstOf(
            @Nullable String first, @Nullable String second, String otherwise) {
        return first != null ? first : second != null ? second : otherwise;
    }
}
