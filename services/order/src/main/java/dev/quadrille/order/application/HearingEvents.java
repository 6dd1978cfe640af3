package dev.quadrille.order.application;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Fold;
import dev.quadrille.delivery.Listener;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.postgres.Catalogue;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.order.adapter.postgres.TimelineEntry;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Unknown;
import dev.quadrille.order.domain.OrderDecider;
import dev.quadrille.order.domain.OrderInput.Heard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Lets what the other services announce act on the orders, and on the copy of the catalogue.
@ApplicationScoped
class HearingEvents implements Listener {

    private final Orders orders;
    private final Catalogue catalogue;
    private final RecordingOrders recording;
    private final Decisions decisions;
    private final InstantSource clock;

    HearingEvents(
            Orders orders,
            Catalogue catalogue,
            RecordingOrders recording,
            Decisions decisions,
            InstantSource clock) {
        this.orders = orders;
        this.catalogue = catalogue;
        this.recording = recording;
        this.decisions = decisions;
        this.clock = clock;
    }

    @Override
    public Uni<Void> on(Transaction transaction, List<Envelope<?>> events) {
        var products = new LinkedHashMap<String, Versioned<ProductListed>>();
        var aboutOrders = new LinkedHashMap<UUID, List<Envelope<?>>>();
        for (var envelope : events) {
            switch (envelope.event()) {
                case ProductListed listed ->
                        products.put(listed.sku(), new Versioned<>(listed, envelope.sequence()));
                case InventoryEvent event -> add(aboutOrders, event.orderId(), envelope);
                case PaymentEvent event -> add(aboutOrders, event.orderId(), envelope);
                case OrderEvent _, NotificationEvent _ -> {} // not among the topics
            }
        }
        return hearAboutProducts(transaction, products)
                .chain(() -> hearAboutOrders(transaction, aboutOrders));
    }

    private Uni<Void> hearAboutProducts(
            Transaction transaction, Map<String, Versioned<ProductListed>> products) {
        return products.isEmpty()
                ? Uni.createFrom().voidItem()
                : catalogue.update(transaction, products.values()).replaceWithVoid();
    }

    private Uni<Void> hearAboutOrders(
            Transaction transaction, Map<UUID, List<Envelope<?>>> events) {
        return events.isEmpty()
                ? Uni.createFrom().voidItem()
                : orders.lock(transaction, events.keySet())
                        .flatMap(found -> decide(transaction, events, found));
    }

    private Uni<Void> decide(
            Transaction transaction,
            Map<UUID, List<Envelope<?>>> events,
            Map<String, Versioned<Placed>> found) {
        var now = clock.instant();
        var fold =
                new Fold<Order, Placed, OrderEvent>(
                        found,
                        new Unknown(),
                        (order, event, at) ->
                                OrderDecider.decide(order, new Heard(event.event()), at),
                        decisions.in(transaction),
                        now);
        var entries = new ArrayList<TimelineEntry>();
        events.forEach((orderId, envelopes) -> {
            for (var envelope : envelopes) {
                entries.add(TimelineEntry.heard(orderId, envelope));
                entries.addAll(RecordingOrders.announced(orderId, fold.apply(envelope)));
            }
        });
        return recording.record(transaction, fold.changed(), entries, fold.announcements(), now);
    }

    private static void add(
            Map<UUID, List<Envelope<?>>> events, UUID orderId, Envelope<?> envelope) {
        events.computeIfAbsent(orderId, _ -> new ArrayList<>()).add(envelope);
    }
}
