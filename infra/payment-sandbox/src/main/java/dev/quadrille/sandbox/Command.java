package dev.quadrille.sandbox;

import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a caller wants done. Times and fresh ids are part of it, so that [Decision] needs neither a
/// clock nor chance.
sealed interface Command {

    /// Make an intent.
    ///
    /// @param charge the id of the charge, should there be one
    record Open(Terms terms, @Nullable TestMethod method, boolean confirm, String charge)
            implements Command {}

    /// Do something about an intent that is there.
    sealed interface Change extends Command {
        String intent();
    }

    /// @param method null to take the one that the intent has
    record Confirm(String intent, @Nullable TestMethod method, String charge) implements Change {}

    /// @param amountMinor empty for all that is held
    record Capture(String intent, OptionalLong amountMinor) implements Change {}

    record Cancel(String intent, @Nullable CancellationReason reason, long atSeconds)
            implements Change {}

    /// The hold has come of age.
    record Lapse(String intent, long atSeconds) implements Change {}

    /// @param amountMinor empty for all that is left
    /// @param inVain whether the bank refuses, after the refund was made
    record GiveBack(
            String intent,
            String refund,
            OptionalLong amountMinor,
            @Nullable RefundReason reason,
            Map<String, String> metadata,
            long atSeconds,
            boolean inVain)
            implements Change {

        GiveBack failing() {
            return new GiveBack(intent, refund, amountMinor, reason, metadata, atSeconds, true);
        }
    }
}
