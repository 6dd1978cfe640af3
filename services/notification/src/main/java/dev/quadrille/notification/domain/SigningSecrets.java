package dev.quadrille.notification.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an endpoint's messages are signed with. It prints masked.
///
/// @param current as the receiver was shown it, `whsec_...`
/// @param previous the one before; it signs too until `previousUntil`, so that the receiver has
///   time to change over. One that is older than that signs no more
public record SigningSecrets(
        String current, @Nullable String previous, @Nullable Instant previousUntil) {

    public static SigningSecrets of(String first) {
        return new SigningSecrets(first, null, null);
    }

    /// Those that sign now, the newest first.
    public List<String> valid(Instant now) {
        return previous != null && previousUntil != null && now.isBefore(previousUntil)
                ? List.of(current, previous)
                : List.of(current);
    }

    SigningSecrets rotate(String next, Duration overlap, Instant now) {
        return new SigningSecrets(next, current, now.plus(overlap));
    }

    @Override
    public String toString() {
        return "whsec_***";
    }
}
