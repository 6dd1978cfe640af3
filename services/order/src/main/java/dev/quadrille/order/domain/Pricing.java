package dev.quadrille.order.domain;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.StockLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Puts prices to the lines that a customer asks for. They come from the catalogue, never from the
/// customer.
public sealed interface Pricing {

    /// A product as the order service knows it.
    record Product(String sku, String name, Money price) {}

    record Priced(List<OrderLine> lines, Money total) implements Pricing {}

    /// These lines cannot be ordered.
    record Refused(List<Refusal> refusals) implements Pricing {}

    /// @param line the place of the line in the request, from 0
    record Refusal(int line, Cause cause) {}

    /// Why a line cannot be ordered.
    enum Cause {
        UNKNOWN_SKU,
        OTHER_CURRENCY
    }

    /// @param catalogue by sku; at least what it has of the skus asked for
    static Pricing price(List<StockLine> asked, String currency, Map<String, Product> catalogue) {
        var priced = new ArrayList<OrderLine>(asked.size());
        var refusals = new ArrayList<Refusal>();
        for (int i = 0; i < asked.size(); i++) {
            var line = asked.get(i);
            var product = catalogue.get(line.sku());
            if (product == null) {
                refusals.add(new Refusal(i, Cause.UNKNOWN_SKU));
            } else if (!product.price().currency().equals(currency)) {
                refusals.add(new Refusal(i, Cause.OTHER_CURRENCY));
            } else {
                priced.add(
                        new OrderLine(
                                line.sku(), product.name(), line.quantity(), product.price()));
            }
        }
        return refusals.isEmpty()
                ? new Priced(priced, OrderLine.total(priced))
                : new Refused(refusals);
    }
}
