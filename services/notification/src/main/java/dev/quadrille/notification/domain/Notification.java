package dev.quadrille.notification.domain;

import java.time.Instant;

/// A message to a customer, one record for each state it can be in.
public sealed interface Notification {

    NotificationDetails details();

    /// How often a conversation with the mail server was begun for it; for one that goes to
    /// webhooks, how often an endpoint was called before it ended.
    int attempts();

    /// It waits to be sent.
    ///
    /// @param dueAt not before this
    record Pending(NotificationDetails details, int attempts, Instant dueAt)
            implements Notification {}

    /// Somebody is sending it, or died while doing so.
    ///
    /// @param leaseEndsAt when whoever is sending it must have said how that went
    record Sending(NotificationDetails details, int attempts, Instant leaseEndsAt)
            implements Notification {}

    /// It goes to webhooks, and each of its deliveries moves by itself ([Delivery]).
    ///
    /// @param body what every endpoint gets at every attempt, to the byte
    record Delivering(NotificationDetails details, String body) implements Notification {

        @Override
        public int attempts() {
            return 0;
        }
    }

    /// The mail server took it, or every endpoint did.
    record Sent(NotificationDetails details, int attempts) implements Notification {}

    /// It was given up.
    ///
    /// @param error why, in a word; never an address
    record Failed(NotificationDetails details, int attempts, String error)
            implements Notification {}
}
