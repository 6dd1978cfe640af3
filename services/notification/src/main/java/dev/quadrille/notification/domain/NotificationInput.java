package dev.quadrille.notification.domain;

import java.util.List;

/// What can happen to a notification.
public sealed interface NotificationInput {

    /// The clock has passed the time at which something is to be done about it.
    record WorkDue() implements NotificationInput {}

    /// Whoever was sending it says how that went.
    ///
    /// @param attempt which attempt it was, from 1
    /// @param jitter any number from 0 to 1, which spreads the next attempts of many
    record Attempted(int attempt, Outcome outcome, double jitter) implements NotificationInput {}

    /// Some of its deliveries have ended.
    ///
    /// @param deliveries all of them, as they are now
    record DeliveriesEnded(List<Delivery> deliveries) implements NotificationInput {

        public DeliveriesEnded {
            deliveries = List.copyOf(deliveries);
        }
    }
}
