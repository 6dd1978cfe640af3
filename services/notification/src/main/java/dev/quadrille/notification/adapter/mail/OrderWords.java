package dev.quadrille.notification.adapter.mail;

import static dev.quadrille.notification.adapter.mail.Wording.amount;
import static dev.quadrille.notification.adapter.mail.Wording.oneLine;

import dev.quadrille.notification.domain.OrderDetails;
import io.quarkus.qute.TemplateData;
import java.util.List;
import java.util.Locale;

/// An order as the templates show it. Public, as are its lines, because Qute reads them. The build
/// writes the code that reads them: what an included template reads it does not find by itself, and
/// a native image has no reflection to fall back on.
///
/// @param number for people: the last 8 digits of the id, because the first are those of the hour
@TemplateData
public record OrderWords(String number, List<LineWords> lines, String total) {

    private static final int NUMBER_DIGITS = 8;

    /// @param price of all pieces together
    @TemplateData
    public record LineWords(String name, int quantity, String price) {}

    static OrderWords of(OrderDetails order) {
        return new OrderWords(
                number(order),
                order.lines().stream()
                        .map(line ->
                                new LineWords(
                                        oneLine(line.name()),
                                        line.quantity(),
                                        amount(line.unitPrice().times(line.quantity()))))
                        .toList(),
                amount(order.total()));
    }

    private static String number(OrderDetails order) {
        var id = order.id().toString();
        return id.substring(id.length() - NUMBER_DIGITS).toUpperCase(Locale.ROOT);
    }
}
