package dev.quadrille.inventory.domain;

import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.domain.Reservation.CancelledEarly;
import dev.quadrille.inventory.domain.Reservation.Committed;
import dev.quadrille.inventory.domain.Reservation.Held;
import dev.quadrille.inventory.domain.Reservation.Known;
import dev.quadrille.inventory.domain.Reservation.Rejected;
import dev.quadrille.inventory.domain.Reservation.Released;
import dev.quadrille.inventory.domain.Reservation.Restocked;
import java.util.List;
import java.util.UUID;

/// A change of the stock of one sku for one order: a row of the ledger.
///
/// @param onHandDelta in pieces, of what lies on the shelf
/// @param reservedDelta in pieces, of the part of it that orders hold
public record StockMove(
        UUID orderId, String sku, Cause cause, long onHandDelta, long reservedDelta) {

    /// Why stock moved, and where each piece goes then.
    public enum Cause {
        ADJUSTED(0, 0),
        RESERVED(0, 1),
        RELEASED(0, -1),
        COMMITTED(-1, -1),
        RESTOCKED(1, 0);

        private final int onHand;
        private final int reserved;

        Cause(int onHand, int reserved) {
            this.onHand = onHand;
            this.reserved = reserved;
        }

        private StockMove of(UUID orderId, StockLine line) {
            long quantity = line.quantity();
            return new StockMove(orderId, line.sku(), this, onHand * quantity, reserved * quantity);
        }
    }

    /// What a change of a reservation does to the stock. The stock is never moved in any other way
    /// for an order.
    public static List<StockMove> between(Reservation before, Known after) {
        return switch (after) {
            case Held _ -> moves(after, Cause.RESERVED);
            case Released _ when before instanceof Held -> moves(after, Cause.RELEASED);
            case Committed _ -> moves(after, Cause.COMMITTED);
            case Restocked _ -> moves(after, Cause.RESTOCKED);
            case Released _, Rejected _, CancelledEarly _ -> List.of();
        };
    }

    private static List<StockMove> moves(Known reservation, Cause cause) {
        return reservation.lines().stream()
                .map(line -> cause.of(reservation.orderId(), line))
                .toList();
    }
}
