package dev.quadrille.notification.adapter.rest;

import dev.quadrille.notification.adapter.postgres.DeliveryEntity;
import dev.quadrille.notification.domain.WireName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery as clients see it.
///
/// @param endpoint the id of where it goes
/// @param notificationId the `webhook-id` of every attempt
/// @param attempts how often it was attempted
/// @param lastStatus of the last answer, if there was one
/// @param lastError why the last attempt failed or the delivery was given up, in a word
/// @param nextAttemptAt not before this; null once it has ended, and while it is under way
/// @param at when it last changed
public record DeliveryView(
        UUID id,
        UUID endpoint,
        UUID notificationId,
        UUID orderId,
        String event,
        State state,
        int attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable Instant nextAttemptAt,
        Instant at) {

    /// The states of a delivery.
    public enum State {
        PENDING,
        SENT,
        FAILED;

        List<DeliveryEntity.State> stored() {
            return switch (this) {
                case PENDING ->
                        List.of(DeliveryEntity.State.WAITING, DeliveryEntity.State.ATTEMPTING);
                case SENT -> List.of(DeliveryEntity.State.DELIVERED);
                case FAILED -> List.of(DeliveryEntity.State.GIVEN_UP);
            };
        }
    }

    static DeliveryView of(DeliveryEntity entity) {
        return new DeliveryView(
                entity.id,
                entity.endpointId,
                entity.notificationId,
                entity.orderId,
                WireName.of(entity.kind),
                switch (entity.state) {
                    case WAITING, ATTEMPTING -> State.PENDING;
                    case DELIVERED -> State.SENT;
                    case GIVEN_UP -> State.FAILED;
                },
                entity.attempts,
                entity.lastStatus,
                entity.lastError,
                entity.state == DeliveryEntity.State.WAITING ? entity.workDueAt : null,
                entity.changedAt);
    }
}
