package dev.quadrille.contract;

import java.util.List;

/// A quantity of one sku.
///
/// @param quantity in pieces, at least 1
public record StockLine(String sku, int quantity) {

    public StockLine {
        Check.sku(sku);
        Check.that(quantity >= 1, "a quantity is at least 1");
    }

    static List<StockLine> nonEmpty(List<StockLine> lines) {
        Check.that(!lines.isEmpty(), "stock moves by at least one line");
        return List.copyOf(lines);
    }
}
