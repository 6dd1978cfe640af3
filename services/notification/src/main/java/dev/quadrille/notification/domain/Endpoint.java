package dev.quadrille.notification.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a receiver wants to be called, one record for each state it can be in.
public sealed interface Endpoint {

    EndpointDetails details();

    SigningSecrets secrets();

    /// It is called.
    ///
    /// @param failingSince the first failure after the last success; null when there is none
    record Enabled(EndpointDetails details, SigningSecrets secrets, @Nullable Instant failingSince)
            implements Endpoint {}

    /// It is not called until an operator enables it again.
    record Disabled(EndpointDetails details, SigningSecrets secrets, Instant at, Reason reason)
            implements Endpoint {}

    /// Why it is not called.
    enum Reason {
        /// It has answered 410.
        GONE,
        /// It has failed for too long.
        FAILING
    }
}
