package dev.quadrille.payment.application;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/// Settings of the comparison with the provider.
@ConfigMapping(prefix = "quadrille.payment.reconciliation")
interface ReconciliationConfig {

    /// How often it is done; 0 is never.
    Duration every();
}
