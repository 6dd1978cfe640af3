package dev.quadrille.inventory.domain;

import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.domain.Reservation.CancelledEarly;
import dev.quadrille.inventory.domain.Reservation.Held;
import dev.quadrille.inventory.domain.Reservation.Known;
import dev.quadrille.inventory.domain.Reservation.Rejected;
import dev.quadrille.inventory.domain.Reservation.Released;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// A change of the stock of one sku for one order: a row of the ledger.
///
/// @param reservedDelta in pieces
public record StockMove(UUID orderId, String sku, Cause cause, long reservedDelta) {

    /// Why stock moved.
    public enum Cause {
        ADJUSTED,
        RESERVED,
        RELEASED
    }

    /// What a change of a reservation does to the stock. The stock is never moved in any other way
    /// for an order.
    public static List<StockMove> between(Reservation before, Known after) {
        return switch (after) {
            case Held held -> moves(held, Cause.RESERVED, line -> (long) line.quantity());
            case Released released ->
                    before instanceof Held
                            ? moves(released, Cause.RELEASED, line -> -(long) line.quantity())
                            : List.of();
            case Rejected _, CancelledEarly _ -> List.of();
        };
    }

    private static List<StockMove> moves(
            Known reservation, Cause cause, Function<StockLine, Long> delta) {
        return reservation.lines().stream()
                .map(line ->
                        new StockMove(reservation.orderId(), line.sku(), cause, delta.apply(line)))
                .toList();
    }
}
