package dev.quadrille.notification.domain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of one attempt to call a webhook's endpoint.
public sealed interface Answer {

    /// The receiver has it.
    ///
    /// @param status 2xx
    record Taken(int status) implements Answer {}

    /// The receiver wants nothing more: 410.
    record Gone() implements Answer {}

    /// The receiver did not say that it has it. Whether it does is not known.
    ///
    /// @param error a word such as `http-500`, never an address
    /// @param status null when there was none
    /// @param retryAfter how long the receiver asks to be left alone; null when it does not
    record Trouble(String error, @Nullable Integer status, @Nullable Duration retryAfter)
            implements Answer {}
}
