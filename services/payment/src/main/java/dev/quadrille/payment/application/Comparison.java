package dev.quadrille.payment.application;

import dev.quadrille.payment.adapter.provider.ProviderIntent;
import dev.quadrille.payment.application.Difference.Kind;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Capturing;
import dev.quadrille.payment.domain.Payment.CapturingToRefund;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Refunding;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import java.util.Optional;

/// Whether a payment and an intent that says it is for the same order agree.
///
/// | ours | theirs, if it is the payment's intent | theirs, if it is not |
/// |---|---|---|
/// | something is being asked | anything | anything: the answer is not known yet |
/// | Authorized | `requires_capture` | must have no money |
/// | Captured | `succeeded`, all captured, nothing refunded | must have no money |
/// | Refunded | `succeeded`, all refunded | must have no money |
/// | Voided | `canceled` | must have no money |
/// | AwaitingStock, AwaitingOrder, Declined, Cancelled | has none | must have no money |
final class Comparison {

    private Comparison() {}

    static Optional<Kind> of(Known ours, ProviderIntent theirs) {
        if (ours.errand() != null) {
            return Optional.empty();
        }
        if (!theirs.reference().equals(ours.reference())) {
            return theirs.hasMoney()
                    ? Optional.of(ours.reference() == null ? Kind.STATE : Kind.SECOND_HOLD)
                    : Optional.empty();
        }
        if (!isSameAmount(ours, theirs)) {
            return Optional.of(Kind.AMOUNT);
        }
        return isSameState(ours, theirs) ? Optional.empty() : Optional.of(Kind.STATE);
    }

    private static boolean isSameAmount(Known ours, ProviderIntent theirs) {
        var amount = ours.amount();
        return amount != null
                && theirs.isOf(amount)
                && (!theirs.isCaptured() || theirs.isCapturedInFull());
    }

    private static boolean isSameState(Known ours, ProviderIntent theirs) {
        return switch (ours) {
            case Authorized _ -> theirs.isHeld();
            case Captured _ -> theirs.isCaptured() && theirs.refunded() == 0;
            case Refunded _ -> theirs.isCaptured() && !theirs.hasMoney();
            case Voided _ -> theirs.isCanceled();
            case AwaitingStock _,
                    AwaitingOrder _,
                    Authorizing _,
                    Abandoning _,
                    Declined _,
                    Cancelled _,
                    Voiding _,
                    Capturing _,
                    CapturingToRefund _,
                    Refunding _ ->
                    true; // they have no intent, or what they want of it is under way
        };
    }
}
