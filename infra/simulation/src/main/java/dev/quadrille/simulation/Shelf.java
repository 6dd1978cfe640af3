package dev.quadrille.simulation;

import dev.quadrille.inventory.domain.StockMove;
import java.util.Map;
import java.util.TreeMap;

/// The stock that the dances compete for. What was moved for one of them, that one keeps.
final class Shelf {

    /// In pieces.
    record Level(long onHand, long reserved) {

        private Level after(StockMove move) {
            return new Level(onHand + move.onHandDelta(), reserved + move.reservedDelta());
        }
    }

    final Map<String, Level> levels;
    final Map<String, Long> delivered;

    Shelf(Map<String, Long> delivered) {
        this.delivered = Map.copyOf(delivered);
        this.levels = new TreeMap<>();
        delivered.forEach((sku, pieces) -> levels.put(sku, new Level(pieces, 0)));
    }

    Shelf(Shelf other) {
        delivered = other.delivered;
        levels = new TreeMap<>(other.levels);
    }

    long available(String sku) {
        var level = levels.get(sku);
        return level == null ? 0 : level.onHand() - level.reserved();
    }

    void move(StockMove move) {
        levels.computeIfPresent(move.sku(), (_, level) -> level.after(move));
    }
}
