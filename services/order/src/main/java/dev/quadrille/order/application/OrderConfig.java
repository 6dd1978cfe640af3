package dev.quadrille.order.application;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/// Settings of the order service.
@ConfigMapping(prefix = "quadrille.order")
interface OrderConfig {

    /// How long an order may stay PENDING before it is cancelled.
    Duration deadline();

    /// How many clients may follow timelines at a time, on each replica.
    int maxTimelineStreams();

    /// How often such a client hears that it is still there, and must have read what it was sent.
    Duration timelineHeartbeat();
}
