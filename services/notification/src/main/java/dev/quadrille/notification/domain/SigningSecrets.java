package dev.quadrille.notification.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What an endpoint's messages are signed with. It prints masked.
///
/// Every secret signs until its own time is over, however many came after it: the receiver may have
/// any of them, and not yet the next.
///
/// @param current as the receiver was shown it, `whsec_...`
/// @param previous those before, the newest first
public record SigningSecrets(String current, List<Previous> previous) {

    /// How many may sign at once: each makes every message longer.
    private static final int MAX = 4;

    /// One that signs too for a while, so that the receiver has time to change over.
    public record Previous(String secret, Instant until) {
        @Override
        public String toString() {
            return "whsec_***";
        }
    }

    public SigningSecrets {
        previous = List.copyOf(previous);
    }

    public static SigningSecrets of(String first) {
        return new SigningSecrets(first, List.of());
    }

    /// Those that sign now, the newest first.
    public List<String> valid(Instant now) {
        return Stream.concat(Stream.of(current), stillValid(now).map(Previous::secret)).toList();
    }

    boolean mayRotate(Instant now) {
        return valid(now).size() < MAX;
    }

    SigningSecrets rotate(String next, Duration overlap, Instant now) {
        return new SigningSecrets(
                next,
                Stream.concat(Stream.of(new Previous(current, now.plus(overlap))), stillValid(now))
                        .toList());
    }

    private Stream<Previous> stillValid(Instant now) {
        return previous.stream().filter(one -> now.isBefore(one.until()));
    }

    @Override
    public String toString() {
        return "whsec_***";
    }
}
