package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quadrille.sandbox.Intent.AwaitingConfirmation;
import dev.quadrille.sandbox.Intent.AwaitingMethod;
import dev.quadrille.sandbox.Intent.Canceled;
import dev.quadrille.sandbox.Intent.Captured;
import dev.quadrille.sandbox.Intent.Decline;
import dev.quadrille.sandbox.Intent.Held;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The objects of Stripe's API, field by field. What the sandbox does not know is there and null,
/// because clients that were generated from Stripe's description expect the field.
final class StripeJson {

    /// See the package's comment for why it is this one.
    static final String API_VERSION = "2022-11-15";

    private static final List<String> INTENT_FIELDS_ALWAYS_NULL =
            List.of(
                    "application",
                    "application_fee_amount",
                    "automatic_payment_methods",
                    "customer",
                    "invoice",
                    "next_action",
                    "on_behalf_of",
                    "processing",
                    "receipt_email",
                    "review",
                    "setup_future_usage",
                    "shipping",
                    "source",
                    "statement_descriptor",
                    "statement_descriptor_suffix",
                    "transfer_data",
                    "transfer_group");

    private StripeJson() {}

    static String status(Intent intent) {
        return switch (intent) {
            case AwaitingMethod _ -> "requires_payment_method";
            case AwaitingConfirmation _ -> "requires_confirmation";
            case Held _ -> "requires_capture";
            case Captured _ -> "succeeded";
            case Canceled _ -> "canceled";
        };
    }

    static ObjectNode intent(Intent intent) {
        return intent(intent, false);
    }

    /// @param withCharge whether its latest charge is shown whole instead of by its id
    static ObjectNode intent(Intent intent, boolean withCharge) {
        Terms terms = intent.terms();
        Shown shown = shown(intent);
        ObjectNode json = Json.object();
        json.put("id", terms.id());
        json.put("object", "payment_intent");
        json.put("amount", terms.amountMinor());
        json.put("amount_capturable", shown.capturableMinor());
        json.putObject("amount_details").putObject("tip");
        json.put("amount_received", shown.receivedMinor());
        putCancellation(json, intent);
        json.put("capture_method", terms.captureMethod().wire());
        json.put("client_secret", terms.clientSecret());
        json.put("confirmation_method", "automatic");
        json.put("created", terms.createdAtSeconds());
        json.put("currency", terms.currency());
        json.put("description", terms.description());
        if (shown.lastDecline() == null) {
            json.putNull("last_payment_error");
        } else {
            json.set("last_payment_error", declineBody(shown.lastDecline()));
        }
        if (withCharge && shown.charge() != null) {
            json.set("latest_charge", charge(intent, shown.charge()));
        } else {
            json.put("latest_charge", shown.charge());
        }
        json.put("livemode", false);
        json.set("metadata", metadata(terms.metadata()));
        json.put("payment_method", shown.method() == null ? null : shown.method().wire());
        json.putObject("payment_method_options");
        json.putArray("payment_method_types").add("card");
        json.put("status", status(intent));
        INTENT_FIELDS_ALWAYS_NULL.forEach(json::putNull);
        return json;
    }

    static ObjectNode refund(Refund refund) {
        ObjectNode json = Json.object();
        json.put("id", refund.id());
        json.put("object", "refund");
        json.put("amount", refund.amountMinor());
        json.putNull("balance_transaction");
        json.put("charge", refund.charge());
        json.put("created", refund.createdAtSeconds());
        json.put("currency", refund.currency());
        json.set("metadata", metadata(refund.metadata()));
        json.put("payment_intent", refund.intent());
        json.put("reason", refund.reason() == null ? null : refund.reason().wire());
        json.putNull("receipt_number");
        json.putNull("source_transfer_reversal");
        json.put("status", refund.status() == null ? null : refund.status().wire());
        json.putNull("transfer_reversal");
        return json;
    }

    /// The charge behind an intent whose card was tried. As at Stripe, a hold that was let go
    /// counts as refunded though nothing was captured.
    static ObjectNode charge(Intent intent, String id) {
        Terms terms = intent.terms();
        long capturedMinor = intent instanceof Captured captured ? captured.capturedMinor() : 0;
        long refundedMinor =
                switch (intent) {
                    case Captured captured -> captured.refundedMinor();
                    case Canceled(Held _, _, _) -> terms.amountMinor();
                    case AwaitingMethod _, AwaitingConfirmation _, Held _, Canceled _ -> 0;
                };
        boolean paid = shown(intent).lastDecline() == null;
        ObjectNode json = Json.object();
        json.put("id", id);
        json.put("object", "charge");
        json.put("amount", terms.amountMinor());
        json.put("amount_captured", capturedMinor);
        json.put("amount_refunded", refundedMinor);
        json.put("captured", intent instanceof Captured);
        json.put("created", terms.createdAtSeconds());
        json.put("currency", terms.currency());
        json.put("description", terms.description());
        json.put("disputed", false);
        json.putNull("failure_code");
        json.putNull("failure_message");
        json.put("livemode", false);
        json.set("metadata", metadata(terms.metadata()));
        json.put("paid", paid);
        json.put("payment_intent", terms.id());
        TestMethod method = shown(intent).method();
        json.put("payment_method", method == null ? null : method.wire());
        json.put(
                "refunded",
                intent instanceof Captured captured
                        ? captured.refundableMinor() == 0
                        : refundedMinor > 0);
        json.put("status", paid ? "succeeded" : "failed");
        return json;
    }

    static ObjectNode list(String url, List<ObjectNode> objects, boolean more) {
        ObjectNode json = Json.object();
        json.put("object", "list");
        json.putArray("data").addAll(objects);
        json.put("has_more", more);
        json.put("url", url);
        return json;
    }

    static ObjectNode searchResult(String url, List<ObjectNode> objects, boolean more) {
        ObjectNode json = Json.object();
        json.put("object", "search_result");
        json.putArray("data").addAll(objects);
        json.put("has_more", more);
        json.putNull("next_page");
        json.put("url", url);
        return json;
    }

    static ObjectNode error(ApiError error) {
        ObjectNode body = Json.object();
        if (error.code() != null) {
            body.put("code", error.code());
            body.put("doc_url", docUrl(error.code()));
        }
        body.put("message", error.message());
        if (error.param() != null) {
            body.put("param", error.param());
        }
        if (error.intent() != null) {
            body.set("payment_intent", intent(error.intent()));
        }
        body.put("type", error.type());
        return Json.object().set("error", body);
    }

    static ObjectNode declined(AwaitingMethod intent, Decline decline) {
        ObjectNode body = declineBody(decline);
        body.set("payment_intent", intent(intent));
        return Json.object().set("error", body);
    }

    /// @param requestId the request that caused it, with its idempotency key if it had one
    static ObjectNode event(
            String id,
            EventType type,
            long createdAtSeconds,
            Intent intent,
            @Nullable Refund refund,
            String requestId,
            @Nullable String idempotencyKey) {
        ObjectNode json = Json.object();
        json.put("id", id);
        json.put("object", "event");
        json.put("api_version", API_VERSION);
        json.put("created", createdAtSeconds);
        json.putObject("data").set("object", subject(type, intent, refund));
        json.put("livemode", false);
        json.put("pending_webhooks", 1);
        json.putObject("request").put("id", requestId).put("idempotency_key", idempotencyKey);
        json.put("type", type.wire());
        return json;
    }

    private static ObjectNode subject(EventType type, Intent intent, @Nullable Refund refund) {
        String charge = shown(intent).charge();
        return switch (type) {
            case CHARGE_REFUNDED -> charge == null ? intent(intent) : charge(intent, charge);
            case REFUND_UPDATED -> refund == null ? intent(intent) : refund(refund);
            case AMOUNT_CAPTURABLE_UPDATED, SUCCEEDED, CANCELED, PAYMENT_FAILED -> intent(intent);
        };
    }

    /// What an intent's fields say that follow from its state.
    private record Shown(
            long capturableMinor,
            long receivedMinor,
            @Nullable TestMethod method,
            @Nullable String charge,
            @Nullable Decline lastDecline) {}

    private static Shown shown(Intent intent) {
        return switch (intent) {
            case AwaitingMethod(_, Decline decline) ->
                    new Shown(0, 0, null, decline == null ? null : decline.charge(), decline);
            case AwaitingConfirmation(_, TestMethod method) -> new Shown(0, 0, method, null, null);
            case Held(Terms terms, TestMethod method, String charge) ->
                    new Shown(terms.amountMinor(), 0, method, charge, null);
            case Captured(_, TestMethod method, String charge, long capturedMinor, _) ->
                    new Shown(0, capturedMinor, method, charge, null);
            case Canceled(Intent.Open before, _, _) -> {
                Shown last = shown(before);
                yield new Shown(0, 0, last.method(), last.charge(), last.lastDecline());
            }
        };
    }

    private static void putCancellation(ObjectNode json, Intent intent) {
        if (intent instanceof Canceled(_, long atSeconds, CancellationReason reason)) {
            json.put("canceled_at", atSeconds);
            json.put("cancellation_reason", reason == null ? null : reason.wire());
        } else {
            json.putNull("canceled_at");
            json.putNull("cancellation_reason");
        }
    }

    private static ObjectNode declineBody(Decline decline) {
        ObjectNode json = Json.object();
        json.put("charge", decline.charge());
        json.put("code", "card_declined");
        json.put("decline_code", decline.code().wire());
        json.put("doc_url", docUrl("card_declined"));
        json.put("message", decline.code().message());
        json.putObject("payment_method")
                .put("id", decline.method().wire())
                .put("object", "payment_method")
                .put("livemode", false)
                .put("type", "card");
        json.put("type", "card_error");
        return json;
    }

    private static ObjectNode metadata(Map<String, String> metadata) {
        ObjectNode json = Json.object();
        metadata.forEach(json::put);
        return json;
    }

    private static String docUrl(String code) {
        return "https://stripe.com/docs/error-codes/"
                + code.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
