package dev.quadrille.sandbox;

import org.jspecify.annotations.Nullable;

/// A request as it came in, with all of its body.
///
/// @param id what this request is called in the answer's `Request-Id`
/// @param path as it was sent, before any decoding
/// @param query as it was sent, null if there was none
/// @param body decoded as UTF-8, with a replacement character for what is none
record Request(
        String id,
        String method,
        String path,
        @Nullable String query,
        String body,
        @Nullable String contentType,
        @Nullable String authorization,
        @Nullable String idempotencyKey) {}
