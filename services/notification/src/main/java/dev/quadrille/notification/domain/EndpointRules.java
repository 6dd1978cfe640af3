package dev.quadrille.notification.domain;

import java.time.Duration;

/// How long an endpoint is borne with.
///
/// @param disableAfter one that has failed for longer, without any success, is called no more
/// @param rotationOverlap for how long the secret before the newest signs too
public record EndpointRules(Duration disableAfter, Duration rotationOverlap) {

    public EndpointRules {
        if (!disableAfter.isPositive() || rotationOverlap.isNegative()) {
            throw new IllegalArgumentException("an endpoint is borne with for some time");
        }
    }
}
