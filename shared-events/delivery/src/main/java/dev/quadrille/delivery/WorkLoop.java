package dev.quadrille.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Does work that lies in a table, one round after the other: at once when somebody in this process
/// says that there is some, and otherwise after a pause that grows while there is none, for what
/// other replicas or a crash left there.
///
/// A round that fails is followed by another after a pause that grows too. All rounds run on one
/// Vert.x context, so the work needs no locks of its own.
public final class WorkLoop {

    private static final Logger LOG = Logger.getLogger(WorkLoop.class);

    private static final Duration MIN_PAUSE = Duration.ofMillis(5);
    private static final Duration MIN_RETRY = Duration.ofMillis(100);
    private static final Duration MAX_RETRY = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration MAX_FIRST_PAUSE = Duration.ofMinutes(1);
    private static final long NO_TIMER = -1;

    private final String name;
    private final Vertx vertx;
    private final Context context;
    private final Duration minPause;
    private final Duration maxPause;
    private final Supplier<Uni<Integer>> round;
    private final CountDownLatch ended = new CountDownLatch(1);

    // Everything below is touched on the context alone.
    private Duration pause;
    private Duration retry = MIN_RETRY;
    private long timer = NO_TIMER;
    private boolean busy;
    private boolean backingOff;
    private boolean woken;
    private boolean stopping;

    /// @param name for the log
    /// @param maxPause between rounds while there is nothing to do
    /// @param round does some of the work and says how much it was; 0 when there is none
    public WorkLoop(String name, Vertx vertx, Duration maxPause, Supplier<Uni<Integer>> round) {
        this(name, vertx, MIN_PAUSE, maxPause, round);
    }

    private WorkLoop(
            String name,
            Vertx vertx,
            Duration minPause,
            Duration maxPause,
            Supplier<Uni<Integer>> round) {
        this.name = name;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.minPause = minPause;
        this.maxPause = maxPause;
        this.pause = minPause;
        this.round = round;
    }

    /// A loop for a chore that nobody waits for: its pauses do not grow, because it is not woken.
    ///
    /// @param every the pause between rounds while there is nothing to do
    public static WorkLoop chore(
            String name, Vertx vertx, Duration every, Supplier<Uni<Integer>> round) {
        return new WorkLoop(name, vertx, every, every, round);
    }

    /// Begins with a pause, of a minute at most: a service that starts has something better to do.
    public void beginLater() {
        onContext(() ->
                beginAfter(maxPause.compareTo(MAX_FIRST_PAUSE) < 0 ? maxPause : MAX_FIRST_PAUSE));
    }

    /// Says that there is work. From any thread.
    public void wake() {
        onContext(() -> {
            woken = true;
            // After a failure the pause is kept: what wakes it may be what it fails at.
            if (!busy && !backingOff) {
                begin();
            }
        });
    }

    /// Lets the round under way finish and begins no other. Blocks, for at most 5 s.
    public void stop() {
        onContext(() -> {
            stopping = true;
            if (!busy) {
                begin();
            }
        });
        try {
            if (!ended.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf("%s did not stop within %s", name, STOP_LIMIT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs something where the rounds run.
    void onContext(Runnable action) {
        context.runOnContext(_ -> action.run());
    }

    /// Begins a round unless one is under way. A timer that has fired may still wait for the
    /// context while somebody wakes the loop, so there may be two that want to begin.
    private void begin() {
        if (busy) {
            return;
        }
        vertx.cancelTimer(timer);
        timer = NO_TIMER;
        if (stopping) {
            ended.countDown();
            return;
        }
        busy = true;
        backingOff = false;
        woken = false;
        Uni.createFrom()
                .deferred(round::get)
                .subscribe()
                .with(
                        done -> onContext(() -> succeeded(done)),
                        failure -> onContext(() -> failed(failure)));
    }

    private void succeeded(int done) {
        busy = false;
        retry = MIN_RETRY;
        if (done > 0 || woken || stopping) {
            pause = minPause;
            begin();
        } else {
            beginAfter(pause);
            pause = longer(pause, maxPause);
        }
    }

    private void failed(Throwable failure) {
        busy = false;
        LOG.warnf("%s failed and tries again in %d ms: %s", name, retry.toMillis(), failure);
        if (stopping) {
            begin();
        } else {
            backingOff = true;
            beginAfter(retry);
            retry = longer(retry, MAX_RETRY);
        }
    }

    private void beginAfter(Duration wait) {
        timer = vertx.setTimer(wait.toMillis(), _ -> onContext(this::begin));
    }

    private static Duration longer(Duration wait, Duration max) {
        var doubled = wait.multipliedBy(2);
        return doubled.compareTo(max) < 0 ? doubled : max;
    }
}
