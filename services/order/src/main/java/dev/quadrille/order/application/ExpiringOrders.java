package dev.quadrille.order.application;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.order.adapter.postgres.TimelineEntry;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.OrderDecider;
import dev.quadrille.order.domain.OrderInput.DeadlinePassed;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Cancels orders that are still PENDING at their deadline. The deadline lies in the order's row,
/// so it survives a restart, and whichever replica locks the row is the one that judges.
@ApplicationScoped
class ExpiringOrders {

    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);
    private static final int BATCH_ORDERS = 100;

    private final Transactions transactions;
    private final Orders orders;
    private final RecordingOrders recording;
    private final Decisions decisions;
    private final InstantSource clock;
    private final WorkLoop loop;

    ExpiringOrders(
            Vertx vertx,
            Transactions transactions,
            Orders orders,
            RecordingOrders recording,
            Decisions decisions,
            InstantSource clock) {
        this.transactions = transactions;
        this.orders = orders;
        this.recording = recording;
        this.decisions = decisions;
        this.clock = clock;
        this.loop = new WorkLoop("The watch over deadlines", vertx, MAX_PAUSE, this::expireSome);
    }

    void start(@Observes StartupEvent event) {
        loop.wake();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.stop();
    }

    private Uni<Integer> expireSome() {
        return transactions.run(transaction -> {
            var now = clock.instant();
            return orders.lockDue(transaction, now, BATCH_ORDERS)
                    .call(due -> expire(transaction, due, now))
                    .map(List::size);
        });
    }

    private Uni<Void> expire(Transaction transaction, List<Versioned<Placed>> due, Instant now) {
        var moved = new ArrayList<Versioned<Placed>>(due.size());
        var entries = new ArrayList<TimelineEntry>(due.size());
        var announcements = new ArrayList<Announcement>(due.size());
        for (var order : due) {
            var decision = OrderDecider.decide(order.state(), new DeadlinePassed(), now);
            decisions.in(transaction).count("deadline-passed", decision);
            if (decision instanceof Advance<Placed, ?>(var state, var events)) {
                var next = order.next(state);
                moved.add(next);
                for (var event : events) {
                    var announcement = Announcement.of(event, next.version(), now);
                    announcements.add(announcement);
                    entries.add(TimelineEntry.announced(state.details().id(), announcement));
                }
            }
        }
        return recording.record(transaction, moved, entries, announcements, now);
    }
}
