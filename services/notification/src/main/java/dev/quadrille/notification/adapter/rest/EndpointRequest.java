package dev.quadrille.notification.adapter.rest;

import dev.quadrille.notification.adapter.webhook.EndpointUrl;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/// What a client sends to register an endpoint.
///
/// @param events by their names, such as `order-confirmed`, each once
public record EndpointRequest(
        @NotNull @Size(max = EndpointUrl.MAX_CHARACTERS) String url,
        @NotNull @Size(min = 1, max = 5) List<@NotNull String> events) {

    /// Receivers like to put secrets into URLs.
    @Override
    public String toString() {
        return "EndpointRequest" + events;
    }
}
