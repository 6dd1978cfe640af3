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
import org.jspecify.annotations.Nullable;

/// Brings committed outbox rows to Kafka.
///
/// It claims a batch by deleting it, publishes it, and commits the deletion once the broker has
/// acknowledged every event. If anything fails in between, the deletion is undone and the batch is
/// published again: at least once, never not at all. There is no cursor over positions, because a
/// position is drawn before its transaction commits, and a cursor that has passed it never comes
/// back.
///
/// It is woken by each transaction of this replica that announced something; the poll is for rows
/// of other replicas, and for those that a crash left behind.
@ApplicationScoped
class Relay {

    private static final Duration MAX_PAUSE = Duration.ofMillis(200);
    private static final Duration FREE_SHARES_INTERVAL = Duration.ofSeconds(1);

    private final Pool pool;
    private final Publisher publisher;
    private final Counter relayed;
    private final WorkLoop loop;

    // Touched by the rounds of the loop alone, and after they have ended.
    private @Nullable OutboxSession session;
    private long freeSharesSoughtAtNanos;

    Relay(Vertx vertx, Pool pool, Publisher publisher, MeterRegistry metrics) {
        this.pool = pool;
        this.publisher = publisher;
        this.relayed = metrics.counter("quadrille.outbox.relayed");
        this.loop = new WorkLoop("The relay", vertx, MAX_PAUSE, this::round);
    }

    /// Says that there are new rows. From any thread.
    void wake() {
        loop.wake();
    }

    void start(@Observes StartupEvent event) {
        loop.wake();
    }

    /// What is left in the outbox is for another replica, or for the next start.
    void stop(@Observes ShutdownEvent event) {
        loop.stop();
        forgetSession();
    }

    private Uni<Integer> round() {
        return open().call(this::seekFreeShares)
                .flatMap(open -> open.drain(this::publish))
                .invoke(rows -> relayed.increment(rows))
                .onFailure()
                .invoke(this::forgetSession);
    }

    private Uni<OutboxSession> open() {
        return session != null
                ? Uni.createFrom().item(session)
                : OutboxSession.open(pool).invoke(opened -> session = opened);
    }

    private Uni<Void> seekFreeShares(OutboxSession open) {
        long now = System.nanoTime();
        boolean soughtJustNow =
                open.hasSought() && now - freeSharesSoughtAtNanos < FREE_SHARES_INTERVAL.toNanos();
        if (open.ownsAll() || soughtJustNow) {
            return Uni.createFrom().voidItem();
        }
        freeSharesSoughtAtNanos = now;
        return open.takeFreeShares();
    }

    private Uni<Void> publish(List<OutboxRow> rows) {
        return publisher.publish(rows).emitOn(loop::onContext);
    }

    private void forgetSession() {
        if (session != null) {
            session.close().subscribe().with(_ -> {}, _ -> {});
            session = null;
        }
    }
}
