package dev.quadrille.payment.adapter.provider;

import dev.quadrille.contract.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the provider has for an order. The amounts are in its own unit, which is not everywhere
/// ours, see [StripeAmount].
///
/// @param status in Stripe's words
/// @param currency as Stripe writes it
public record ProviderIntent(
        String reference,
        UUID orderId,
        String status,
        long amount,
        @Nullable String currency,
        long captured,
        long refunded) {

    static @Nullable ProviderIntent of(IntentBody intent) {
        var orderId = intent.orderId();
        return orderId == null
                ? null
                : new ProviderIntent(
                        intent.id(),
                        orderId,
                        intent.status(),
                        intent.amount(),
                        intent.currency(),
                        intent.received(),
                        intent.refunded());
    }

    public boolean isHeld() {
        return status.equals(IntentBody.HELD);
    }

    public boolean isCaptured() {
        return status.equals(IntentBody.CAPTURED);
    }

    public boolean isCanceled() {
        return status.equals(IntentBody.CANCELED);
    }

    /// Whether it has a hold on the customer's money, or some of it.
    public boolean hasMoney() {
        return isHeld() || (isCaptured() && refunded < captured);
    }

    public boolean isOf(Money amount) {
        return IntentBody.isOf(amount, this.amount, currency);
    }

    /// Whether it took all that it held, if it took anything.
    public boolean isCapturedInFull() {
        return captured == amount;
    }

    /// Null if it is not one of ours, as are the two that follow.
    public @Nullable Money amountHeld() {
        return StripeAmount.toMoney(amount, currency).orElse(null);
    }

    public @Nullable Money amountCaptured() {
        return StripeAmount.toMoney(captured, currency).orElse(null);
    }

    public @Nullable Money amountRefunded() {
        return StripeAmount.toMoney(refunded, currency).orElse(null);
    }
}
