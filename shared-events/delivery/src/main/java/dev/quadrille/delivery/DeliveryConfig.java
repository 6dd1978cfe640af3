package dev.quadrille.delivery;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Settings of the delivery.
@ConfigMapping(prefix = "quadrille")
interface DeliveryConfig {

    /// Stands before the name of every topic, for installations that share a broker. The same for
    /// all services.
    Optional<String> topicPrefix();
}
