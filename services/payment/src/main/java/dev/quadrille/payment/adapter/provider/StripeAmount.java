package dev.quadrille.payment.adapter.provider;

import dev.quadrille.contract.Money;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An amount as [Stripe counts it](https://docs.stripe.com/currencies#minor-units), which is in the
/// minor unit of ISO 4217 but for a few currencies:
///
/// | currency | ISO 4217 | Stripe |
/// |---|---|---|
/// | MGA | hundredths | whole ones |
/// | ISK, UGX | whole ones | hundredths, always a multiple of 100 |
/// | BHD, JOD, KWD, OMR, TND | thousandths | thousandths, always a multiple of 10 |
final class StripeAmount {

    private static final long HUNDRED = 100;
    private static final long TEN = 10;

    private StripeAmount() {}

    /// Empty if Stripe cannot express it.
    static OptionalLong of(Money money) {
        long isoMinor = money.amountMinor();
        return switch (money.currency()) {
            case "MGA" -> divided(isoMinor);
            case "ISK", "UGX" -> multiplied(isoMinor);
            case "BHD", "JOD", "KWD", "OMR", "TND" ->
                    isoMinor % TEN == 0 ? OptionalLong.of(isoMinor) : OptionalLong.empty();
            default -> OptionalLong.of(isoMinor);
        };
    }

    /// Empty if it is no amount of a currency that is known here.
    ///
    /// @param currency as Stripe writes it
    static Optional<Money> toMoney(long amount, @Nullable String currency) {
        var code = currency == null ? "" : currency.toUpperCase(Locale.ROOT);
        if (amount < 0 || !Money.isCurrency(code)) {
            return Optional.empty();
        }
        var isoMinor =
                switch (code) {
                    case "MGA" -> multiplied(amount);
                    case "ISK", "UGX" -> divided(amount);
                    default -> OptionalLong.of(amount);
                };
        return isoMinor.isPresent()
                ? Optional.of(new Money(isoMinor.getAsLong(), code))
                : Optional.empty();
    }

    private static OptionalLong divided(long amount) {
        return amount % HUNDRED == 0 ? OptionalLong.of(amount / HUNDRED) : OptionalLong.empty();
    }

    private static OptionalLong multiplied(long amount) {
        return amount <= Long.MAX_VALUE / HUNDRED
                ? OptionalLong.of(amount * HUNDRED)
                : OptionalLong.empty();
    }
}
