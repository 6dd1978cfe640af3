package dev.quadrille.contract;

import java.util.List;

/// What is ordered of one product.
///
/// @param name the product's, when the order was placed
/// @param quantity in pieces, 1 to 1,000,000
/// @param unitPrice the price of one piece when the order was placed
public record OrderLine(String sku, String name, int quantity, Money unitPrice) {

    public OrderLine {
        Check.sku(sku);
        Check.that(quantity >= 1 && quantity <= 1_000_000, "a quantity is 1 to 1,000,000");
    }

    /// The sum of the lines, which are all in one currency.
    ///
    /// @throws ArithmeticException if the sum does not fit a `long`
    public static Money total(List<OrderLine> lines) {
        return lines.stream()
                .map(line -> line.unitPrice().times(line.quantity()))
                .reduce(Money::plus)
                .orElseThrow();
    }
}
