package dev.quadrille.simulation;

import static java.util.stream.Collectors.joining;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.inventory.domain.Stock;
import dev.quadrille.notification.domain.Correspondence;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.OrderInput;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.PaymentInput;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// Draws what the deciders do. While a saga is danced it takes down each state and each input that
/// it sees, and at the end it tries every input on every state, those included that never meet. The
/// deciders are the real ones, so the drawing cannot say what the code does not.
final class Diagrams extends Rules {

    private static final Instant LATE = Instant.parse("2100-01-01T00:00:00Z");

    private final Map<String, TreeMap<Way, TreeSet<String>>> drawn = new TreeMap<>();

    // One of each kind, by what tells the kinds apart.
    private final Map<String, Order> orders = new TreeMap<>();
    private final Map<String, OrderInput> orderInputs = new TreeMap<>();
    private final Map<String, Reservation> reservations = new TreeMap<>();
    private final Map<String, DomainEvent> events = new TreeMap<>();
    private final Map<String, Payment> payments = new TreeMap<>();
    private final Map<String, PaymentInput> paymentInputs = new TreeMap<>();
    private final Map<String, Correspondence> correspondences = new TreeMap<>();
    private final Map<String, Notification> notifications = new TreeMap<>();
    private final Map<String, NotificationInput> notificationInputs = new TreeMap<>();

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
        orders.putIfAbsent(kind(order), order);
        var cause = input instanceof OrderInput.Heard(var event) ? event : input;
        orderInputs.putIfAbsent(kind(cause), input);
        return draw("Order", order, cause, super.order(order, input, now));
    }

    @Override
    Decision<Reservation.Known, InventoryEvent> reservation(
            Reservation reservation, DomainEvent event, Stock stock) {
        reservations.putIfAbsent(name(reservation), reservation);
        events.putIfAbsent(kind(event), event);
        return draw(
                "Reservation", reservation, event, super.reservation(reservation, event, stock));
    }

    @Override
    Decision<Payment.Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
        payments.putIfAbsent(kind(payment), payment);
        var cause = input instanceof PaymentInput.Heard(var event) ? event : input;
        paymentInputs.putIfAbsent(kind(cause), input);
        return draw("Payment", payment, cause, super.payment(payment, input));
    }

    @Override
    Decision<Correspondence.Begun, NotificationEvent> correspondence(
            Correspondence correspondence, DomainEvent event, Instant at) {
        correspondences.putIfAbsent(kind(correspondence), correspondence);
        events.putIfAbsent(kind(event), event);
        return draw(
                "Correspondence",
                correspondence,
                event,
                super.correspondence(correspondence, event, at));
    }

    @Override
    Decision<Notification, NotificationEvent> notification(
            Notification notification, NotificationInput input, Instant now) {
        notifications.putIfAbsent(kind(notification), notification);
        var cause =
                input instanceof NotificationInput.Attempted(_, var outcome, _) ? outcome : input;
        int attempt =
                input instanceof NotificationInput.Attempted attempted ? attempted.attempt() : 0;
        notificationInputs.putIfAbsent(name(cause) + " " + attempt, input);
        return draw(
                "Notification", notification, cause, super.notification(notification, input, now));
    }

    /// Tries every input on every state, and again on the states that come of that, until nothing
    /// is new.
    void tryEverything() {
        // A dance that is not that unlucky sees no third failure.
        for (int attempt = 1; attempt <= Rules.MAX_MAIL_ATTEMPTS; attempt++) {
            notificationInputs.put(
                    "NotSent " + attempt,
                    new NotificationInput.Attempted(attempt, new Outcome.NotSent("smtp-450"), 0));
        }
        int before = -1;
        while (before != states()) {
            before = states();
            each(orders, orderInputs, (order, input) -> order(order, input, LATE));
            each(
                    reservations,
                    events,
                    (reservation, event) -> {
                        reservation(reservation, event, _ -> Long.MAX_VALUE);
                        reservation(reservation, event, _ -> 0);
                    });
            each(payments, paymentInputs, this::payment);
            each(correspondences, events, (state, event) -> correspondence(state, event, LATE));
            each(
                    notifications,
                    notificationInputs,
                    (state, input) -> notification(state, input, LATE));
        }
    }

    private int states() {
        return orders.size()
                + reservations.size()
                + payments.size()
                + correspondences.size()
                + notifications.size();
    }

    private static <S, I> void each(
            Map<String, S> states, Map<String, I> inputs, BiConsumer<S, I> trial) {
        var all = List.copyOf(inputs.values());
        List.copyOf(states.values())
                .forEach(state -> all.forEach(input -> trial.accept(state, input)));
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
        if (decision instanceof Advance<S, E>(var after, var announced)) {
            remember(after);
            drawn.computeIfAbsent(what, _ -> new TreeMap<>())
                    .computeIfAbsent(
                            new Way(name(before), name((Object) after)), _ -> new TreeSet<>())
                    .add(name(cause) + told(announced));
        }
        return decision;
    }

    private void remember(Object state) {
        switch (state) {
            case Order order -> orders.putIfAbsent(kind(order), order);
            case Reservation reservation ->
                    reservations.putIfAbsent(name(reservation), reservation);
            case Payment payment -> payments.putIfAbsent(kind(payment), payment);
            case Correspondence correspondence ->
                    correspondences.putIfAbsent(kind(correspondence), correspondence);
            case Notification notification ->
                    notifications.putIfAbsent(kind(notification), notification);
            default -> throw new IllegalArgumentException("not a state: " + state);
        }
    }

    private static String told(List<? extends DomainEvent> announced) {
        return announced.isEmpty()
                ? ""
                : announced.stream().map(Diagrams::name).collect(joining(" + ", " / ", ""));
    }

    /// What a decider tells apart beside the class.
    private static String kind(Object value) {
        return name(value)
                + switch (value) {
                    case Order.Placed placed -> " " + placed.stock() + " " + placed.payment();
                    case Payment.Authorizing authorizing -> " " + authorizing.asked();
                    case Correspondence.Begun begun ->
                            " " + begun.news().stream().map(dated -> dated.news().kind()).toList();
                    case Notification notification -> " " + notification.attempts();
                    case OrderEvent.OrderCancelled cancelled -> " " + cancelled.reason();
                    default -> "";
                };
    }

    private static String name(Object value) {
        return value.getClass().getSimpleName();
    }
}
