package dev.quadrille.payment.adapter.provider;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/// Where the payment provider is and how it knows us.
@ConfigMapping(prefix = "quadrille.payment.provider")
interface ProviderConfig {

    /// Without the path of the API, such as `https://api.stripe.com`.
    String url();

    /// The secret API key.
    String key();

    /// What the provider signs its events with. Nothing reads them yet, so it may be absent.
    Optional<String> webhookSecret();
}
