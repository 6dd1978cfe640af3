package dev.quadrille.notification.application;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.LogContext;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.NotificationDecider;
import dev.quadrille.notification.domain.NotificationDetails;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.DeliveriesEnded;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.notification.domain.SendingRules;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Lets something happen to notifications, and announces what ends.
@ApplicationScoped
class MovingNotifications {

    private static final Logger LOG = Logger.getLogger(MovingNotifications.class);

    private final Notifications notifications;
    private final Decisions decisions;
    private final SendingRules rules;

    MovingNotifications(Notifications notifications, Decisions decisions, MailConfig config) {
        this.notifications = notifications;
        this.decisions = decisions;
        this.rules = config.rules();
    }

    /// @param locked in this transaction
    /// @return those that moved
    Uni<List<Versioned<Notification>>> move(
            Transaction transaction,
            List<Versioned<Notification>> locked,
            Function<NotificationDetails, NotificationInput> input,
            Instant now) {
        var moved = new ArrayList<Versioned<Notification>>(locked.size());
        var announcements = new ArrayList<Announcement>();
        for (var notification : locked) {
            var details = notification.state().details();
            var happened = input.apply(details);
            var decision = NotificationDecider.decide(notification.state(), happened, rules, now);
            decisions.in(transaction).count(name(happened), decision);
            if (decision
                    instanceof Advance<Notification, NotificationEvent>(var state, var events)) {
                var next = notification.next(state);
                moved.add(next);
                for (var event : events) {
                    transaction.afterCommit(() -> tell(details, event));
                    announcements.add(
                            new Announcement(
                                    event,
                                    next.version(),
                                    now,
                                    details.causationId(),
                                    details.traceparent()));
                }
            }
        }
        return notifications
                .update(transaction, moved, now)
                .chain(() -> transaction.announce(announcements))
                .replaceWith(moved);
    }

    private static void tell(NotificationDetails details, NotificationEvent event) {
        switch (event) {
            case NotificationSent _ -> {}
            case NotificationFailed(var orderId, var id, var kind, var channel, var error) ->
                    LogContext.of(orderId.toString(), details.traceparent())
                            .log(() ->
                                    LOG.warnf(
                                            "Notification %s (%s of order %s by %s) failed: %s",
                                            id, kind, orderId, channel, error));
        }
    }

    /// As it is counted.
    private static String name(NotificationInput input) {
        return switch (input) {
            case WorkDue() -> "work-due";
            case Attempted(_, var outcome, _) ->
                    switch (outcome) {
                        case Outcome.Accepted() -> "mail-accepted";
                        case Outcome.NotSent _ -> "mail-not-sent";
                        case Outcome.Refused _ -> "mail-refused";
                        case Outcome.Unclear() -> "mail-unclear";
                    };
            case DeliveriesEnded _ -> "deliveries-ended";
        };
    }
}
