package dev.quadrille.notification.application;

import static java.util.Objects.requireNonNullElse;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Channel;
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
import dev.quadrille.notification.adapter.postgres.Deliveries;
import dev.quadrille.notification.adapter.postgres.Endpoints;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.adapter.webhook.MessageBody;
import dev.quadrille.notification.domain.Correspondence;
import dev.quadrille.notification.domain.Correspondence.Begun;
import dev.quadrille.notification.domain.Correspondence.Unknown;
import dev.quadrille.notification.domain.CorrespondenceDecider;
import dev.quadrille.notification.domain.DatedNews;
import dev.quadrille.notification.domain.Delivery.Waiting;
import dev.quadrille.notification.domain.DeliveryDetails;
import dev.quadrille.notification.domain.EndpointDetails;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.Notification.Delivering;
import dev.quadrille.notification.domain.Notification.Pending;
import dev.quadrille.notification.domain.NotificationDetails;
import dev.quadrille.notification.domain.Tries;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Lets what the other services announce act on the correspondences. What is to be told becomes
/// notifications in the same transaction, and their sending begins after it.
@ApplicationScoped
class HearingEvents implements Listener {

    private final Correspondences correspondences;
    private final Notifications notifications;
    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final SendingMails mails;
    private final CallingEndpoints calling;
    private final Decisions decisions;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    HearingEvents(
            Correspondences correspondences,
            Notifications notifications,
            Endpoints endpoints,
            Deliveries deliveries,
            SendingMails mails,
            CallingEndpoints calling,
            Decisions decisions,
            InstantSource clock) {
        this.correspondences = correspondences;
        this.notifications = notifications;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.mails = mails;
        this.calling = calling;
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
                                CorrespondenceDecider.decide(
                                        correspondence, event.event(), event.time()),
                        decisions.in(transaction),
                        now);
        var due = new ArrayList<Due>();
        events.forEach((orderId, envelopes) -> {
            var told = new HashSet<>(newsDue(found.get(orderId.toString())));
            for (var envelope : envelopes) {
                fold.apply(envelope);
                for (var news : newsDue(fold.state(orderId.toString()))) {
                    if (told.add(news)) {
                        due.add(new Due(orderId, news, envelope));
                    }
                }
            }
        });
        return store(transaction, found, fold.changed())
                .chain(() ->
                        due.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : notify(transaction, due, now));
    }

    private Uni<Void> store(
            Transaction transaction,
            Map<String, Versioned<Begun>> found,
            List<Versioned<Begun>> changed) {
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
                                        .toList()));
    }

    /// The customer gets a mail. Webhooks are told if there is one now that wants to hear of it;
    /// who registers later hears of what comes later.
    private Uni<Void> notify(Transaction transaction, List<Due> due, Instant now) {
        return endpoints
                .enabled(transaction)
                .flatMap(enabled -> {
                    var begun = new ArrayList<Notification>(due.size());
                    var fanOut = new ArrayList<Waiting>();
                    for (var next : due) {
                        begun.add(new Pending(details(next, Channel.EMAIL, now), 0, now));
                        var receivers =
                                enabled.stream()
                                        .filter(e -> e.kinds().contains(next.news().kind()))
                                        .toList();
                        if (!receivers.isEmpty()) {
                            var webhook = webhook(next, now);
                            begun.add(webhook);
                            receivers.forEach(to -> fanOut.add(delivery(webhook, to, now)));
                        }
                    }
                    transaction.afterCommit(mails::wake);
                    if (!fanOut.isEmpty()) {
                        transaction.afterCommit(calling::wake);
                    }
                    return notifications
                            .insert(transaction, begun, now)
                            .chain(() -> deliveries.insert(transaction, fanOut, now));
                });
    }

    private Delivering webhook(Due due, Instant now) {
        // Of news that waited since before the time was kept it is not known.
        var at = requireNonNullElse(due.news().at(), now);
        return new Delivering(
                details(due, Channel.WEBHOOK, now),
                MessageBody.of(due.orderId(), due.news().news(), at));
    }

    private Waiting delivery(Delivering webhook, EndpointDetails to, Instant now) {
        var details = webhook.details();
        return new Waiting(
                new DeliveryDetails(
                        UuidV7.at(now, random),
                        details.id(),
                        to.id(),
                        details.orderId(),
                        details.kind()),
                Tries.NONE,
                now);
    }

    private NotificationDetails details(Due due, Channel channel, Instant now) {
        return new NotificationDetails(
                UuidV7.at(now, random),
                due.orderId(),
                due.news().kind(),
                channel,
                due.cause().id(),
                due.cause().traceparent());
    }

    /// In the order in which they are to be told.
    private static List<DatedNews> newsDue(@Nullable Versioned<Begun> correspondence) {
        return correspondence == null ? List.of() : correspondence.state().due();
    }

    /// @param cause the event that made them due
    private record Due(UUID orderId, DatedNews news, Envelope<?> cause) {}

    private static void add(
            Map<UUID, List<Envelope<?>>> events, UUID orderId, Envelope<?> envelope) {
        events.computeIfAbsent(orderId, _ -> new ArrayList<>()).add(envelope);
    }
}
