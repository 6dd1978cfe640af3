package dev.quadrille.notification.domain;

import java.time.Instant;

/// A message to a customer, one record for each state it can be in.
public sealed interface Notification {

    NotificationDetails details();

    /// How often a conversation with the mail server was begun for it.
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

    /// The mail server took it.
    record Sent(NotificationDetails details, int attempts) implements Notification {}

    /// It was given up.
    ///
    /// @param error why, in a word; never an address
    record Failed(NotificationDetails details, int attempts, String error)
            implements Notification {}
}
