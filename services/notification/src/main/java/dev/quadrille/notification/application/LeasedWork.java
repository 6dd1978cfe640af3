package dev.quadrille.notification.application;

import dev.quadrille.delivery.LogContext;
import dev.quadrille.delivery.WorkLoop;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Does work that lies in a table and takes its time outside of any transaction. What is to be done
/// survives a restart, and whichever replica leases a row takes it on.
///
/// A round claims as much as may still be under way at once and begins with it; it does not wait
/// for the outcomes, so what is slow holds up nothing else. Each outcome is stored as soon as it is
/// known, in a transaction of its own.
///
/// @param <W> one piece of work
final class LeasedWork<W> {

    private static final Logger LOG = Logger.getLogger(LeasedWork.class);

    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);
    private static final Duration MIN_RETRY = Duration.ofMillis(50);
    private static final Duration MAX_RETRY = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final int atOnce;
    private final Semaphore free;
    private final IntFunction<Uni<Claimed<W>>> claim;
    private final Function<W, Uni<Void>> carryOut;
    private final Function<W, UUID> orderId;
    private final WorkLoop loop;

    /// What a round has claimed.
    ///
    /// @param rows about how many something was done
    /// @param work what is to be begun with
    record Claimed<W>(int rows, List<W> work) {}

    /// @param name for the log
    /// @param atOnce how much may be under way in this process
    /// @param claim leases up to so many pieces
    /// @param carryOut does a piece and stores its outcome
    /// @param orderId which order a piece is about, for the log
    LeasedWork(
            String name,
            Vertx vertx,
            int atOnce,
            IntFunction<Uni<Claimed<W>>> claim,
            Function<W, Uni<Void>> carryOut,
            Function<W, UUID> orderId) {
        this.name = name;
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
        this.claim = claim;
        this.carryOut = carryOut;
        this.orderId = orderId;
        this.loop = new WorkLoop(name, vertx, MAX_PAUSE, this::beginSome);
    }

    /// Says that there is work. From any thread.
    void wake() {
        loop.wake();
    }

    /// Gives what is under way a moment to end.
    void stop() {
        loop.stop();
        try {
            if (!free.tryAcquire(atOnce, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf(
                        "%s: %d were still under way after %s",
                        name, atOnce - free.availablePermits(), STOP_LIMIT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tries to store an outcome until the lease is over: then it counts as unknown, and somebody
    /// else has stored that, or does the work again.
    static Uni<Void> storePatiently(Duration lease, Supplier<Uni<Void>> store) {
        return Uni.createFrom()
                .deferred(store::get)
                .onFailure()
                .retry()
                .withBackOff(MIN_RETRY, MAX_RETRY)
                .expireIn(lease.toMillis());
    }

    /// One round. What it took of the permits and does not need goes back.
    private Uni<Integer> beginSome() {
        int limit = free.drainPermits();
        return limit == 0
                ? Uni.createFrom().item(0)
                : claim.apply(limit)
                        .onFailure()
                        .invoke(() -> free.release(limit))
                        .invoke(claimed -> {
                            free.release(limit - claimed.work().size());
                            claimed.work().forEach(this::begin);
                        })
                        .map(Claimed::rows);
    }

    private void begin(W work) {
        carryOut.apply(work)
                .subscribe()
                .with(
                        _ -> ended(),
                        failure -> {
                            LogContext.of(orderId.apply(work).toString(), null)
                                    .log(() ->
                                            LOG.errorf(
                                                    "The outcome of %s could not be stored: %s",
                                                    work, failure.getClass().getName()));
                            ended();
                        });
    }

    private void ended() {
        free.release();
        loop.wake();
    }
}
