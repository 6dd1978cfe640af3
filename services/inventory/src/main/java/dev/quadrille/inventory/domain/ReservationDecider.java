package dev.quadrille.inventory.domain;

import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.InventoryEvent.StockRestocked;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.contract.Shortage;
import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.domain.Reservation.CancelledEarly;
import dev.quadrille.inventory.domain.Reservation.Committed;
import dev.quadrille.inventory.domain.Reservation.Held;
import dev.quadrille.inventory.domain.Reservation.Known;
import dev.quadrille.inventory.domain.Reservation.Rejected;
import dev.quadrille.inventory.domain.Reservation.Released;
import dev.quadrille.inventory.domain.Reservation.Restocked;
import dev.quadrille.inventory.domain.Reservation.Unknown;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// How a reservation moves. `!` marks what is announced; a dash is an [Decision.Ignore].
///
/// | state          | OrderPlaced                                     | OrderConfirmed | OrderCancelled     | OrderShipped         | OrderReturned        |
/// |----------------|-------------------------------------------------|----------------|--------------------|----------------------|----------------------|
/// | Unknown        | enough: Held !Reserved, else Rejected !Rejected | -              | CancelledEarly     | reject               | reject               |
/// | Held           | -                                               | -              | Released !Released | Committed !Committed | reject               |
/// | Rejected       | -                                               | -              | -                  | reject               | reject               |
/// | Released       | -                                               | -              | -                  | reject               | reject               |
/// | Committed      | -                                               | -              | reject             | -                    | Restocked !Restocked |
/// | Restocked      | -                                               | -              | reject             | -                    | -                    |
/// | CancelledEarly | Released !Released                              | -              | -                  | reject               | reject               |
///
/// An order holds all of its lines or none of them. A reservation has no deadline of its own: the
/// order always ends, and that settles it.
public final class ReservationDecider {

    private ReservationDecider() {}

    /// @param stock what is available now
    public static Decision<Known, InventoryEvent> decide(
            Reservation reservation, DomainEvent event, Stock stock) {
        return switch (event) {
            case OrderPlaced placed -> place(reservation, placed.orderId(), lines(placed), stock);
            case OrderCancelled cancelled -> cancel(reservation, cancelled.orderId());
            case OrderConfirmed _ -> ignore("nothing-to-do");
            case OrderShipped(var orderId, _, _) -> ship(reservation, orderId);
            case OrderReturned(var orderId, _) -> takeBack(reservation, orderId);
            case InventoryEvent _, PaymentEvent _, NotificationEvent _, ProductEvent _ ->
                    ignore("not-for-reservations");
        };
    }

    private static Decision<Known, InventoryEvent> place(
            Reservation reservation, UUID orderId, List<StockLine> lines, Stock stock) {
        return switch (reservation) {
            case Unknown() -> {
                var shortages = shortages(lines, stock);
                yield shortages.isEmpty()
                        ? advance(new Held(orderId, lines), new StockReserved(orderId, lines))
                        : advance(
                                new Rejected(orderId, lines),
                                new StockRejected(orderId, shortages));
            }
            case CancelledEarly _ ->
                    advance(new Released(orderId, lines), new StockReleased(orderId, lines));
            case Held _ -> ignore("already-reserved");
            case Rejected _ -> ignore("already-rejected");
            case Released _ -> ignore("already-released");
            case Committed _ -> ignore("already-committed");
            case Restocked _ -> ignore("already-restocked");
        };
    }

    private static Decision<Known, InventoryEvent> cancel(Reservation reservation, UUID orderId) {
        return switch (reservation) {
            case Unknown() -> advance(new CancelledEarly(orderId));
            case Held(_, var lines) ->
                    advance(new Released(orderId, lines), new StockReleased(orderId, lines));
            case Rejected _ -> ignore("nothing-held");
            case Released _ -> ignore("already-released");
            case CancelledEarly _ -> ignore("already-cancelled");
            case Committed _, Restocked _ -> reject("already-shipped");
        };
    }

    private static Decision<Known, InventoryEvent> ship(Reservation reservation, UUID orderId) {
        return switch (reservation) {
            case Held(_, var lines) ->
                    advance(new Committed(orderId, lines), new StockCommitted(orderId, lines));
            case Committed _, Restocked _ -> ignore("already-committed");
            case Unknown _, Rejected _, Released _, CancelledEarly _ -> reject("nothing-held");
        };
    }

    private static Decision<Known, InventoryEvent> takeBack(Reservation reservation, UUID orderId) {
        return switch (reservation) {
            case Committed(_, var lines) ->
                    advance(new Restocked(orderId, lines), new StockRestocked(orderId, lines));
            case Restocked _ -> ignore("already-restocked");
            case Held _ -> reject("not-shipped");
            case Unknown _, Rejected _, Released _, CancelledEarly _ -> reject("nothing-held");
        };
    }

    private static List<Shortage> shortages(List<StockLine> lines, Stock stock) {
        return lines.stream()
                .flatMap(line -> {
                    long available = stock.available(line.sku());
                    return available < line.quantity()
                            ? Stream.of(new Shortage(line.sku(), line.quantity(), available))
                            : Stream.empty();
                })
                .toList();
    }

    private static List<StockLine> lines(OrderPlaced placed) {
        return placed.lines().stream()
                .map((OrderLine line) -> new StockLine(line.sku(), line.quantity()))
                .toList();
    }
}
