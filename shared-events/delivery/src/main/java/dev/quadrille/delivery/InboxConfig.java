package dev.quadrille.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// What an installation may set about receiving.
@ConfigMapping(prefix = "quadrille.inbox")
interface InboxConfig {

    /// How long an event is remembered from when it happened. At least as long as a topic keeps it:
    /// what is delivered again later than that has its effect again.
    @WithDefault(Retention.OF_INBOX)
    Duration retention();

    /// How long the consumer may not poll, or a batch not be taken in, before this replica says
    /// that it is not ready.
    @WithDefault("PT30S")
    Duration maxStall();
}
