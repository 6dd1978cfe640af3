package dev.quadrille.notification.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a receiver wants to be called, one record for each state it can be in.
public sealed interface Endpoint {

    EndpointDetails details();

    SigningSecrets secrets();

    /// It is called.
    ///
    /// @param failing null while all is well
    record Enabled(EndpointDetails details, SigningSecrets secrets, @Nullable Failing failing)
            implements Endpoint {}

    /// It is not called until an operator enables it again.
    record Disabled(EndpointDetails details, SigningSecrets secrets, Instant at, Reason reason)
            implements Endpoint {}

    /// It has failed, again and again.
    ///
    /// @param since the first failure after the last success, or after a long time without a call
    /// @param last the last one
    /// @param notBefore until when it asked to be left alone; null when it did not
    record Failing(Instant since, Instant last, @Nullable Instant notBefore) {}

    /// Why it is not called.
    enum Reason {
        /// It has answered 410.
        GONE,
        /// It has failed for too long.
        FAILING
    }
}
