package dev.quadrille.order.application;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.order.adapter.postgres.Timeline;
import dev.quadrille.order.adapter.postgres.Timeline.Asked;
import dev.quadrille.order.adapter.postgres.Timeline.News;
import dev.quadrille.order.adapter.postgres.TimelineEntity;
import dev.quadrille.order.adapter.postgres.TimelineEntry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells whoever follows an order what is new in its timeline, until the order is settled.
///
/// One loop for all followers of this replica reads for all of them with one statement: at once
/// when this replica has written something about an order that is followed, and otherwise every 250
/// ms, because another replica may have. While nobody follows anything, nothing is read.
///
/// How far a follower has come is a position in the timeline of its order. What was committed later
/// has a higher one, because entries of an order are written while its row is locked; across orders
/// this does not hold, and no position is compared with that of another order.
@ApplicationScoped
public class FollowingTimelines {

    private static final Duration MAX_PAUSE = Duration.ofMillis(250);

    /// How many entries a follower is told at once.
    private static final int MAX_ENTRIES = 100;

    private final Transactions transactions;
    private final Timeline timeline;
    private final WorkLoop loop;
    private final Duration heartbeat;
    private final Semaphore free;
    private final ConcurrentHashMap<UUID, Set<Following>> followings = new ConcurrentHashMap<>();

    FollowingTimelines(
            Vertx vertx,
            Transactions transactions,
            Timeline timeline,
            OrderConfig config,
            MeterRegistry metrics) {
        this.transactions = transactions;
        this.timeline = timeline;
        this.heartbeat = config.timelineHeartbeat();
        this.free = new Semaphore(config.maxTimelineStreams());
        this.loop = new WorkLoop("The telling of timelines", vertx, MAX_PAUSE, this::tell);
        Gauge.builder(
                        "quadrille.timeline.streams",
                        free,
                        left -> config.maxTimelineStreams() - left.availablePermits())
                .description("open streams of timelines")
                .register(metrics);
    }

    /// Who wants to be told. Called from any thread, and must not block.
    public interface Follower {

        /// Whether it can take more now; while it cannot, nothing is read for it.
        boolean isReady();

        /// @param last true if nothing follows, because the order is settled; then it has ended
        void take(List<TimelineEntity> entries, boolean last);
    }

    /// One who is being told.
    public final class Following {

        private final UUID orderId;
        private final Follower follower;
        private final AtomicBoolean ended = new AtomicBoolean();
        // Touched by the rounds alone, which follow each other.
        private volatile long after;

        private Following(UUID orderId, long after, Follower follower) {
            this.orderId = orderId;
            this.after = after;
            this.follower = follower;
        }

        /// Says that the follower is ready again.
        public void resume() {
            loop.wake();
        }

        /// Says that the follower is gone. May be said more than once.
        public void end() {
            if (ended.compareAndSet(false, true)) {
                followings.computeIfPresent(
                        orderId,
                        (_, ofOrder) -> {
                            ofOrder.remove(this);
                            return ofOrder.isEmpty() ? null : ofOrder;
                        });
                free.release();
            }
        }
    }

    /// @param orderId of an order that exists
    /// @param after the position after which it wants to be told
    /// @return empty if there are too many followers already
    public Optional<Following> follow(UUID orderId, long after, Follower follower) {
        if (!free.tryAcquire()) {
            return Optional.empty();
        }
        var following = new Following(orderId, after, follower);
        followings.compute(
                orderId,
                (_, ofOrder) -> {
                    var all = ofOrder == null ? ConcurrentHashMap.<Following>newKeySet() : ofOrder;
                    all.add(following);
                    return all;
                });
        loop.wake();
        return Optional.of(following);
    }

    /// How often a follower should give its client a sign.
    public Duration heartbeat() {
        return heartbeat;
    }

    /// Says that these entries were committed.
    void written(Collection<TimelineEntry> entries) {
        if (entries.stream().anyMatch(entry -> followings.containsKey(entry.orderId()))) {
            loop.wake();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        loop.stop();
    }

    private Uni<Integer> tell() {
        var ready =
                followings.values().stream()
                        .flatMap(Set::stream)
                        .filter(following -> following.follower.isReady())
                        .toList();
        if (ready.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        var asked = ready.stream().map(each -> new Asked(each.orderId, each.after)).toList();
        return transactions
                .run(transaction -> timeline.news(transaction, asked, MAX_ENTRIES))
                .invoke(news -> news.forEach(each -> tell(ready.get(each.place()), each)))
                .map(List::size);
    }

    private static void tell(Following following, News news) {
        if (!news.entries().isEmpty()) {
            following.after = news.entries().getLast().position;
        }
        // What was read is all there was when the order was settled, unless more did not fit.
        boolean last = news.settled() && news.entries().size() < MAX_ENTRIES;
        if (last) {
            following.end();
        }
        following.follower.take(news.entries(), last);
    }
}
