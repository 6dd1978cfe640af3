package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quadrille.sandbox.Intent.AwaitingConfirmation;
import dev.quadrille.sandbox.Intent.AwaitingMethod;
import dev.quadrille.sandbox.Intent.Canceled;
import dev.quadrille.sandbox.Intent.Captured;
import dev.quadrille.sandbox.Intent.Held;
import org.jspecify.annotations.Nullable;

/// The money of one intent, in minor units, as it stands between two operations. It is computed
/// from a single immutable state, so that no reader sees half of an operation.
///
/// @param orderId from the metadata, null if there was none
/// @param heldMinor what is held right now
/// @param capturedMinor all that was ever captured
/// @param refundedMinor all that was ever given back
/// @param voidedMinor of what was held, all that was let go without being taken
record LedgerItem(
        @Nullable String orderId,
        String intent,
        long heldMinor,
        long capturedMinor,
        long refundedMinor,
        long voidedMinor,
        String currency) {

    static LedgerItem of(Intent intent) {
        return switch (intent) {
            case AwaitingMethod _, AwaitingConfirmation _ -> item(intent, 0, 0, 0, 0);
            case Held held -> item(intent, held.terms().amountMinor(), 0, 0, 0);
            case Captured captured ->
                    item(
                            intent,
                            0,
                            captured.capturedMinor(),
                            captured.refundedMinor(),
                            captured.terms().amountMinor() - captured.capturedMinor());
            case Canceled(Intent.Open before, _, _) ->
                    item(intent, 0, 0, 0, of(before).heldMinor());
        };
    }

    ObjectNode json() {
        return Json.object()
                .put("orderId", orderId)
                .put("intent", intent)
                .put("held", heldMinor)
                .put("captured", capturedMinor)
                .put("refunded", refundedMinor)
                .put("voided", voidedMinor)
                .put("currency", currency);
    }

    private static LedgerItem item(
            Intent intent, long held, long captured, long refunded, long voided) {
        Terms terms = intent.terms();
        return new LedgerItem(
                terms.orderId(), terms.id(), held, captured, refunded, voided, terms.currency());
    }
}
