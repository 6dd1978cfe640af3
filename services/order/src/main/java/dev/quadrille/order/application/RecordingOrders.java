package dev.quadrille.order.application;

import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.order.adapter.postgres.Timeline;
import dev.quadrille.order.adapter.postgres.TimelineEntry;
import dev.quadrille.order.domain.Order.Placed;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Stores what was decided about orders that exist: their new states, their timeline, and what is
/// announced.
@ApplicationScoped
class RecordingOrders {

    private final Orders orders;
    private final Timeline timeline;
    private final FollowingTimelines following;
    private final SagaFigures figures;

    RecordingOrders(
            Orders orders, Timeline timeline, FollowingTimelines following, SagaFigures figures) {
        this.orders = orders;
        this.timeline = timeline;
        this.following = following;
        this.figures = figures;
    }

    Uni<Void> record(
            Transaction transaction,
            List<Versioned<Placed>> moved,
            List<TimelineEntry> entries,
            List<Announcement> announcements,
            Instant now) {
        transaction.afterCommit(() -> following.written(entries));
        figures.count(transaction, moved, announcements, now);
        return orders.update(transaction, moved, now)
                .chain(() -> timeline.record(transaction, entries))
                .chain(() -> transaction.announce(announcements));
    }

    /// For a decision that a command or the clock brought about.
    Uni<Void> record(
            Transaction transaction,
            Versioned<Placed> moved,
            List<Announcement> announcements,
            Instant now) {
        return record(
                transaction,
                List.of(moved),
                announced(moved.state().details().id(), announcements),
                announcements,
                now);
    }

    static List<TimelineEntry> announced(UUID orderId, List<Announcement> announcements) {
        return announcements.stream()
                .map(announcement -> TimelineEntry.announced(orderId, announcement))
                .toList();
    }
}
