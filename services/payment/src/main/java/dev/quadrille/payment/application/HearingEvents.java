package dev.quadrille.payment.application;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Fold;
import dev.quadrille.delivery.Fold.Moved;
import dev.quadrille.delivery.Listener;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.payment.adapter.postgres.Cause;
import dev.quadrille.payment.adapter.postgres.Filed;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Unknown;
import dev.quadrille.payment.domain.PaymentDecider;
import dev.quadrille.payment.domain.PaymentInput.Heard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Lets what the order and the inventory announce act on the payments. What is then to be asked of
/// the provider is stored with them, and asked once that is committed.
@ApplicationScoped
class HearingEvents implements Listener {

    private final Payments payments;
    private final AskingProvider asking;
    private final Decisions decisions;
    private final InstantSource clock;

    HearingEvents(
            Payments payments, AskingProvider asking, Decisions decisions, InstantSource clock) {
        this.payments = payments;
        this.asking = asking;
        this.decisions = decisions;
        this.clock = clock;
    }

    @Override
    public Uni<Void> on(Transaction transaction, List<Envelope<?>> events) {
        var aboutOrders = new LinkedHashMap<UUID, List<Envelope<?>>>();
        for (var envelope : events) {
            switch (envelope.event()) {
                case OrderEvent event -> add(aboutOrders, event.orderId(), envelope);
                case InventoryEvent event -> add(aboutOrders, event.orderId(), envelope);
                case PaymentEvent _, NotificationEvent _, ProductEvent _ -> {} // other topics
            }
        }
        return aboutOrders.isEmpty()
                ? Uni.createFrom().voidItem()
                : payments.lock(transaction, aboutOrders.keySet())
                        .flatMap(found -> decide(transaction, aboutOrders, found));
    }

    private Uni<Void> decide(
            Transaction transaction,
            Map<UUID, List<Envelope<?>>> events,
            Map<String, Filed> found) {
        var now = clock.instant();
        var loaded = new HashMap<String, Versioned<Known>>();
        found.forEach((subject, filed) -> loaded.put(subject, filed.payment()));
        var fold =
                new Fold<Payment, Known, PaymentEvent>(
                        loaded,
                        new Unknown(),
                        (payment, event, _) ->
                                PaymentDecider.decide(payment, new Heard(event.event())),
                        decisions.in(transaction),
                        now);
        events.values().forEach(ofOneOrder -> ofOneOrder.forEach(fold::apply));
        return store(transaction, fold.moved(), found, now)
                .chain(() -> transaction.announce(fold.announcements()));
    }

    private Uni<Void> store(
            Transaction transaction,
            Map<String, Moved<Known>> moved,
            Map<String, Filed> found,
            Instant now) {
        var inserted = new ArrayList<Filed>();
        var updated = new ArrayList<Filed>();
        moved.forEach((subject, payment) ->
                (found.containsKey(subject) ? updated : inserted)
                        .add(new Filed(payment.next(), Cause.of(payment.cause()))));
        if (moved.values().stream().anyMatch(HearingEvents::wantsTheProvider)) {
            transaction.afterCommit(asking::wake);
        }
        return payments.insert(transaction, inserted, now)
                .chain(() -> payments.update(transaction, updated, now));
    }

    private static boolean wantsTheProvider(Moved<Known> payment) {
        return payment.next().state().errand() != null;
    }

    private static void add(
            Map<UUID, List<Envelope<?>>> events, UUID orderId, Envelope<?> envelope) {
        events.computeIfAbsent(orderId, _ -> new ArrayList<>()).add(envelope);
    }
}
