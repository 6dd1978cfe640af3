package dev.quadrille.notification.adapter.rest;

import dev.quadrille.notification.adapter.postgres.EndpointEntity;
import dev.quadrille.notification.domain.Endpoint.Reason;
import dev.quadrille.notification.domain.WireName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An endpoint as clients see it, without its secret.
///
/// @param failingSince the first failure after the last success
/// @param notBefore until when the receiver asked to be left alone (Retry-After); null when it did
///   not
/// @param disabledReason `GONE` when it has answered 410, `FAILING` when it has failed for too long
public record EndpointView(
        UUID id,
        String url,
        List<String> events,
        State state,
        @Nullable Instant failingSince,
        @Nullable Instant notBefore,
        @Nullable Instant disabledAt,
        @Nullable Reason disabledReason,
        Instant createdAt) {

    /// The states of an endpoint.
    public enum State {
        ENABLED,
        DISABLED
    }

    static EndpointView of(EndpointEntity entity) {
        return new EndpointView(
                entity.id,
                entity.url,
                entity.kinds().stream().map(WireName::of).toList(),
                entity.disabledAt == null ? State.ENABLED : State.DISABLED,
                entity.failingSince,
                entity.notBefore,
                entity.disabledAt,
                entity.disabledReason,
                entity.createdAt);
    }
}
