package dev.quadrille.payment.adapter.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Money;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StripeAmountTest {

    @ParameterizedTest
    @CsvSource({
        "EUR, 1050, 1050",
        "USD, 0, 0",
        "JPY, 500, 500",
        "HUF, 1045, 1045",
        "MGA, 50000, 500",
        "ISK, 5, 500",
        "UGX, 5, 500",
        "BHD, 5120, 5120",
        "JOD, 5120, 5120",
        "KWD, 5120, 5120",
        "OMR, 5120, 5120",
        "TND, 5120, 5120"
    })
    void anAmountIsWhatItIsInStripesUnitAndBack(String currency, long isoMinor, long stripes) {
        var amount = new Money(isoMinor, currency);

        assertThat(StripeAmount.of(amount)).hasValue(stripes);
        assertThat(StripeAmount.toMoney(stripes, currency.toLowerCase(java.util.Locale.ROOT)))
                .contains(amount);
    }

    @ParameterizedTest
    @CsvSource({"MGA, 150", "KWD, 5124", "TND, 1", "ISK, 9223372036854775807"})
    void anAmountThatStripeHasNoUnitForIsNone(String currency, long isoMinor) {
        assertThat(StripeAmount.of(new Money(isoMinor, currency))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "150, isk", // made by somebody else: there are no half krónur
        "9223372036854775807, mga",
        "-1, eur",
        "1, xxz",
        "1,"
    })
    void whatIsNoMoneyHereIsNone(long stripes, String currency) {
        assertThat(StripeAmount.toMoney(stripes, currency)).isEmpty();
    }

    /// Stripe's list of those without decimals, and its special cases. Where a Java of tomorrow
    /// counts otherwise, this says so.
    @Test
    void whereIsoHasOtherDecimalsThanStripeIsKnown() {
        for (var code :
                "BIF CLP DJF GNF JPY KMF KRW PYG RWF VND VUV XAF XOF XPF ISK UGX".split(" ")) {
            assertThat(Currency.getInstance(code).getDefaultFractionDigits()).as(code).isZero();
        }
        for (var code : "MGA HUF TWD EUR".split(" ")) {
            assertThat(Currency.getInstance(code).getDefaultFractionDigits()).as(code).isEqualTo(2);
        }
        for (var code : "BHD JOD KWD OMR TND".split(" ")) {
            assertThat(Currency.getInstance(code).getDefaultFractionDigits()).as(code).isEqualTo(3);
        }
    }
}
