package dev.quadrille.notification.domain;

import java.time.Duration;

/// How long an endpoint is borne with.
///
/// @param disableAfter one that has failed for longer, without any success, is called no more
/// @param forgetAfter a failure that was the last for longer says nothing of how it is now. Longer
///   than any pause between the attempts of one delivery
/// @param longestHold for how long at most it may ask to be left alone
/// @param rotationOverlap for how long a secret signs too after the next one has come
public record EndpointRules(
        Duration disableAfter,
        Duration forgetAfter,
        Duration longestHold,
        Duration rotationOverlap) {

    public EndpointRules {
        if (!disableAfter.isPositive()
                || !forgetAfter.isPositive()
                || longestHold.isNegative()
                || rotationOverlap.isNegative()) {
            throw new IllegalArgumentException("an endpoint is borne with for some time");
        }
    }
}
