package dev.quadrille.contract;

import java.util.List;
import java.util.UUID;

/// What the inventory service announces about the stock of one order.
public sealed interface InventoryEvent extends DomainEvent {

    UUID orderId();

    @Override
    default String subject() {
        return orderId().toString();
    }

    /// Every line of the order is held for it.
    record StockReserved(UUID orderId, List<StockLine> lines) implements InventoryEvent {
        public StockReserved {
            lines = StockLine.nonEmpty(lines);
        }
    }

    /// Nothing is held: these lines cannot be served.
    record StockRejected(UUID orderId, List<Shortage> shortages) implements InventoryEvent {
        public StockRejected {
            shortages = List.copyOf(shortages);
            Check.that(!shortages.isEmpty(), "a rejection names at least one shortage");
        }
    }

    /// The reservation is gone and its stock is available again.
    record StockReleased(UUID orderId, List<StockLine> lines) implements InventoryEvent {
        public StockReleased {
            lines = StockLine.nonEmpty(lines);
        }
    }

    /// The reserved stock has left the house.
    record StockCommitted(UUID orderId, List<StockLine> lines) implements InventoryEvent {
        public StockCommitted {
            lines = StockLine.nonEmpty(lines);
        }
    }

    /// The committed stock came back and is available again.
    record StockRestocked(UUID orderId, List<StockLine> lines) implements InventoryEvent {
        public StockRestocked {
            lines = StockLine.nonEmpty(lines);
        }
    }
}
