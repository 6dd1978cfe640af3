package dev.quadrille.testkit;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.Evidence.Intent;
import dev.quadrille.testkit.Evidence.Order;
import dev.quadrille.testkit.Evidence.Published;
import dev.quadrille.testkit.Evidence.Reservation;
import dev.quadrille.testkit.Evidence.Step;
import dev.quadrille.testkit.Evidence.StockMove;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What always holds, as far as it can be seen from outside a system at rest. The numbers are those
/// of the design's section "What always holds"; I13 is about a system that is not at rest, I14 is
/// [Witness#awaitRest], and I15 is [Witness#leaks].
public final class Invariants {

    private static final String ORDER = Topic.ORDER_EVENTS.source();

    /// What others announce and the customer hears of.
    private static final String REFUND = "payment-refunded";

    private static final Pattern LEGAL =
            Pattern.compile(
                    "order-placed( order-cancelled| order-confirmed( order-cancelled|"
                            + " order-shipped( order-returned)?)?)?");
    private static final Map<String, String> LAST_EVENT =
            Map.of(
                    "PENDING", "order-placed",
                    "CONFIRMED", "order-confirmed",
                    "CANCELLED", "order-cancelled",
                    "SHIPPED", "order-shipped",
                    "RETURNED", "order-returned");

    private final Evidence seen;
    private final Set<UUID> lapsed;
    private final List<String> breaches = new ArrayList<>();
    private final Map<UUID, List<Step>> steps;
    private final Map<UUID, List<Published>> published;

    private Invariants(Evidence seen, Set<UUID> lapsed) {
        this.seen = seen;
        this.lapsed = lapsed;
        this.steps = seen.timeline().stream().collect(groupingBy(Step::orderId));
        this.published = seen.published().stream().collect(groupingBy(Published::subject));
    }

    /// @param accepted which order each answered request, by its Idempotency-Key, was told to be
    /// @return a line for each breach, which begins with the invariant's number; empty if all hold
    public static List<String> breaches(Evidence seen, Map<String, UUID> accepted) {
        return breaches(seen, accepted, Set.of());
    }

    /// @param lapsed orders whose hold ended at the provider without anybody here having asked for
    ///   it. One that is shipped all the same stays open, for an operator to see.
    public static List<String> breaches(
            Evidence seen, Map<String, UUID> accepted, Set<UUID> lapsed) {
        var judge = new Invariants(seen, lapsed);
        judge.everyAcceptedRequestHasOneOrder(accepted);
        seen.orders().values().forEach(judge::judge);
        judge.stockIsTheSumOfItsLedger();
        judge.nothingIsLeftInAnOutbox();
        judge.eventsStandInVersionOrder();
        judge.nobodyIsToldTwice();
        return judge.breaches;
    }

    // I1, I2

    private void everyAcceptedRequestHasOneOrder(Map<String, UUID> accepted) {
        accepted.forEach((key, id) -> {
            check(seen.orders().containsKey(id), "I1", "accepted order %s does not exist", id);
            check(
                    id.equals(seen.placements().get(key)),
                    "I2",
                    "key %s was answered with order %s and stands for %s",
                    key,
                    id,
                    String.valueOf(seen.placements().get(key)));
        });
        check(
                new HashSet<>(accepted.values()).size() == accepted.size(),
                "I2",
                "two keys have one order");
        var answered = Set.copyOf(accepted.values());
        seen.orders().keySet().stream()
                .filter(id -> !answered.contains(id))
                .forEach(id -> check(false, "I1", "nobody was told of order %s", id));
    }

    private void judge(Order order) {
        hasEndedLegally(order);
        moneyIsWhereTheStatusSays(order);
        reservationIsSettledOnce(order);
        eachEventWasHeardOnce(order);
        topicsHoldWhatWasAnnounced(order);
        servicesAgree(order);
    }

    // I3

    private void hasEndedLegally(Order order) {
        var own = own(order.id());
        var types = own.stream().map(Step::type).collect(joining(" "));
        check(LEGAL.matcher(types).matches(), "I3", "order %s went %s", order.id(), types);
        check(
                !own.isEmpty()
                        && own.getLast().type().equals(LAST_EVENT.get(order.status()))
                        && own.getLast().sequence() <= order.version(),
                "I3",
                "order %s is %s, version %d, and its last event is %s",
                order.id(),
                order.status(),
                order.version(),
                own.isEmpty() ? "none" : own.getLast());
        check(
                rises(own.stream().map(Step::sequence).toList()),
                "I3",
                "the versions of order %s do not rise: %s",
                order.id(),
                own);
        boolean openForAnOperator = order.status().equals("SHIPPED") && lapsed.contains(order.id());
        check(
                order.settled() || order.status().equals("CONFIRMED") || openForAnOperator,
                "I3",
                "order %s has not ended: %s",
                order.id(),
                order);
        check(
                !types.startsWith("order-placed order-confirmed order-cancelled")
                        || "CUSTOMER_REQUEST".equals(order.reason())
                        || ("PAYMENT_DECLINED".equals(order.reason())
                                && lapsed.contains(order.id())),
                "I3",
                "order %s was confirmed and then cancelled for %s",
                order.id(),
                String.valueOf(order.reason()));
    }

    // I4

    private void stockIsTheSumOfItsLedger() {
        var onHand = new HashMap<String, Long>();
        var reserved = new HashMap<String, Long>();
        for (var move : seen.stockLedger()) {
            onHand.merge(move.sku(), move.onHandDelta(), Long::sum);
            reserved.merge(move.sku(), move.reservedDelta(), Long::sum);
        }
        for (var stock : seen.stock().values()) {
            check(
                    stock.onHand() >= 0
                            && stock.reserved() >= 0
                            && stock.reserved() <= stock.onHand(),
                    "I4",
                    "%s",
                    stock);
            check(
                    stock.onHand() == onHand.getOrDefault(stock.sku(), 0L)
                            && stock.reserved() == reserved.getOrDefault(stock.sku(), 0L),
                    "I4",
                    "%s, and its ledger says %s on hand and %s reserved",
                    stock,
                    onHand.getOrDefault(stock.sku(), 0L),
                    reserved.getOrDefault(stock.sku(), 0L));
        }
    }

    // I5, I6

    private void moneyIsWhereTheStatusSays(Order order) {
        var intents =
                seen.intents().stream()
                        .filter(intent -> intent.orderId().equals(order.id()))
                        .toList();
        long held = sum(intents, Intent::held);
        long kept = sum(intents, Intent::captured) - sum(intents, Intent::refunded);
        check(intents.size() <= 1, "I5", "order %s has %s", order.id(), intents);
        long mayHold = order.status().equals("CONFIRMED") ? order.totalMinor() : 0;
        boolean paid = order.status().equals("SHIPPED") && !lapsed.contains(order.id());
        long mayKeep = paid ? order.totalMinor() : 0;
        check(
                held == mayHold && kept == mayKeep,
                "I6",
                "order %s is %s over %d, and the provider has %s",
                order.id(),
                order.status(),
                order.totalMinor(),
                intents);
    }

    // I7

    private void reservationIsSettledOnce(Order order) {
        var reservation = seen.reservations().get(order.id());
        if (reservation == null) {
            check(false, "I7", "order %s has no reservation", order.id());
            return;
        }
        var moves =
                seen.stockLedger().stream()
                        .filter(move -> order.id().equals(move.orderId()))
                        .toList();
        boolean fits =
                switch (reservation.state()) {
                    case "HELD" -> are(moves, reservation, "RESERVED");
                    case "REJECTED" -> moves.isEmpty();
                    case "RELEASED" ->
                            moves.isEmpty() || are(moves, reservation, "RESERVED", "RELEASED");
                    case "COMMITTED" -> are(moves, reservation, "RESERVED", "COMMITTED");
                    case "RESTOCKED" ->
                            are(moves, reservation, "RESERVED", "COMMITTED", "RESTOCKED");
                    default -> false;
                };
        check(fits, "I7", "%s has the ledger %s", reservation, moves);
    }

    /// Whether each line moved once for each of these causes, and nothing else moved.
    private static boolean are(List<StockMove> moves, Reservation reservation, String... causes) {
        var expected = new ArrayList<String>();
        reservation
                .lines()
                .forEach((sku, quantity) ->
                        Arrays.stream(causes)
                                .forEach(
                                        cause -> expected.add(cause + " " + quantity + " " + sku)));
        var actual =
                moves.stream()
                        .map(move ->
                                move.cause()
                                        + " "
                                        + Math.max(
                                                Math.abs(move.reservedDelta()),
                                                Math.abs(move.onHandDelta()))
                                        + " "
                                        + move.sku())
                        .sorted()
                        .toList();
        return expected.stream().sorted().toList().equals(actual);
    }

    // I8

    private void eachEventWasHeardOnce(Order order) {
        steps.getOrDefault(order.id(), List.of()).stream()
                .collect(groupingBy(Function.identity(), counting()))
                .forEach((step, times) ->
                        check(times == 1, "I8", "%s stands %d times in the timeline", step, times));
    }

    // I9

    private void nothingIsLeftInAnOutbox() {
        seen.outboxRows()
                .forEach((service, rows) ->
                        check(rows == 0, "I9", "%d rows in the outbox of %s", rows, service));
    }

    /// The timeline is written in the transaction that announces, and in the one that hears: it is
    /// what was committed.
    private void topicsHoldWhatWasAnnounced(Order order) {
        var committed =
                steps.getOrDefault(order.id(), List.of()).stream()
                        .map(step -> step.source() + " " + step.sequence() + " " + step.type())
                        .collect(toSet());
        var heard = Set.of(Topic.ORDER_EVENTS, Topic.INVENTORY_EVENTS, Topic.PAYMENT_EVENTS);
        var onTopics =
                published.getOrDefault(order.id(), List.of()).stream()
                        .filter(event -> heard.contains(event.topic()))
                        .map(event ->
                                event.topic().source()
                                        + " "
                                        + event.sequence()
                                        + " "
                                        + event.type())
                        .collect(toSet());
        check(
                committed.equals(onTopics),
                "I9",
                "of order %s was announced and heard %s, and the topics hold %s",
                order.id(),
                committed,
                onTopics);
        long ended =
                seen.notifications().stream()
                        .filter(one -> one.orderId().equals(order.id()))
                        .filter(one -> one.state().equals("SENT") || one.state().equals("FAILED"))
                        .count();
        long told =
                published.getOrDefault(order.id(), List.of()).stream()
                        .filter(event -> event.topic() == Topic.NOTIFICATION_EVENTS)
                        .map(Published::aggregate)
                        .distinct()
                        .count();
        check(
                ended == told,
                "I9",
                "%d notifications about order %s have ended, and the topic tells of %d",
                ended,
                order.id(),
                told);
    }

    // I10

    /// An event may stand on a topic several times, after a crash. Its places are in the order of
    /// versions all the same: the first ones, which is what a reader with an inbox sees, and the
    /// last ones, which is what a reader without an inbox is left with. A relay that was paused and
    /// publishes late breaks the second.
    private void eventsStandInVersionOrder() {
        var byAggregate =
                seen.published().stream()
                        .filter(event -> event.topic() != Topic.PRODUCTS)
                        .collect(groupingBy(event -> event.topic() + " " + event.aggregate()));
        byAggregate.forEach((aggregate, events) -> {
            var first = firstPlaces(events);
            var last = firstPlaces(events.reversed()).reversed();
            check(
                    rises(first.stream().map(Published::sequence).toList()),
                    "I10",
                    "%s: %s",
                    aggregate,
                    told(events));
            check(
                    rises(last.stream().map(Published::sequence).toList()),
                    "I10",
                    "%s, as it stands there last: %s",
                    aggregate,
                    told(events));
        });
        seen.published().stream()
                .collect(groupingBy(Published::id, mapping(Function.identity(), toSet())))
                .forEach((id, shapes) ->
                        check(shapes.size() == 1, "I9", "event %s is %s", id, shapes));
    }

    private static List<Published> firstPlaces(List<Published> events) {
        var first = new LinkedHashMap<UUID, Published>();
        events.forEach(event -> first.putIfAbsent(event.id(), event));
        return List.copyOf(first.values());
    }

    private static String told(List<Published> events) {
        return events.stream()
                .map(event -> event.sequence() + " " + event.type())
                .collect(joining(", "));
    }

    // I11

    private void servicesAgree(Order order) {
        var reservation = seen.reservations().get(order.id());
        var stock = reservation == null ? "none" : reservation.state();
        check(
                switch (order.stock()) {
                    case "RESERVED" -> stock.equals("HELD");
                    case "NONE" -> false;
                    default -> stock.equals(order.stock());
                },
                "I11",
                "order %s says its stock is %s, and the inventory says %s",
                order.id(),
                order.stock(),
                stock);
        var known = seen.payments().get(order.id());
        var payment = known == null ? "none" : known.state();
        check(
                switch (order.payment()) {
                    case "NONE" ->
                            "OUT_OF_STOCK".equals(order.reason())
                                    && Set.of("none", "CANCELLED").contains(payment);
                    case "VOIDED" -> Set.of("VOIDED", "CANCELLED").contains(payment);
                    // A refusal that turned out to be a hold was let go.
                    case "DECLINED" -> Set.of("DECLINED", "VOIDED").contains(payment);
                    default -> payment.equals(order.payment());
                },
                "I11",
                "order %s says its payment is %s, and the payment service says %s",
                order.id(),
                order.payment(),
                payment);
        var kinds =
                seen.notifications().stream()
                        .filter(one -> one.orderId().equals(order.id()))
                        .filter(one -> one.channel().equals("EMAIL"))
                        .map(Evidence.Notification::kind)
                        .collect(toSet());
        var due =
                steps.getOrDefault(order.id(), List.of()).stream()
                        .filter(step -> step.source().equals(ORDER) || step.type().equals(REFUND))
                        .map(Step::type)
                        .filter(type -> !type.equals("order-placed"))
                        .map(type -> type.toUpperCase(java.util.Locale.ROOT).replace('-', '_'))
                        .collect(toSet());
        check(
                kinds.containsAll(due),
                "I11",
                "the customer of order %s is to hear of %s, and there is %s",
                order.id(),
                due,
                kinds);
    }

    // I12

    private void nobodyIsToldTwice() {
        seen.notifications().stream()
                .collect(
                        groupingBy(
                                one ->
                                        Stream.of(one.orderId(), one.kind(), one.channel())
                                                .map(Objects::toString)
                                                .collect(joining(" ")),
                                counting()))
                .forEach((what, times) -> check(times == 1, "I12", "%d times %s", times, what));
        seen.mails().stream()
                .collect(groupingBy(Evidence.Mail::messageId, counting()))
                .forEach((mail, times) -> check(times == 1, "I12", "%d mails %s", times, mail));
        seen.mails().stream()
                .collect(groupingBy(Evidence.Mail::subject, counting()))
                .forEach((mail, times) -> check(times == 1, "I12", "%d mails: %s", times, mail));
        var inBoxes = seen.mails().stream().map(Evidence.Mail::messageId).collect(toSet());
        seen.notifications().stream()
                .filter(one -> one.channel().equals("EMAIL") && one.state().equals("SENT"))
                .forEach(one ->
                        check(
                                inBoxes.contains(one.id().toString()),
                                "I12",
                                "%s was sent, and there is no mail",
                                one));
    }

    private List<Step> own(UUID orderId) {
        return steps.getOrDefault(orderId, List.of()).stream()
                .filter(step -> step.source().equals(ORDER))
                .toList();
    }

    private static boolean rises(List<Long> versions) {
        for (int i = 1; i < versions.size(); i++) {
            if (versions.get(i) <= versions.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    private static long sum(Collection<Intent> intents, Function<Intent, Long> amount) {
        return intents.stream().mapToLong(amount::apply).sum();
    }

    @SuppressWarnings("AnnotateFormatMethod") // Its annotation is in a jar that nothing else needs.
    private void check(boolean holds, String invariant, String breach, Object... details) {
        if (!holds) {
            breaches.add(invariant + ": " + breach.formatted(details));
        }
    }
}
