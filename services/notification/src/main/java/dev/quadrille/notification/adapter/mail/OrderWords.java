package dev.quadrille.notification.adapter.mail;

import static dev.quadrille.notification.adapter.mail.Wording.amount;
import static dev.quadrille.notification.adapter.mail.Wording.oneLine;

import dev.quadrille.notification.domain.OrderDetails;
import java.util.List;
import java.util.Locale;

/// An order as the templates show it. Public, as are its lines, because Qute reads them.
///
/// @param number for people: the last 8 digits of the id, because the first are those of the hour
public record OrderWords(String number, List<LineWords> lines, String total) {

    private static final int NUMBER_DIGITS = 8;

    /// @param price of all pieces together
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
