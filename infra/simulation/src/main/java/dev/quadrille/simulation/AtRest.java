package dev.quadrille.simulation;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.PaymentStatus;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.testkit.Evidence;
import dev.quadrille.testkit.Invariants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What holds once nothing is under way any more. The judge is the one that looks at the real
/// system; here is what it is shown.
final class AtRest {

    private AtRest() {}

    /// That every order has ended, and that all agree on how.
    ///
    /// @throws Breach if an invariant does not hold
    static void checkTheSaga(World world) {
        for (var dance : world.dances) {
            var order = dance.placed();
            if (order != null && owes(dance, order)) {
                throw new Breach("I14", "nothing is under way, and there is still owed " + order);
            }
        }
    }

    /// @throws Breach if an invariant does not hold
    static void check(World world) {
        checkTheSaga(world);
        for (var dance : world.dances) {
            for (var service : Service.ALL) {
                for (var message : dance.committed) {
                    if (message.from() == service && !dance.at(service).topic.contains(message)) {
                        throw new Breach("I9", message + " was announced, and is not in Kafka");
                    }
                }
            }
        }
        var breaches = Invariants.breaches(evidence(world), world.accepted, lapsed(world));
        if (!breaches.isEmpty()) {
            var first = breaches.getFirst();
            int colon = first.indexOf(':');
            throw new Breach(first.substring(0, colon), first.substring(colon + 2));
        }
    }

    /// A shipped order whose hold had lapsed stays open for an operator to see.
    private static boolean owes(Dance dance, Order.Placed order) {
        return switch (order) {
            case Order.Pending _ -> true;
            case Order.Confirmed _ -> false;
            case Order.Shipped shipped ->
                    !shipped.settled()
                            && !(dance.lapsed && shipped.payment() == PaymentStatus.VOIDED);
            case Order.Returned _, Order.Cancelled _ -> !order.settled();
        };
    }

    private static Set<UUID> lapsed(World world) {
        return world.dances.stream().filter(dance -> dance.lapsed).map(Dance::id).collect(toSet());
    }

    private static Evidence evidence(World world) {
        var orders = new HashMap<UUID, Evidence.Order>();
        var timeline = new ArrayList<Evidence.Step>();
        var reservations = new HashMap<UUID, Evidence.Reservation>();
        var payments = new HashMap<UUID, Evidence.Payment>();
        var intents = new ArrayList<Evidence.Intent>();
        var notifications = new ArrayList<Evidence.Notification>();
        var mails = new ArrayList<Evidence.Mail>();
        var published = new ArrayList<Evidence.Published>();
        for (var dance : world.dances) {
            var id = dance.id();
            if (dance.order instanceof Order.Placed placed) {
                orders.put(id, order(dance, placed));
            }
            dance.timeline.forEach(message ->
                    timeline.add(
                            new Evidence.Step(
                                    id,
                                    message.type(),
                                    message.from().topic().source(),
                                    message.sequence())));
            if (dance.reservation instanceof Reservation.Known known) {
                reservations.put(
                        id,
                        new Evidence.Reservation(
                                id,
                                name(known),
                                known.lines().stream()
                                        .collect(
                                                toMap(
                                                        StockLine::sku,
                                                        line -> (long) line.quantity()))));
            }
            if (dance.payment instanceof Payment.Known known) {
                payments.put(id, new Evidence.Payment(id, name(known)));
            }
            dance.books
                    .intents()
                    .forEach(intent ->
                            intents.add(
                                    new Evidence.Intent(
                                            id,
                                            intent.reference(),
                                            intent.held(),
                                            intent.captured(),
                                            intent.refunded())));
            dance.post.forEach((kind, post) -> {
                var details = post.notification().details();
                notifications.add(
                        new Evidence.Notification(
                                details.id(),
                                id,
                                kind.name(),
                                details.channel().name(),
                                name(post.notification())));
                for (int i = 0; i < post.mails(); i++) {
                    mails.add(new Evidence.Mail(details.id().toString(), kind + " of " + id));
                }
            });
            for (var service : Service.ALL) {
                dance.at(service)
                        .topic
                        .forEach(message -> published.add(published(dance, message)));
            }
        }
        return new Evidence(
                orders,
                timeline,
                reservations,
                stock(world),
                ledger(world),
                payments,
                intents,
                notifications,
                mails,
                outboxes(world),
                world.placements,
                published);
    }

    private static Evidence.Order order(Dance dance, Order.Placed order) {
        return new Evidence.Order(
                dance.id(),
                dance.orderVersion,
                switch (order) {
                    case Order.Pending _ -> "PENDING";
                    case Order.Confirmed _ -> "CONFIRMED";
                    case Order.Shipped _ -> "SHIPPED";
                    case Order.Returned _ -> "RETURNED";
                    case Order.Cancelled _ -> "CANCELLED";
                },
                reason(order),
                order.stock().name(),
                order.payment().name(),
                order.settled(),
                dance.details.total().amountMinor(),
                dance.details.customer().email().value());
    }

    private static @Nullable String reason(Order.Placed order) {
        return order instanceof Order.Cancelled cancelled ? cancelled.reason().name() : null;
    }

    private static Evidence.Published published(Dance dance, Message message) {
        var aggregate =
                switch (message.event()) {
                    case dev.quadrille.contract.NotificationEvent.NotificationSent sent ->
                            sent.notificationId().toString();
                    case dev.quadrille.contract.NotificationEvent.NotificationFailed failed ->
                            failed.notificationId().toString();
                    case dev.quadrille.contract.OrderEvent _,
                            dev.quadrille.contract.InventoryEvent _,
                            dev.quadrille.contract.PaymentEvent _,
                            dev.quadrille.contract.ProductEvent _ ->
                            dance.id().toString();
                };
        return new Evidence.Published(
                message.from().topic(),
                dance.id(),
                aggregate,
                new UUID(dance.id().getLeastSignificantBits(), message.id()),
                message.type(),
                message.sequence());
    }

    private static Map<String, Evidence.Stock> stock(World world) {
        var stock = new HashMap<String, Evidence.Stock>();
        world.shelf.levels.forEach((sku, level) ->
                stock.put(sku, new Evidence.Stock(sku, level.onHand(), level.reserved())));
        return stock;
    }

    private static List<Evidence.StockMove> ledger(World world) {
        var ledger = new ArrayList<Evidence.StockMove>();
        world.shelf.delivered.forEach((sku, pieces) ->
                ledger.add(new Evidence.StockMove(sku, "ADJUSTED", pieces, 0, null)));
        for (var dance : world.dances) {
            dance.moves.forEach(move ->
                    ledger.add(
                            new Evidence.StockMove(
                                    move.sku(),
                                    move.cause().name(),
                                    move.onHandDelta(),
                                    move.reservedDelta(),
                                    move.orderId())));
        }
        return ledger;
    }

    private static Map<String, Long> outboxes(World world) {
        var rows = new HashMap<String, Long>();
        for (var dance : world.dances) {
            for (var service : Service.ALL) {
                rows.merge(service.name(), (long) dance.at(service).outbox.size(), Long::sum);
            }
        }
        return rows;
    }

    private static String name(Reservation.Known reservation) {
        return switch (reservation) {
            case Reservation.Held _ -> "HELD";
            case Reservation.Rejected _ -> "REJECTED";
            case Reservation.Released _, Reservation.CancelledEarly _ -> "RELEASED";
            case Reservation.Committed _ -> "COMMITTED";
            case Reservation.Restocked _ -> "RESTOCKED";
        };
    }

    private static String name(Payment.Known payment) {
        return switch (payment) {
            case Payment.AwaitingStock _ -> "AWAITING_STOCK";
            case Payment.AwaitingOrder _ -> "AWAITING_ORDER";
            case Payment.Authorizing _ -> "AUTHORIZING";
            case Payment.Authorized _ -> "AUTHORIZED";
            case Payment.Declined _ -> "DECLINED";
            case Payment.Abandoning _ -> "ABANDONING";
            case Payment.Voiding _ -> "VOIDING";
            case Payment.Voided _ -> "VOIDED";
            case Payment.Cancelled _ -> "CANCELLED";
            case Payment.Capturing _, Payment.CapturingToRefund _ -> "CAPTURING";
            case Payment.Captured _ -> "CAPTURED";
            case Payment.Refunding _ -> "REFUNDING";
            case Payment.Refunded _ -> "REFUNDED";
        };
    }

    private static String name(Notification notification) {
        return switch (notification) {
            case Notification.Pending _, Notification.Delivering _ -> "PENDING";
            case Notification.Sending _ -> "SENDING";
            case Notification.Sent _ -> "SENT";
            case Notification.Failed _ -> "FAILED";
        };
    }
}
