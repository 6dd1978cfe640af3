package dev.quadrille.notification.application;

import static java.util.stream.Collectors.toCollection;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.contract.UuidV7;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Fold;
import dev.quadrille.delivery.Listener;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.postgres.Correspondences;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.domain.Correspondence;
import dev.quadrille.notification.domain.Correspondence.Begun;
import dev.quadrille.notification.domain.Correspondence.Unknown;
import dev.quadrille.notification.domain.CorrespondenceDecider;
import dev.quadrille.notification.domain.News;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.Notification.Pending;
import dev.quadrille.notification.domain.NotificationDetails;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Lets what the other services announce act on the correspondences. What a customer is to be told
/// becomes a notification in the same transaction, and its sending begins after it.
@ApplicationScoped
class HearingEvents implements Listener {

    private final Correspondences correspondences;
    private final Notifications notifications;
    private final SendingMails sending;
    private final Decisions decisions;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    HearingEvents(
            Correspondences correspondences,
            Notifications notifications,
            SendingMails sending,
            Decisions decisions,
            InstantSource clock) {
        this.correspondences = correspondences;
        this.notifications = notifications;
        this.sending = sending;
        this.decisions = decisions;
        this.clock = clock;
    }

    @Override
    public Uni<Void> on(Transaction transaction, List<Envelope<?>> events) {
        var aboutOrders = new LinkedHashMap<UUID, List<Envelope<?>>>();
        for (var envelope : events) {
            switch (envelope.event()) {
                case OrderEvent event -> add(aboutOrders, event.orderId(), envelope);
                case PaymentEvent event -> add(aboutOrders, event.orderId(), envelope);
                case InventoryEvent _, NotificationEvent _, ProductEvent _ -> {} // other topics
            }
        }
        return aboutOrders.isEmpty()
                ? Uni.createFrom().voidItem()
                : correspondences
                        .lock(transaction, aboutOrders.keySet())
                        .flatMap(found -> decide(transaction, aboutOrders, found));
    }

    private Uni<Void> decide(
            Transaction transaction,
            Map<UUID, List<Envelope<?>>> events,
            Map<String, Versioned<Begun>> found) {
        var now = clock.instant();
        var fold =
                new Fold<Correspondence, Begun, NotificationEvent>(
                        found,
                        new Unknown(),
                        (correspondence, event, _) ->
                                CorrespondenceDecider.decide(correspondence, event),
                        decisions.in(transaction),
                        now);
        var due = new ArrayList<Notification>();
        events.forEach((orderId, envelopes) -> {
            var told = kindsDue(found.get(orderId.toString()));
            for (var envelope : envelopes) {
                fold.apply(envelope);
                for (var kind : kindsDue(fold.state(orderId.toString()))) {
                    if (told.add(kind)) {
                        due.add(mail(orderId, kind, envelope, now));
                    }
                }
            }
        });
        return store(transaction, found, fold.changed(), due, now);
    }

    private Uni<Void> store(
            Transaction transaction,
            Map<String, Versioned<Begun>> found,
            List<Versioned<Begun>> changed,
            List<Notification> due,
            Instant now) {
        if (!due.isEmpty()) {
            transaction.afterCommit(sending::wake);
        }
        return correspondences
                .insert(
                        transaction,
                        changed.stream()
                                .filter(next -> !found.containsKey(next.state().subject()))
                                .toList())
                .chain(() ->
                        correspondences.update(
                                transaction,
                                changed.stream()
                                        .filter(next -> found.containsKey(next.state().subject()))
                                        .toList()))
                .chain(() -> notifications.insert(transaction, due, now));
    }

    private Pending mail(UUID orderId, Kind kind, Envelope<?> cause, Instant now) {
        return new Pending(
                new NotificationDetails(
                        UuidV7.at(now, random),
                        orderId,
                        kind,
                        Channel.EMAIL,
                        cause.id(),
                        cause.traceparent()),
                0,
                now);
    }

    /// In the order in which they are to be told.
    private static Set<Kind> kindsDue(@Nullable Versioned<Begun> correspondence) {
        return correspondence == null
                ? new LinkedHashSet<>()
                : correspondence.state().due().stream()
                        .map(News::kind)
                        .collect(toCollection(LinkedHashSet::new));
    }

    private static void add(
            Map<UUID, List<Envelope<?>>> events, UUID orderId, Envelope<?> envelope) {
        events.computeIfAbsent(orderId, _ -> new ArrayList<>()).add(envelope);
    }
}
