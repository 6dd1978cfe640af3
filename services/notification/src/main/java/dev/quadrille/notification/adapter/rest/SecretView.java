package dev.quadrille.notification.adapter.rest;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The secret of an endpoint, in the one answer that tells it.
///
/// @param id of the endpoint
/// @param secret `whsec_` and base64, as Standard Webhooks has it
/// @param previousUntil how long the secret before signs too; null when there was none
public record SecretView(UUID id, String secret, @Nullable Instant previousUntil) {

    @Override
    public String toString() {
        return "secret of endpoint " + id;
    }
}
