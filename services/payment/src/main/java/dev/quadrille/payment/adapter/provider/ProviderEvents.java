package dev.quadrille.payment.adapter.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads what the provider sends to its webhook.
///
/// | type | means |
/// |---|---|
/// | `payment_intent.amount_capturable_updated` | authorized |
/// | `payment_intent.payment_failed` | declined |
/// | `payment_intent.succeeded` | captured, if all of it was taken |
/// | `payment_intent.canceled` | voided: asked for, by whomever, or lapsed |
/// | `charge.refunded` | refunded, if it was captured and all of it was given back |
/// | `charge.refund.updated`, `refund.failed` | if it failed: an operator must act |
@ApplicationScoped
public class ProviderEvents {

    private static final Logger LOG = Logger.getLogger(ProviderEvents.class);

    private static final String FAILED = "failed";

    private final ObjectMapper json;
    private final List<String> secrets;

    ProviderEvents(ObjectMapper json, ProviderConfig config) {
        this.json = json;
        this.secrets =
                config.webhookSecret().orElse(List.of()).stream()
                        .map(String::strip)
                        .filter(secret -> !secret.isEmpty())
                        .toList();
    }

    void start(@Observes StartupEvent event) {
        if (secrets.isEmpty()) {
            LOG.warn("There is no quadrille.payment.provider.webhook-secret: no event is believed");
        }
    }

    /// @param signature the header `Stripe-Signature`
    /// @param body as it came: the signature is of these bytes
    public ProviderEvent read(@Nullable String signature, byte[] body, Instant now) {
        if (!WebhookSignature.isValid(signature, body, secrets, now)) {
            return new ProviderEvent.Unsigned();
        }
        try {
            return read(json.readValue(body, EventBody.class));
        } catch (IOException | IllegalArgumentException | NullPointerException _) {
            // Not quoted: it may hold the name of a card.
            return new ProviderEvent.Unreadable();
        }
    }

    private ProviderEvent read(@Nullable EventBody event) throws JsonProcessingException {
        if (event == null) {
            return new ProviderEvent.Unreadable();
        }
        var object = event.data().object();
        return switch (event.type()) {
            case "payment_intent.amount_capturable_updated" -> {
                var intent = intent(object);
                yield about(event, intent, new ProviderAuthorized(intent.id()));
            }
            case "payment_intent.payment_failed" -> {
                var intent = intent(object);
                var error = intent.lastError();
                yield about(
                        event,
                        intent,
                        error == null
                                ? Replies.toDecline(null, null)
                                : Replies.toDecline(error.declineCode(), error.code()));
            }
            case "payment_intent.succeeded" -> {
                var intent = intent(object);
                yield intent.isCapturedInFull()
                        ? about(event, intent, new ProviderCaptured(intent.id()))
                        : new ProviderEvent.NotUsed(event.type());
            }
            case "payment_intent.canceled" -> {
                var intent = intent(object);
                yield about(event, intent, new ProviderVoided(intent.id()));
            }
            case "charge.refunded" ->
                    refunded(event, json.treeToValue(object, EventBody.Charge.class));
            case "charge.refund.updated", "refund.failed" ->
                    updated(event, json.treeToValue(object, EventBody.Refund.class));
            default -> new ProviderEvent.NotUsed("other");
        };
    }

    private IntentBody intent(JsonNode object) throws JsonProcessingException {
        return json.treeToValue(object, IntentBody.class);
    }

    private static ProviderEvent about(EventBody event, IntentBody intent, ProviderAnswer answer) {
        var orderId = intent.orderId();
        return orderId == null
                ? new ProviderEvent.NotOurs(event.type())
                : new ProviderEvent.About(
                        event.id(),
                        event.type(),
                        orderId,
                        answer,
                        intent.amount(),
                        intent.currency(),
                        event.idempotencyKey());
    }

    private static ProviderEvent refunded(EventBody event, EventBody.Charge charge) {
        var orderId = IntentBody.orderId(charge.metadata());
        if (orderId == null || charge.intent() == null) {
            return new ProviderEvent.NotOurs(event.type());
        }
        return charge.captured() && charge.refunded()
                ? new ProviderEvent.About(
                        event.id(),
                        event.type(),
                        orderId,
                        new ProviderRefunded(charge.intent()),
                        charge.amount(),
                        charge.currency(),
                        event.idempotencyKey())
                : new ProviderEvent.NotUsed(event.type());
    }

    private static ProviderEvent updated(EventBody event, EventBody.Refund refund) {
        var orderId = IntentBody.orderId(refund.metadata());
        if (orderId == null) {
            return new ProviderEvent.NotOurs(event.type());
        }
        return refund.status().equals(FAILED)
                ? new ProviderEvent.RefundFailed(event.id(), event.type(), orderId, refund.id())
                : new ProviderEvent.NotUsed(event.type());
    }
}
