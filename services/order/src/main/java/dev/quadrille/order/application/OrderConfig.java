package dev.quadrille.order.application;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/// Settings of the order service.
@ConfigMapping(prefix = "quadrille.order")
interface OrderConfig {

    /// How long an order may stay PENDING before it is cancelled.
    Duration deadline();
}
