package dev.quadrille.payment.adapter.provider;

import dev.quadrille.contract.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the provider has for an order.
///
/// @param status in Stripe's words
/// @param currency as Stripe writes it
public record ProviderIntent(
        String reference,
        UUID orderId,
        String status,
        long amountMinor,
        @Nullable String currency,
        long capturedMinor,
        long refundedMinor) {

    static @Nullable ProviderIntent of(IntentBody intent) {
        var orderId = intent.orderId();
        return orderId == null
                ? null
                : new ProviderIntent(
                        intent.id(),
                        orderId,
                        intent.status(),
                        intent.amountMinor(),
                        intent.currency(),
                        intent.receivedMinor(),
                        intent.refundedMinor());
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
        return isHeld() || (isCaptured() && refundedMinor < capturedMinor);
    }

    public boolean isOf(Money amount) {
        return IntentBody.isOf(amount, amountMinor, currency);
    }
}
