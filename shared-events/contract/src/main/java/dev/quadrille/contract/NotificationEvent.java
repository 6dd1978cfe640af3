package dev.quadrille.contract;

import java.util.UUID;

/// What the notification service announces about the messages of one order.
public sealed interface NotificationEvent extends DomainEvent {

    UUID orderId();

    @Override
    default String subject() {
        return orderId().toString();
    }

    /// The message was handed over: to the mail server, or to the webhook's endpoint.
    record NotificationSent(UUID orderId, UUID notificationId, Kind kind, Channel channel)
            implements NotificationEvent {}

    /// The message was given up.
    ///
    /// @param error why, in a word; never an address
    record NotificationFailed(
            UUID orderId, UUID notificationId, Kind kind, Channel channel, String error)
            implements NotificationEvent {}

    /// What a notification tells.
    enum Kind {
        ORDER_CONFIRMED,
        ORDER_CANCELLED,
        ORDER_SHIPPED,
        ORDER_RETURNED,
        PAYMENT_REFUNDED
    }

    /// The way a notification takes.
    enum Channel {
        EMAIL,
        WEBHOOK
    }
}
