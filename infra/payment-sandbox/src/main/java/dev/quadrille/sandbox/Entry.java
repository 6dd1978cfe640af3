package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// One line of the journal: all that one request changed, and the answer it got. Because it is one
/// line, a crash leaves the whole of it or nothing.
///
/// @param atMillis when it was written
/// @param intent the intent's new state, null if it did not change
/// @param refund null unless one was made
/// @param kept the answer, null if the request had no idempotency key
record Entry(long atMillis, @Nullable Intent intent, @Nullable Refund refund, @Nullable Kept kept) {

    /// An answer that the same request gets again.
    ///
    /// @param fingerprint of the endpoint and the parameters
    /// @param request the id of the request that was answered
    record Kept(String key, String fingerprint, String request, int status, JsonNode body) {}
}
