package dev.quadrille.inventory.domain;

import dev.quadrille.contract.StockLine;
import java.util.List;
import java.util.UUID;

/// What is held for one order, one record for each state it can be in.
public sealed interface Reservation {

    /// Nothing was heard of the order.
    record Unknown() implements Reservation {}

    /// A reservation that is on record.
    sealed interface Known extends Reservation {

        UUID orderId();

        /// What the order asked for; empty while nobody has said.
        List<StockLine> lines();
    }

    /// Every line is held.
    record Held(UUID orderId, List<StockLine> lines) implements Known {
        public Held {
            lines = List.copyOf(lines);
        }
    }

    /// Nothing is held: the stock did not suffice.
    record Rejected(UUID orderId, List<StockLine> lines) implements Known {
        public Rejected {
            lines = List.copyOf(lines);
        }
    }

    /// Nothing is held any more.
    record Released(UUID orderId, List<StockLine> lines) implements Known {
        public Released {
            lines = List.copyOf(lines);
        }
    }

    /// What was held has left the house.
    record Committed(UUID orderId, List<StockLine> lines) implements Known {
        public Committed {
            lines = List.copyOf(lines);
        }
    }

    /// What had left the house came back.
    record Restocked(UUID orderId, List<StockLine> lines) implements Known {
        public Restocked {
            lines = List.copyOf(lines);
        }
    }

    /// The order was cancelled before it was heard of: a tombstone, so that nothing is held for it
    /// when it comes.
    record CancelledEarly(UUID orderId) implements Known {

        @Override
        public List<StockLine> lines() {
            return List.of();
        }
    }
}
