package dev.quadrille.notification.domain;

/// What can happen to a delivery.
public sealed interface DeliveryInput {

    /// How its endpoint stands when it happens.
    enum Standing {
        ENABLED,
        DISABLED,
        DELETED
    }

    Standing standing();

    /// The clock has passed the time at which something is to be done about it.
    record WorkDue(Standing standing) implements DeliveryInput {}

    /// Whoever was calling the endpoint says how that went.
    ///
    /// @param attempt which attempt of all it was, from 1
    /// @param standing after the endpoint has heard of the answer
    /// @param jitter any number from 0 to 1, which spreads the next attempts of many
    record Attempted(int attempt, Answer answer, Standing standing, double jitter)
            implements DeliveryInput {}

    /// An operator wants it attempted again, or at once.
    record Redeliver(Standing standing) implements DeliveryInput {}
}
