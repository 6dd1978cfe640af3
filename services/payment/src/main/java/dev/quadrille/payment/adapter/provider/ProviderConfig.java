package dev.quadrille.payment.adapter.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where the payment provider is, how it and we know each other, and how long we are patient.
@ConfigMapping(prefix = "quadrille.payment.provider")
public interface ProviderConfig {

    /// Without the path of the API, such as `https://api.stripe.com`.
    String url();

    /// The secret API key.
    String key();

    /// What the provider signs its events with. While a secret is being replaced there are two,
    /// separated by a comma. Without any, no event is believed.
    Optional<List<String>> webhookSecret();

    /// How long after the first attempt an authorization of which the provider knows nothing is
    /// asked for again. Less than 23 hours: the provider knows the key of a request for 24.
    @WithDefault("PT10M")
    Duration giveUpAfter();

    /// How long the provider's search may miss what is there. Stripe speaks of less than a minute,
    /// and of an hour when its index is in trouble. The order does not wait for it: it ends at its
    /// own deadline.
    @WithDefault("PT1H")
    Duration searchLag();
}
