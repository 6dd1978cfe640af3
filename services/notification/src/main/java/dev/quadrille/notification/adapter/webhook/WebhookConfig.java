package dev.quadrille.notification.adapter.webhook;

import dev.quadrille.notification.domain.DeliveryRules;
import dev.quadrille.notification.domain.EndpointRules;
import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How webhooks are called.
@ConfigMapping(prefix = "quadrille.notification.webhook")
public interface WebhookConfig {

    /// Whether receivers may be inside: at private and loopback addresses, at any port, and by
    /// plain HTTP. For developers and for receivers of one's own house.
    boolean allowPrivateAddresses();

    /// How many endpoints there may be.
    int maxEndpoints();

    /// How many calls to one endpoint are under way at once.
    int atOncePerEndpoint();

    /// How long to wait after the first attempt, the second and so on; after the attempt that has
    /// no pause a delivery is given up.
    List<Duration> pauses();

    /// How long an attempt may take, from the look-up of the name to the end of the answer.
    Duration answerLimit();

    /// An endpoint that has failed for longer, without any success, is disabled. Only failures
    /// count that follow each other within about twice the longest of the pauses.
    Duration disableAfter();

    /// For how long a secret signs too after the next one has come.
    Duration rotationOverlap();

    /// How long a delivery stays in the log after it has ended, and can be asked for again.
    Duration retention();

    /// How long to wait at most before those are looked for that have stayed long enough.
    Duration pruneEvery();

    /// Certificates in PEM to trust instead of the platform's, for receivers with a house's own.
    Optional<Path> trustedCertificates();

    /// The lease leaves as much time again to store the answer.
    default DeliveryRules rules() {
        return new DeliveryRules(pauses(), answerLimit().multipliedBy(2));
    }

    /// An attempt may come late, by its lease or because much waits before it.
    default EndpointRules endpointRules() {
        var longestPause = pauses().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        return new EndpointRules(
                disableAfter(),
                longestPause.multipliedBy(2).plus(rules().lease()),
                longestPause,
                rotationOverlap());
    }

    /// Of all endpoints, which is why none can hold up another.
    default int atOnce() {
        return maxEndpoints() * atOncePerEndpoint();
    }
}
