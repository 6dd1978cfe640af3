package dev.quadrille.notification.domain;

import java.time.Instant;

/// The way of a notification to one endpoint, one record for each state it can be in.
public sealed interface Delivery {

    DeliveryDetails details();

    Tries tries();

    /// It waits to be attempted.
    ///
    /// @param dueAt not before this
    record Waiting(DeliveryDetails details, Tries tries, Instant dueAt) implements Delivery {}

    /// Somebody is calling the endpoint, or died while doing so.
    ///
    /// @param leaseEndsAt when whoever is calling must have said how that went
    record Attempting(DeliveryDetails details, Tries tries, Instant leaseEndsAt)
            implements Delivery {}

    /// The endpoint took it.
    record Delivered(DeliveryDetails details, Tries tries) implements Delivery {}

    /// It was given up.
    ///
    /// @param error why, in a word; never an address
    record GivenUp(DeliveryDetails details, Tries tries, String error) implements Delivery {}
}
