package dev.quadrille.contract;

import java.util.Currency;

/// An amount of money.
///
/// @param amountMinor in the currency's minor unit (cents for EUR, yen for JPY), never negative
/// @param currency an ISO 4217 code
public record Money(long amountMinor, String currency) {

    public Money {
        Check.that(amountMinor >= 0, "an amount is not negative");
        Check.that(isCurrency(currency), "a currency is an ISO 4217 code");
    }

    /// @throws IllegalArgumentException if the currencies differ
    /// @throws ArithmeticException if the sum does not fit a `long`
    public Money plus(Money other) {
        Check.that(currency.equals(other.currency), "money adds up in one currency");
        return new Money(Math.addExact(amountMinor, other.amountMinor), currency);
    }

    /// @throws ArithmeticException if the product does not fit a `long`
    public Money times(int factor) {
        return new Money(Math.multiplyExact(amountMinor, (long) factor), currency);
    }

    /// Whether this is an ISO 4217 code, in capitals.
    public static boolean isCurrency(String code) {
        try {
            return Currency.getInstance(code).getCurrencyCode().equals(code);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Override
    public String toString() {
        return amountMinor + " " + currency;
    }
}
