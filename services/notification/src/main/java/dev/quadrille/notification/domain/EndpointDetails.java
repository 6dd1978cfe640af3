package dev.quadrille.notification.domain;

import dev.quadrille.contract.NotificationEvent.Kind;
import java.util.List;
import java.util.UUID;

/// What never changes about an endpoint.
///
/// @param url never to be logged: receivers like to put secrets into it
/// @param kinds what it wants to hear of
public record EndpointDetails(UUID id, String url, List<Kind> kinds) {

    public EndpointDetails {
        kinds = List.copyOf(kinds);
    }

    @Override
    public String toString() {
        return "endpoint " + id;
    }
}
