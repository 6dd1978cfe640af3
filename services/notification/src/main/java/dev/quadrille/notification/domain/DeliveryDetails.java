package dev.quadrille.notification.domain;

import dev.quadrille.contract.NotificationEvent.Kind;
import java.util.UUID;

/// What never changes about a delivery.
///
/// @param notificationId the `webhook-id`: the same for every endpoint, attempt and redelivery, so
///   that a receiver can tell what it has already
public record DeliveryDetails(
        UUID id, UUID notificationId, UUID endpointId, UUID orderId, Kind kind) {}
