package dev.quadrille.payment.domain;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import java.util.UUID;

/// Something to be asked of the provider. It may be asked any number of times: the provider knows
/// it by its key, does it once, and gives the same answer each time.
public sealed interface Errand {

    UUID orderId();

    /// The same for the same errand. The provider also wants the same parameters with it, so
    /// whoever changes what is sent needs a new key.
    String idempotencyKey();

    /// Hold the amount.
    record Authorize(UUID orderId, Money amount, PaymentMethod method) implements Errand {

        @Override
        public String idempotencyKey() {
            return idempotencyKey(orderId);
        }

        /// The provider names it when it tells what came of the request.
        public static String idempotencyKey(UUID orderId) {
            return "authorize-" + orderId;
        }
    }

    /// Let go of what is held.
    ///
    /// @param reference the provider's name for it
    record LetGo(UUID orderId, String reference) implements Errand {

        @Override
        public String idempotencyKey() {
            return "void-" + orderId;
        }
    }

    /// Take the amount that is held.
    ///
    /// @param reference the provider's name for it
    record Capture(UUID orderId, Money amount, String reference) implements Errand {

        @Override
        public String idempotencyKey() {
            return "capture-" + orderId;
        }
    }

    /// Give back what is left of the amount that was taken: somebody may have given back a part of
    /// it at the provider.
    ///
    /// @param reference the provider's name for it
    record Refund(UUID orderId, Money amount, String reference) implements Errand {

        @Override
        public String idempotencyKey() {
            return "refund-all-" + orderId;
        }
    }
}
