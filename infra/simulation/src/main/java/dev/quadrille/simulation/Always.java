package dev.quadrille.simulation;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.PaymentStatus;
import dev.quadrille.simulation.Books.Intent;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What holds after every single move, in the numbers of the design's section "What always holds".
/// What holds at rest only is [AtRest].
final class Always {

    /// An invariant. It looks at the dance that moved, as it is and as it was.
    ///
    /// @param number such as `I6`
    record Invariant(String number, String says, Check check) {}

    /// Says what is wrong; null if nothing is.
    @FunctionalInterface
    interface Check {
        @Nullable String breach(World world, Dance dance, Before before);
    }

    /// What there was before a move, and the move.
    ///
    /// @param handled how many events had had their effect on each service
    /// @param published how many records each service had published
    record Before(
            Move move,
            Order order,
            long orderVersion,
            int moves,
            int contradictions,
            Map<Service, Integer> handled,
            Map<Service, Integer> published) {

        static Before of(Dance dance, Move move) {
            var handled = new EnumMap<Service, Integer>(Service.class);
            var published = new EnumMap<Service, Integer>(Service.class);
            for (var service : Service.ALL) {
                handled.put(service, dance.at(service).handled.size());
                published.put(service, dance.at(service).topic.size());
            }
            return new Before(
                    move,
                    dance.order,
                    dance.orderVersion,
                    dance.moves.size(),
                    dance.contradictions.size(),
                    handled,
                    published);
        }

        /// The place of the first event that had its effect since.
        private int firstHandled(Service service) {
            return requireNonNull(handled.get(service));
        }

        private int firstPublished(Service service) {
            return requireNonNull(published.get(service));
        }
    }

    static final Invariant BELIEVED =
            new Invariant("I11", "nobody hears what cannot be", Always::believed);

    /// All but those of delivery.
    static final List<Invariant> OF_THE_SAGA =
            List.of(
                    new Invariant(
                            "I3", "an order goes legal ways, a version at a time", Always::way),
                    new Invariant("I3", "no order outlives its deadline", Always::deadline),
                    new Invariant(
                            "I3",
                            "what is confirmed has its stock and its money",
                            Always::confirmed),
                    new Invariant("I2", "a key has one order", Always::oneOrder),
                    new Invariant("I4", "stock is neither lost nor sold twice", Always::stock),
                    new Invariant("I5", "an order has one hold and one capture", Always::capture),
                    new Invariant("I6", "money is only where the status says", Always::money),
                    new Invariant("I7", "stock moves once for each cause", Always::movedOnce),
                    new Invariant("I11", "what says it is settled is", Always::settled),
                    BELIEVED,
                    new Invariant("I12", "no mail is sent twice", Always::mails));

    static final List<Invariant> OF_DELIVERY =
            List.of(
                    new Invariant("I8", "an event has one effect", Always::oneEffect),
                    new Invariant(
                            "I9", "what was not committed is not in Kafka", Always::committed),
                    new Invariant("I10", "a topic has them in order", Always::published),
                    new Invariant("I13", "events act in their order", Always::inOrder));

    private Always() {}

    /// @throws Breach if one of them does not hold
    static void check(List<Invariant> invariants, World world, Dance dance, Before before) {
        for (var invariant : invariants) {
            var breach = invariant.check().breach(world, dance, before);
            if (breach != null) {
                throw new Breach(invariant.number(), breach);
            }
        }
    }

    private static @Nullable String way(World world, Dance dance, Before before) {
        if (dance.orderVersion == before.orderVersion()) {
            return dance.order.equals(before.order())
                    ? null
                    : "the version does not say that it moved";
        }
        if (dance.orderVersion != before.orderVersion() + 1) {
            return "version " + before.orderVersion() + " became " + dance.orderVersion;
        }
        boolean legal =
                switch (dance.order) {
                    case Order.Unknown() -> false;
                    case Order.Pending _ ->
                            before.order() instanceof Order.Unknown
                                    || before.order() instanceof Order.Pending;
                    case Order.Confirmed _ -> before.order() instanceof Order.Pending;
                    case Order.Shipped shipped ->
                            before.order() instanceof Order.Confirmed
                                    || (before.order() instanceof Order.Shipped was
                                            && was.trackingNumber()
                                                    .equals(shipped.trackingNumber()));
                    case Order.Returned _ ->
                            before.order() instanceof Order.Shipped
                                    || before.order() instanceof Order.Returned;
                    case Order.Cancelled cancelled ->
                            mayBeCancelled(world, dance, before.order(), cancelled);
                };
        return legal ? null : before.order() + " became " + dance.order;
    }

    private static @Nullable String deadline(World world, Dance dance, Before before) {
        return before.move() instanceof Move.Expire
                        && dance.order instanceof Order.Pending pending
                        && !world.now.isBefore(pending.details().deadline())
                ? "it is pending after its deadline"
                : null;
    }

    private static boolean mayBeCancelled(
            World world, Dance dance, Order before, Order.Cancelled now) {
        boolean lapsed =
                now.reason() == CancellationReason.PAYMENT_DECLINED
                        && now.payment() == PaymentStatus.VOIDED
                        && dance.lapsed;
        return switch (before) {
            case Order.Pending pending ->
                    now.reason() != CancellationReason.TIMED_OUT
                            || !world.now.isBefore(pending.details().deadline());
            case Order.Confirmed _ -> now.reason() == CancellationReason.CUSTOMER_REQUEST || lapsed;
            case Order.Cancelled was -> was.reason() == now.reason();
            case Order.Unknown _, Order.Shipped _, Order.Returned _ -> false;
        };
    }

    private static @Nullable String confirmed(World world, Dance dance, Before before) {
        if (!(dance.order instanceof Order.Confirmed)) {
            return null;
        }
        if (!(dance.reservation instanceof Reservation.Held)) {
            return "it is confirmed, and its reservation is " + dance.reservation;
        }
        return sum(dance, Intent::held) == dance.details.total().amountMinor() || dance.lapsed
                ? null
                : "it is confirmed, and the provider has " + dance.books.intents();
    }

    private static @Nullable String stock(World world, Dance dance, Before before) {
        for (var line : dance.details.lines()) {
            var level = world.shelf.levels.get(line.sku());
            if (level == null) {
                continue;
            }
            if (level.onHand() < 0 || level.reserved() < 0 || level.reserved() > level.onHand()) {
                return line.sku() + " has " + level;
            }
            long held = pieces(world, line.sku(), Reservation.Held.class);
            long gone = pieces(world, line.sku(), Reservation.Committed.class);
            if (level.reserved() != held
                    || level.onHand() + gone
                            != world.shelf.delivered.getOrDefault(line.sku(), 0L)) {
                return "%s has %s, %d are held and %d have left"
                        .formatted(line.sku(), level, held, gone);
            }
        }
        return null;
    }

    private static long pieces(World world, String sku, Class<? extends Reservation.Known> in) {
        long pieces = 0;
        for (var dance : world.dances) {
            if (in.isInstance(dance.reservation)) {
                for (var line : ((Reservation.Known) dance.reservation).lines()) {
                    pieces += line.sku().equals(sku) ? line.quantity() : 0;
                }
            }
        }
        return pieces;
    }

    /// One intent is captured once: the provider sees to that.
    private static @Nullable String capture(World world, Dance dance, Before before) {
        return dance.books.intents().size() > 1 ? "it has " + dance.books.intents() : null;
    }

    private static @Nullable String money(World world, Dance dance, Before before) {
        long held = sum(dance, Intent::held);
        long captured = sum(dance, Intent::captured);
        long refunded = sum(dance, Intent::refunded);
        long total = dance.details.total().amountMinor();
        boolean shipped =
                dance.order instanceof Order.Shipped || dance.order instanceof Order.Returned;
        boolean right =
                held + captured <= total
                        && refunded <= captured
                        && (captured == 0 || shipped)
                        && (refunded == 0 || dance.order instanceof Order.Returned);
        return right ? null : "over " + total + " the provider has " + dance.books.intents();
    }

    private static @Nullable String settled(World world, Dance dance, Before before) {
        var order = dance.placed();
        if (order == null || !order.settled()) {
            return null;
        }
        long held = sum(dance, Intent::held);
        long kept = sum(dance, Intent::captured) - sum(dance, Intent::refunded);
        boolean right =
                held == 0
                        && switch (order) {
                            case Order.Pending _, Order.Confirmed _ -> false;
                            case Order.Cancelled _ ->
                                    kept == 0 && !(dance.reservation instanceof Reservation.Held);
                            case Order.Shipped _ ->
                                    kept == dance.details.total().amountMinor()
                                            && dance.reservation instanceof Reservation.Committed;
                            case Order.Returned _ ->
                                    kept == 0 && dance.reservation instanceof Reservation.Restocked;
                        };
        return right
                ? null
                : "it is settled, with %s and %s".formatted(dance.reservation, dance.books);
    }

    private static @Nullable String oneOrder(World world, Dance dance, Before before) {
        return dance.placed() == null
                        || dance.id().equals(world.placements.get(dance.idempotencyKey))
                ? null
                : dance.idempotencyKey + " stands for another order";
    }

    private static @Nullable String movedOnce(World world, Dance dance, Before before) {
        for (int i = before.moves(); i < dance.moves.size(); i++) {
            var move = dance.moves.get(i);
            for (var earlier : dance.moves.subList(0, i)) {
                if (earlier.cause() == move.cause() && earlier.sku().equals(move.sku())) {
                    return move.sku() + " moved twice: " + move.cause();
                }
            }
        }
        return null;
    }

    /// The one contradiction that is none: a parcel is handed over while the hold lapses.
    private static @Nullable String believed(World world, Dance dance, Before before) {
        return dance.contradictions.size() == before.contradictions() || dance.lapsed
                ? null
                : dance.contradictions.getLast();
    }

    private static @Nullable String published(World world, Dance dance, Before before) {
        for (var service : Service.ALL) {
            var topic = dance.at(service).topic;
            for (int i = before.firstPublished(service); i < topic.size(); i++) {
                var message = topic.get(i);
                var earlier = topic.subList(0, i);
                if (!earlier.contains(message)
                        && earlier.stream().anyMatch(other -> other.id() > message.id())) {
                    return message + " was published after one that followed it";
                }
            }
        }
        return null;
    }

    private static @Nullable String mails(World world, Dance dance, Before before) {
        for (var post : dance.post.values()) {
            if (post.mails() > 1) {
                return post.mails() + " mails for " + post.notification();
            }
        }
        return null;
    }

    private static @Nullable String oneEffect(World world, Dance dance, Before before) {
        for (var service : Service.ALL) {
            var twice =
                    dance.at(service).handled.stream()
                            .skip(before.firstHandled(service))
                            .filter(message ->
                                    dance.at(service).handled.indexOf(message)
                                            != dance.at(service).handled.lastIndexOf(message))
                            .findFirst();
            if (twice.isPresent()) {
                return twice.get() + " had its effect twice on " + service;
            }
        }
        return null;
    }

    private static @Nullable String committed(World world, Dance dance, Before before) {
        for (var service : Service.ALL) {
            var stray =
                    dance.at(service).topic.stream()
                            .skip(before.firstPublished(service))
                            .filter(message -> !dance.committed.contains(message))
                            .findFirst();
            if (stray.isPresent()) {
                return stray.get() + " was published, and nobody announced it";
            }
        }
        return null;
    }

    /// Of one sender; two senders are free of each other.
    private static @Nullable String inOrder(World world, Dance dance, Before before) {
        for (var service : Service.ALL) {
            var handled = dance.at(service).handled;
            for (int i = before.firstHandled(service); i < handled.size(); i++) {
                var message = handled.get(i);
                for (var earlier : handled.subList(0, i)) {
                    if (earlier.from() == message.from() && earlier.id() > message.id()) {
                        return "%s acted on %s after %s".formatted(message, service, earlier);
                    }
                }
            }
        }
        return null;
    }

    private static long sum(Dance dance, ToLongFunction<Intent> amount) {
        return dance.books.intents().stream().mapToLong(amount).sum();
    }
}
