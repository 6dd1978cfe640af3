package dev.quadrille.notification.domain;

import dev.quadrille.notification.domain.Correspondence.Open;
import dev.quadrille.notification.domain.Notification.Sending;

/// All that it takes to write one mail.
///
/// @param attempt which attempt to send it this is, from 1
public record Letter(NotificationDetails notification, int attempt, OrderDetails order, News news) {

    public static Letter of(Sending sending, Open correspondence) {
        var details = sending.details();
        return new Letter(
                details,
                sending.attempts(),
                correspondence.order(),
                correspondence.news().stream()
                        .map(DatedNews::news)
                        .filter(news -> news.kind() == details.kind())
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no such news")));
    }

    /// Without anything of the customer's.
    @Override
    public String toString() {
        return "mail " + notification.id();
    }
}
