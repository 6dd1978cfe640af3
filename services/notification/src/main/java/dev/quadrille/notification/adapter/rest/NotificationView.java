package dev.quadrille.notification.adapter.rest;

import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.adapter.postgres.NotificationEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A notification as clients see it.
///
/// @param attempts how often it was tried to send it; for webhooks, known once it has ended
/// @param error why it was given up, in a word
/// @param at when it last changed
public record NotificationView(
        UUID id,
        UUID orderId,
        Kind kind,
        Channel channel,
        State state,
        int attempts,
        @Nullable String error,
        Instant at) {

    /// The states of a notification.
    public enum State {
        PENDING,
        SENT,
        FAILED
    }

    static NotificationView of(NotificationEntity entity) {
        return new NotificationView(
                entity.id,
                entity.orderId,
                entity.kind,
                entity.channel,
                switch (entity.state) {
                    case PENDING, SENDING, DELIVERING -> State.PENDING;
                    case SENT -> State.SENT;
                    case FAILED -> State.FAILED;
                },
                entity.attempts,
                entity.error,
                entity.changedAt);
    }
}
