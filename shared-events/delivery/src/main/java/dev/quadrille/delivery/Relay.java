package dev.quadrille.delivery;

import dev.quadrille.delivery.Publisher.OutboxRow;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Brings committed outbox rows to Kafka.
///
/// It claims a batch by deleting it, publishes it, and commits the deletion once the broker has
/// acknowledged every event. If anything fails in between, the deletion is undone and the batch is
/// published again: at least once, never not at all. There is no cursor over positions, because a
/// position is drawn before its transaction commits, and a cursor that has passed it never comes
/// back.
///
/// It is woken by each transaction that announced something, by a call in this replica and by a
/// notification in the others; the poll is for what a crash left behind. [OutboxSession] says how
/// replicas share the work, and why none can disorder what another has published.
@ApplicationScoped
class Relay {

    private static final Duration MAX_PAUSE = Duration.ofMillis(200);
    private static final Duration FREE_SHARES_INTERVAL = Duration.ofSeconds(1);

    /// How long a claim waits for the broker. Less than a lease, and no transaction should stay
    /// open for an outage.
    private static final Duration PUBLISH_LIMIT = Duration.ofSeconds(2);

    /// After failing for so long it gives its shares to whoever fares better.
    private static final Duration YIELD_AFTER = Duration.ofSeconds(10);

    /// A batch that takes longer than that is halved, and grows again with those that succeed.
    private static final int MAX_BATCH_ROWS = 1_000;

    private final Pool pool;
    private final Publisher publisher;
    private final OutboxConfig config;
    private final Counter relayed;
    private final WorkLoop loop;

    /// A bit for each share into which this replica has written since the last round.
    private final AtomicInteger written = new AtomicInteger();

    private volatile long lastSuccessNanos = System.nanoTime();

    // Touched by the rounds of the loop alone, and after they have ended.
    private @Nullable OutboxSession session;
    private long freeSharesSoughtAtNanos;
    private int batchRows = MAX_BATCH_ROWS;

    Relay(Vertx vertx, Pool pool, Publisher publisher, OutboxConfig config, MeterRegistry metrics) {
        this.pool = pool;
        this.publisher = publisher;
        this.config = config;
        this.relayed = metrics.counter("quadrille.outbox.relayed");
        this.loop = new WorkLoop("The relay", vertx, MAX_PAUSE, this::round);
    }

    /// Says that there are new rows. From any thread.
    ///
    /// @param shares a bit for each share of the outbox that has some
    void wake(int shares) {
        if (config.relay()) {
            written.accumulateAndGet(shares, (some, more) -> some | more);
            loop.wake();
        }
    }

    /// Since when it has neither relayed anything nor seen that there is nothing to relay.
    Duration sinceSuccess() {
        return config.relay()
                ? Duration.ofNanos(System.nanoTime() - lastSuccessNanos)
                : Duration.ZERO;
    }

    void start(@Observes StartupEvent event) {
        if (config.relay()) {
            lastSuccessNanos = System.nanoTime();
            loop.wake();
        }
    }

    /// What is left in the outbox is for another replica, or for the next start.
    void stop(@Observes ShutdownEvent event) {
        if (config.relay()) {
            loop.stop();
            forgetSession();
        }
    }

    private Uni<Integer> round() {
        return open().flatMap(open ->
                        seekFreeShares(open)
                                .chain(() -> wakeOwners(open))
                                .chain(() -> drain(open))
                                .onFailure(failure -> !(failure instanceof PublishException))
                                .invoke(this::forgetSession))
                .invoke(this::succeeded)
                .onFailure()
                .invoke(() -> {
                    if (sinceSuccess().compareTo(YIELD_AFTER) > 0) {
                        forgetSession();
                    }
                });
    }

    private void succeeded(int rows) {
        relayed.increment(rows);
        // While a share rests nobody knows yet whether it can be relayed.
        if (rows > 0 || session == null || !session.isResting()) {
            lastSuccessNanos = System.nanoTime();
        }
        if (rows > 0) {
            batchRows = Math.min(MAX_BATCH_ROWS, batchRows * 2);
        }
    }

    private Uni<OutboxSession> open() {
        return session != null
                ? Uni.createFrom().item(session)
                : OutboxSession.open(pool, loop::wake)
                        .invoke(opened -> {
                            session = opened;
                            freeSharesSoughtAtNanos =
                                    System.nanoTime() - FREE_SHARES_INTERVAL.toNanos();
                        });
    }

    private Uni<Void> seekFreeShares(OutboxSession open) {
        long now = System.nanoTime();
        if (open.ownsAll() || now - freeSharesSoughtAtNanos < FREE_SHARES_INTERVAL.toNanos()) {
            return Uni.createFrom().voidItem();
        }
        freeSharesSoughtAtNanos = now;
        return open.takeFreeShares();
    }

    private Uni<Void> wakeOwners(OutboxSession open) {
        int shares = written.getAndSet(0);
        boolean othersHaveRows =
                IntStream.range(0, Outbox.PARTITIONS)
                        .anyMatch(share -> (shares & 1 << share) != 0 && !open.owns(share));
        return othersHaveRows ? open.wakeOwners() : Uni.createFrom().voidItem();
    }

    private Uni<Integer> drain(OutboxSession open) {
        int unsettled = publisher.unsettled();
        return unsettled == 0
                ? open.drain(batchRows, this::publish)
                : open.renew()
                        .map(_ -> {
                            throw new PublishException(
                                    unsettled
                                            + " events of the last batch are on their way to the"
                                            + " broker");
                        });
    }

    private Uni<Void> publish(List<OutboxRow> rows) {
        return publisher
                .publish(rows)
                .ifNoItem()
                .after(PUBLISH_LIMIT)
                .failWith(() ->
                        new PublishException(
                                "the broker has not acknowledged within " + PUBLISH_LIMIT))
                .onFailure(failure -> !(failure instanceof PublishException))
                .transform(failure -> new PublishException(failure.toString()))
                .emitOn(loop::onContext)
                .onFailure()
                .invoke(() -> batchRows = Math.max(1, rows.size() / 2));
    }

    private void forgetSession() {
        if (session != null) {
            session.close().subscribe().with(_ -> {}, _ -> {});
            session = null;
        }
    }

    /// The broker did not take a batch. The session of the database is as good as before.
    private static final class PublishException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        PublishException(String message) {
            super(message);
        }
    }
}
