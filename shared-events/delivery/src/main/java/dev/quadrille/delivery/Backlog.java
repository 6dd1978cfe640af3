package dev.quadrille.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What waits: in the outbox for the broker, and under parked keys for an operator.
///
/// It is counted every now and then, by each replica. What this replica has written since is added,
/// so that a burst cannot run far past the bound between two counts.
@ApplicationScoped
public class Backlog {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /// How many counts are left out while there is nothing to count.
    private static final int IDLE_INTERVALS = 5;

    private static final String COUNT =
            """
            select count(*) as waiting, min(time) as oldest,
                   extract(epoch from clock_timestamp() - min(time))::float8 as oldest_seconds,
                   (select count(*) from parked_keys) as parked_keys
            from outbox
            where $1
            """;

    private final Vertx vertx;
    private final Pool pool;
    private final OutboxConfig config;
    private final AtomicLong writtenSince = new AtomicLong();

    private volatile long waiting;
    private volatile double oldestSeconds;
    private volatile long parkedKeys;
    private volatile long oldestSinceNanos = System.nanoTime();

    private volatile boolean counting;

    /// Touched by one count after the other.
    private @Nullable OffsetDateTime oldest;

    /// Touched by the timer alone.
    private int skipped;

    Backlog(Vertx vertx, Pool pool, OutboxConfig config, MeterRegistry metrics) {
        this.vertx = vertx;
        this.pool = pool;
        this.config = config;
        Gauge.builder("quadrille.outbox.depth", this, backlog -> backlog.waiting)
                .description("events that are committed and not on Kafka yet")
                .baseUnit("events")
                .register(metrics);
        TimeGauge.builder(
                        "quadrille.outbox.age",
                        this,
                        TimeUnit.SECONDS,
                        backlog -> backlog.oldestSeconds)
                .description("how long the oldest of them has waited")
                .register(metrics);
        Gauge.builder("quadrille.parked.keys", this, backlog -> backlog.parkedKeys)
                .description("keys whose events wait for an operator")
                .baseUnit("keys")
                .register(metrics);
    }

    /// Whether so many events wait for the broker that no more requests should be accepted.
    public boolean isFull() {
        return config.relay() && waiting + writtenSince.get() >= config.maxBacklog();
    }

    /// For how long the same event has been the oldest one: whoever relays, nobody gets on.
    Duration sinceProgress() {
        return waiting == 0
                ? Duration.ZERO
                : Duration.ofNanos(System.nanoTime() - oldestSinceNanos);
    }

    void wrote(int events) {
        writtenSince.addAndGet(events);
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(INTERVAL.toMillis(), _ -> countUnlessIdle());
    }

    private void countUnlessIdle() {
        boolean idle = waiting == 0 && writtenSince.get() == 0 && skipped < IDLE_INTERVALS;
        if (counting || idle) {
            skipped++;
            return;
        }
        skipped = 0;
        counting = true;
        long written = writtenSince.get();
        pool.preparedQuery(COUNT)
                // Rows that somebody else captures are kept for a while, and wait for nobody.
                .execute(Tuple.of(config.relay()))
                .map(rows -> rows.iterator().next())
                .onTermination()
                .invoke(() -> counting = false)
                .subscribe()
                .with(
                        row -> counted(row, written),
                        // What was counted last still stands; the database's own check tells.
                        _ -> {});
    }

    private void counted(Row row, long writtenBefore) {
        var nowOldest = row.getOffsetDateTime("oldest");
        if (!Objects.equals(nowOldest, oldest)) {
            oldest = nowOldest;
            oldestSinceNanos = System.nanoTime();
        }
        waiting = row.getLong("waiting");
        var seconds = row.getDouble("oldest_seconds");
        oldestSeconds = seconds == null ? 0 : seconds;
        parkedKeys = row.getLong("parked_keys");
        writtenSince.addAndGet(-writtenBefore);
    }
}
