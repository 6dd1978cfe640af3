package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    private static final Money MOST = new Money(Long.MAX_VALUE, "EUR");

    @Test
    void moneyAddsUpInOneCurrency() {
        assertThat(eur(1250).plus(eur(799))).isEqualTo(eur(2049));
        assertThat(eur(1250).plus(eur(0))).isEqualTo(eur(1250));
    }

    @Test
    void currenciesDoNotMix() {
        var yen = new Money(1250, "JPY");

        assertThatIllegalArgumentException().isThrownBy(() -> eur(1250).plus(yen));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        OrderLine.total(
                                List.of(
                                        new OrderLine("A", "a", 1, eur(1)),
                                        new OrderLine("B", "b", 1, yen))));
    }

    @Test
    void moneyIsMultipliedExactly() {
        assertThat(eur(1250).times(3)).isEqualTo(eur(3750));
        assertThat(eur(1250).times(0)).isEqualTo(eur(0));
        assertThat(MOST.times(1)).isEqualTo(MOST);
    }

    @Test
    void overflowIsAnErrorAndNotASmallAmount() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> MOST.plus(eur(1)));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> MOST.times(2));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() ->
                        OrderLine.total(
                                List.of(
                                        new OrderLine("A", "a", 1, MOST),
                                        new OrderLine("B", "b", 1, eur(1)))));
    }

    @Test
    void amountIsNeverNegative() {
        assertThat(eur(0).amountMinor()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> eur(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> eur(1).times(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EUR", "JPY", "BHD"})
    void codeOfACurrencyIsTaken(String code) {
        assertThat(new Money(1, code).currency()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eur", "Eur", "EURO", "EU", "", " EUR", "QQQ", "€"})
    void whatIsNoCurrencyIsRefused(String code) {
        assertThat(Money.isCurrency(code)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(1, code));
    }

    private static Money eur(long cents) {
        return new Money(cents, "EUR");
    }
}
