package dev.quadrille.inventory.application;

import static java.util.stream.Collectors.toSet;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.contract.StockLine;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Fold;
import dev.quadrille.delivery.Listener;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.inventory.adapter.postgres.Reservations;
import dev.quadrille.inventory.adapter.postgres.StockLevel;
import dev.quadrille.inventory.adapter.postgres.StockLevels;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.inventory.domain.Reservation.Known;
import dev.quadrille.inventory.domain.Reservation.Unknown;
import dev.quadrille.inventory.domain.ReservationDecider;
import dev.quadrille.inventory.domain.StockMove;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Lets what the order service announces act on the reservations and on the stock.
@ApplicationScoped
class HearingEvents implements Listener {

    private final Reservations reservations;
    private final StockLevels stock;
    private final Decisions decisions;
    private final InstantSource clock;

    HearingEvents(
            Reservations reservations,
            StockLevels stock,
            Decisions decisions,
            InstantSource clock) {
        this.reservations = reservations;
        this.stock = stock;
        this.decisions = decisions;
        this.clock = clock;
    }

    @Override
    public Uni<Void> on(Transaction transaction, List<Envelope<?>> events) {
        return reservations
                .lock(transaction, orderIds(events))
                .flatMap(found ->
                        stock.lock(transaction, skus(events, found))
                                .flatMap(levels -> decide(transaction, events, found, levels)));
    }

    private Uni<Void> decide(
            Transaction transaction,
            List<Envelope<?>> events,
            Map<String, Versioned<Known>> found,
            Map<String, StockLevel> levels) {
        var now = clock.instant();
        var shelf = new Shelf(levels);
        var fold =
                new Fold<Reservation, Known, InventoryEvent>(
                        found, new Unknown(), shelf::decide, decisions.in(transaction), now);
        events.forEach(fold::apply);
        return reservations
                .store(transaction, fold.changed())
                .chain(() -> stock.move(transaction, shelf.moves, now))
                .chain(() -> transaction.announce(fold.announcements()));
    }

    private static Set<UUID> orderIds(List<Envelope<?>> events) {
        return events.stream()
                .flatMap(envelope ->
                        switch (envelope.event()) {
                            case OrderEvent event -> Stream.of(event.orderId());
                            case InventoryEvent _,
                                    PaymentEvent _,
                                    NotificationEvent _,
                                    ProductEvent _ ->
                                    Stream.<UUID>empty(); // not among the topics
                        })
                .collect(toSet());
    }

    /// What the batch may reserve, and what it may let go, ship or take back.
    private static Set<String> skus(List<Envelope<?>> events, Map<String, Versioned<Known>> found) {
        var placed =
                events.stream()
                        .map(Envelope::event)
                        .filter(OrderPlaced.class::isInstance)
                        .flatMap(event -> ((OrderPlaced) event).lines().stream())
                        .map(OrderLine::sku);
        var held =
                found.values().stream()
                        .flatMap(reservation -> reservation.state().lines().stream())
                        .map(StockLine::sku);
        return Stream.concat(placed, held).collect(toSet());
    }

    /// The stock as the batch leaves it, event by event, and the moves that brought it there.
    private static final class Shelf {

        private final Map<String, StockLevel> levels;
        private final List<StockMove> moves = new ArrayList<>();

        Shelf(Map<String, StockLevel> levels) {
            this.levels = new HashMap<>(levels);
        }

        Decision<Known, InventoryEvent> decide(
                Reservation reservation, Envelope<?> event, Instant now) {
            var decision = ReservationDecider.decide(reservation, event.event(), this::available);
            if (decision instanceof Advance<Known, ?>(var next, _)) {
                StockMove.between(reservation, next).forEach(this::move);
            }
            return decision;
        }

        private long available(String sku) {
            var level = levels.get(sku);
            return level == null ? 0 : level.available();
        }

        private void move(StockMove move) {
            levels.computeIfPresent(move.sku(), (_, level) -> level.after(move));
            moves.add(move);
        }
    }
}
