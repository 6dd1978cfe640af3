package dev.quadrille.simulation;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.inventory.domain.Stock;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.OrderInput;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.PaymentInput;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Draws what the deciders do: every way from one state to another that was gone while it looked.
/// They are the real ones, so the drawing cannot say what the code does not.
final class Diagrams extends Rules {

    private final Map<String, TreeMap<Way, TreeSet<String>>> drawn = new TreeMap<>();

    /// From one state to another, and why.
    private record Way(String from, String to) implements Comparable<Way> {

        @Override
        public int compareTo(Way other) {
            int froms = from.compareTo(other.from);
            return froms != 0 ? froms : to.compareTo(other.to);
        }
    }

    @Override
    Decision<Order.Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
        var cause = input instanceof OrderInput.Heard(var event) ? event : input;
        return draw("Order", order, cause, super.order(order, input, now));
    }

    @Override
    Decision<Reservation.Known, InventoryEvent> reservation(
            Reservation reservation, DomainEvent event, Stock stock) {
        return draw(
                "Reservation", reservation, event, super.reservation(reservation, event, stock));
    }

    @Override
    Decision<Payment.Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
        var cause = input instanceof PaymentInput.Heard(var event) ? event : input;
        return draw("Payment", payment, cause, super.payment(payment, input));
    }

    @Override
    Decision<Notification, NotificationEvent> notification(
            Notification notification, NotificationInput input, Instant now) {
        var cause =
                input instanceof NotificationInput.Attempted(_, var outcome, _) ? outcome : input;
        return draw(
                "Notification", notification, cause, super.notification(notification, input, now));
    }

    /// A chapter of Markdown for each, with a Mermaid diagram.
    String markdown() {
        var text = new StringBuilder(4_000);
        drawn.forEach((what, ways) -> {
            text.append("\n## ").append(what).append("\n\n```mermaid\nstateDiagram-v2\n");
            ways.forEach((way, causes) ->
                    text.append("    ")
                            .append(node(way.from()))
                            .append(" --> ")
                            .append(way.to())
                            .append(": ")
                            .append(String.join("<br/>", causes))
                            .append('\n'));
            text.append("```\n");
        });
        return text.toString();
    }

    private static String node(String state) {
        return state.equals("Unknown") ? "[*]" : state;
    }

    private <S, E extends DomainEvent> Decision<S, E> draw(
            String what, Object before, Object cause, Decision<S, E> decision) {
        if (decision instanceof Advance<S, E>(var after, var events)) {
            drawn.computeIfAbsent(what, _ -> new TreeMap<>())
                    .computeIfAbsent(
                            new Way(name(before), name((Object) after)), _ -> new TreeSet<>())
                    .add(name(cause) + announced(events));
        }
        return decision;
    }

    private static String announced(List<? extends DomainEvent> events) {
        return events.isEmpty() ? "" : " / " + name(events.getFirst());
    }

    private static String name(Object value) {
        return value.getClass().getSimpleName();
    }
}
