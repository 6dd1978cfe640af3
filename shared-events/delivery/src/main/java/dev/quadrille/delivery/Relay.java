package dev.quadrille.delivery;

import dev.quadrille.delivery.Publisher.OutboxRow;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
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

    private static final Logger LOG = Logger.getLogger(Relay.class);

    private static final long MIN_PAUSE_MS = 5;
    private static final long MAX_PAUSE_MS = 200;
    private static final long MIN_RETRY_MS = 100;
    private static final long MAX_RETRY_MS = 5_000;
    private static final long SHARES_INTERVAL_MS = 1_000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Context context;
    private final Pool pool;
    private final Publisher publisher;
    private final Counter relayed;
    private final CountDownLatch stopped = new CountDownLatch(1);

    // Everything below is touched on the context alone.
    private @Nullable OutboxSession session;
    private long sharesTakenAtMs;
    private long pauseMs = MIN_PAUSE_MS;
    private long retryMs = MIN_RETRY_MS;
    private long timer = NO_TIMER;
    private boolean running;
    private boolean woken;
    private boolean stopping;

    Relay(Vertx vertx, Pool pool, Publisher publisher, MeterRegistry metrics) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.pool = pool;
        this.publisher = publisher;
        this.relayed = metrics.counter("quadrille.outbox.relayed");
    }

    /// Says that there are new rows. From any thread.
    void wake() {
        context.runOnContext(_ -> {
            woken = true;
            if (!running) {
                cycle();
            }
        });
    }

    void start(@Observes StartupEvent started) {
        wake();
    }

    /// Lets the batch under way finish. What is left in the outbox is for another replica, or for
    /// the next start.
    void stop(@Observes ShutdownEvent stopped) throws InterruptedException {
        context.runOnContext(_ -> {
            stopping = true;
            if (!running) {
                cycle();
            }
        });
        if (!this.stopped.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warnf("The relay did not stop within %s; its batch will be sent again", STOP_LIMIT);
        }
    }

    private void cycle() {
        vertx.cancelTimer(timer);
        timer = NO_TIMER;
        running = true;
        woken = false;
        if (stopping) {
            end();
            return;
        }
        openSession()
                .call(this::takeFreeShares)
                .flatMap(open -> open.drain(this::publish))
                .subscribe()
                .with(this::drained, this::failed);
    }

    private Uni<OutboxSession> openSession() {
        return session != null
                ? Uni.createFrom().item(session)
                : OutboxSession.open(pool).invoke(opened -> session = opened);
    }

    private Uni<Void> takeFreeShares(OutboxSession open) {
        long now = System.currentTimeMillis();
        if (open.ownsAll() || (open.triedShares() && now - sharesTakenAtMs < SHARES_INTERVAL_MS)) {
            return Uni.createFrom().voidItem();
        }
        sharesTakenAtMs = now;
        return open.takeFreeShares();
    }

    private Uni<Void> publish(List<OutboxRow> rows) {
        return publisher.publish(rows).emitOn(this::onContext);
    }

    private void drained(int rows) {
        relayed.increment(rows);
        retryMs = MIN_RETRY_MS;
        pauseMs = rows > 0 || woken ? MIN_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
        if (rows > 0 || woken || stopping) {
            onContext(this::cycle);
        } else {
            pause(pauseMs);
        }
    }

    private void failed(Throwable failure) {
        LOG.warnf("The relay tries again in %d ms: %s", retryMs, failure);
        var broken = session;
        session = null;
        if (broken != null) {
            broken.close().subscribe().with(_ -> {}, _ -> {});
        }
        pause(retryMs);
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
    }

    private void pause(long ms) {
        running = false;
        timer = vertx.setTimer(ms, _ -> cycle());
    }

    private void end() {
        var last = session;
        session = null;
        (last == null ? Uni.createFrom().voidItem() : last.close())
                .onFailure()
                .recoverWithNull()
                .subscribe()
                .with(_ -> stopped.countDown());
    }

    private void onContext(Runnable action) {
        context.runOnContext(_ -> action.run());
    }
}
