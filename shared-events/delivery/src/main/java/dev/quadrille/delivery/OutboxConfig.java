package dev.quadrille.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/// What an installation may set about sending.
@ConfigMapping(prefix = "quadrille.outbox")
interface OutboxConfig {

    /// `off` leaves the rows to change data capture, such as Debezium's outbox event router.
    @WithDefault("on")
    boolean relay();

    /// The topics that the service announces on, without the prefix of the installation.
    List<String> topics();

    /// How many events may wait before requests are refused.
    @WithDefault("100000")
    int maxBacklog();

    /// How long the relay may get nowhere before this replica says that it is not ready.
    @WithDefault("PT30S")
    Duration maxStall();

    /// How long rows are kept that nobody relays, for whoever captures them.
    @WithDefault(Retention.OF_OUTBOX)
    Duration retention();
}
