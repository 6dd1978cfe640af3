package dev.quadrille.order.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.StockLine;
import dev.quadrille.order.domain.Pricing.Cause;
import dev.quadrille.order.domain.Pricing.Priced;
import dev.quadrille.order.domain.Pricing.Product;
import dev.quadrille.order.domain.Pricing.Refusal;
import dev.quadrille.order.domain.Pricing.Refused;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PricingTest {

    private static final Map<String, Product> CATALOGUE =
            Map.of(
                    "TEA-01", new Product("TEA-01", "Green tea", new Money(450, "EUR")),
                    "CUP-01", new Product("CUP-01", "Cup", new Money(1200, "EUR")),
                    "POT-01", new Product("POT-01", "Pot", new Money(3000, "JPY")));

    @Test
    void linesGetTheCataloguesNamesAndPrices() {
        var asked = List.of(new StockLine("TEA-01", 3), new StockLine("CUP-01", 1));

        var pricing = Pricing.price(asked, "EUR", CATALOGUE);

        assertThat(pricing)
                .isEqualTo(
                        new Priced(
                                List.of(
                                        new OrderLine(
                                                "TEA-01", "Green tea", 3, new Money(450, "EUR")),
                                        new OrderLine("CUP-01", "Cup", 1, new Money(1200, "EUR"))),
                                new Money(2550, "EUR")));
    }

    @Test
    void everyLineThatCannotBeOrderedIsNamed() {
        var asked =
                List.of(
                        new StockLine("TEA-01", 1),
                        new StockLine("NONE", 1),
                        new StockLine("POT-01", 1));

        var pricing = Pricing.price(asked, "EUR", CATALOGUE);

        assertThat(pricing)
                .isEqualTo(
                        new Refused(
                                List.of(
                                        new Refusal(1, Cause.UNKNOWN_SKU),
                                        new Refusal(2, Cause.OTHER_CURRENCY))));
    }
}
