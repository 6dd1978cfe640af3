package dev.quadrille.payment.adapter.rest;

import dev.quadrille.contract.Money;
import dev.quadrille.payment.adapter.provider.ProviderIntent;
import dev.quadrille.payment.application.Difference;
import dev.quadrille.payment.application.ReconcilingPayments.Reconciliation;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where our payments and the provider's disagree. Payments of which the provider is being asked
/// something, or that have changed within the last minute, are left out.
///
/// @param compared how many of the provider's intents and of our payments without one were looked
///   at
/// @param complete whether these were all since then; there is a bound
public record ReconciliationView(
        Instant since, int compared, boolean complete, List<DifferenceView> differences) {

    /// @param ours null if there is nothing here
    /// @param theirs null if there is nothing there
    public record DifferenceView(
            UUID orderId,
            @Nullable String providerReference,
            Difference.Kind difference,
            @Nullable PaymentView ours,
            @Nullable IntentView theirs) {

        static DifferenceView of(Difference difference) {
            var ours = difference.ours();
            var theirs = difference.theirs();
            return new DifferenceView(
                    difference.orderId(),
                    theirs != null ? theirs.reference() : ours == null ? null : ours.reference(),
                    difference.kind(),
                    ours == null ? null : PaymentView.of(ours),
                    theirs == null ? null : IntentView.of(theirs));
        }
    }

    /// What the provider has.
    ///
    /// @param status in the provider's words
    /// @param amount null, as are the other two, in a currency that we do not know
    public record IntentView(
            String status,
            @Nullable Money amount,
            @Nullable Money captured,
            @Nullable Money refunded) {

        static IntentView of(ProviderIntent intent) {
            return new IntentView(
                    intent.status(),
                    intent.amountHeld(),
                    intent.amountCaptured(),
                    intent.amountRefunded());
        }
    }

    static ReconciliationView of(Reconciliation found) {
        return new ReconciliationView(
                found.since(),
                found.compared(),
                found.complete(),
                found.differences().stream().map(DifferenceView::of).toList());
    }
}
