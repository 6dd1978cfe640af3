package dev.quadrille.notification.adapter.mail;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.domain.Letter;
import dev.quadrille.notification.domain.News.Cancelled;
import dev.quadrille.notification.domain.News.Confirmed;
import dev.quadrille.notification.domain.News.Refunded;
import dev.quadrille.notification.domain.News.Returned;
import dev.quadrille.notification.domain.News.Shipped;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.Variant;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the mails say. Each has a template for its text and one for its HTML, in which names are
/// escaped; a subject holds nothing that anybody else wrote.
final class Wording {

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

    private Wording() {}

    /// The templates, which the build checks against what they are given.
    @CheckedTemplate(basePath = "mail")
    static final class Templates {

        private Templates() {}

        static native TemplateInstance confirmed(OrderWords order);

        static native TemplateInstance cancelled(OrderWords order, String reason);

        static native TemplateInstance shipped(
                OrderWords order, String carrier, String trackingNumber);

        static native TemplateInstance returned(OrderWords order);

        static native TemplateInstance refunded(OrderWords order, String amount);
    }

    static Mail mail(Letter letter) {
        var order = OrderWords.of(letter.order());
        return new Mail(
                letter.notification().id().toString(),
                letter.order().customer().email().value(),
                subject(letter.news().kind(), order.number()),
                body(letter, order, Variant.TEXT_PLAIN),
                body(letter, order, Variant.TEXT_HTML));
    }

    static String subject(Kind kind, String orderNumber) {
        return switch (kind) {
            case ORDER_CONFIRMED -> "Your order " + orderNumber + " is confirmed";
            case ORDER_CANCELLED -> "Your order " + orderNumber + " is cancelled";
            case ORDER_SHIPPED -> "Your order " + orderNumber + " is on its way";
            case ORDER_RETURNED -> "Your return of order " + orderNumber + " has arrived";
            case PAYMENT_REFUNDED -> "Your refund for order " + orderNumber;
        };
    }

    static String reason(CancellationReason reason) {
        return switch (reason) {
            case OUT_OF_STOCK -> "Not everything you ordered is in stock any more.";
            case PAYMENT_DECLINED -> "Your payment was declined.";
            case TIMED_OUT -> "We could not complete it in time.";
            case CUSTOMER_REQUEST -> "You asked us to cancel it.";
        };
    }

    /// In the major unit, with as many decimals as the currency has, such as `1,234.50 EUR` and
    /// `1,234 JPY`.
    static String amount(Money money) {
        int decimals =
                Math.max(0, Currency.getInstance(money.currency()).getDefaultFractionDigits());
        return String.format(
                Locale.ROOT,
                "%,." + decimals + "f %s",
                BigDecimal.valueOf(money.amountMinor(), decimals),
                money.currency());
    }

    /// What somebody else wrote, without anything that would make lines of its own in a text.
    static String oneLine(String text) {
        return CONTROL.matcher(text).replaceAll(" ").strip();
    }

    private static String body(Letter letter, OrderWords order, String contentType) {
        var template =
                switch (letter.news()) {
                    case Confirmed() -> Templates.confirmed(order);
                    case Cancelled(var reason) -> Templates.cancelled(order, reason(reason));
                    case Shipped(var carrier, var trackingNumber) ->
                            Templates.shipped(order, oneLine(carrier), oneLine(trackingNumber));
                    case Returned() -> Templates.returned(order);
                    case Refunded(var amount) -> Templates.refunded(order, amount(amount));
                };
        return template.setVariant(Variant.forContentType(contentType)).render();
    }
}
