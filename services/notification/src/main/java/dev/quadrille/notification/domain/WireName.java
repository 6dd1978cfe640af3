package dev.quadrille.notification.domain;

import dev.quadrille.contract.EventType;
import dev.quadrille.contract.NotificationEvent.Kind;
import java.util.Optional;
import java.util.stream.Stream;

/// What receivers call the kinds of news: the names of the events that bring them.
public final class WireName {

    private WireName() {}

    public static String of(Kind kind) {
        return switch (kind) {
            case ORDER_CONFIRMED -> EventType.ORDER_CONFIRMED.wireName();
            case ORDER_CANCELLED -> EventType.ORDER_CANCELLED.wireName();
            case ORDER_SHIPPED -> EventType.ORDER_SHIPPED.wireName();
            case ORDER_RETURNED -> EventType.ORDER_RETURNED.wireName();
            case PAYMENT_REFUNDED -> EventType.PAYMENT_REFUNDED.wireName();
        };
    }

    /// Empty for what nobody can hear of.
    public static Optional<Kind> kind(String wireName) {
        return Stream.of(Kind.values()).filter(kind -> of(kind).equals(wireName)).findFirst();
    }
}
