package dev.quadrille.payment.application;

import java.time.Duration;
import java.time.Instant;

/// How long an authorization is sought of which the provider says that it knows nothing. Its own
/// fault may be the reason: Stripe answers a key with the 500 that it has once answered it with,
/// for as long as it knows the key.
///
/// It is asked for again for a while; then it is only sought, until what was asked for last must
/// show in the search; and if nothing does, it is given up.
///
/// @param askAgain since the first attempt
/// @param show what was asked for shows in the search after so long
record Patience(Duration askAgain, Duration show) {

    /// Stripe may forget a key after 24 hours, and would then do it a second time.
    private static final Duration KEY_IS_KNOWN = Duration.ofHours(23);

    Patience {
        if (askAgain.isNegative() || askAgain.compareTo(KEY_IS_KNOWN) >= 0) {
            throw new IllegalArgumentException(
                    "quadrille.payment.provider.give-up-after must be less than 23 hours, and not "
                            + askAgain);
        }
    }

    enum Advice {
        ASK_AGAIN,
        SEEK,
        GIVE_UP
    }

    Advice at(Instant firstAskedAt, Instant now) {
        var endOfAsking = endOfAsking(firstAskedAt);
        if (now.isBefore(endOfAsking)) {
            return Advice.ASK_AGAIN;
        }
        return now.isBefore(endOfAsking.plus(show)) ? Advice.SEEK : Advice.GIVE_UP;
    }

    Instant endOfAsking(Instant firstAskedAt) {
        return firstAskedAt.plus(askAgain);
    }
}
