package dev.quadrille.notification.domain;

import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What never changes about a notification.
///
/// @param causationId the event that made it due
/// @param traceparent the trace of that event
public record NotificationDetails(
        UUID id,
        UUID orderId,
        Kind kind,
        Channel channel,
        UUID causationId,
        @Nullable String traceparent) {}
