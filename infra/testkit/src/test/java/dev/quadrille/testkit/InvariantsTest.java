package dev.quadrille.testkit;

import static dev.quadrille.contract.Topic.INVENTORY_EVENTS;
import static dev.quadrille.contract.Topic.NOTIFICATION_EVENTS;
import static dev.quadrille.contract.Topic.ORDER_EVENTS;
import static dev.quadrille.contract.Topic.PAYMENT_EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.Evidence.Intent;
import dev.quadrille.testkit.Evidence.Mail;
import dev.quadrille.testkit.Evidence.Notification;
import dev.quadrille.testkit.Evidence.Order;
import dev.quadrille.testkit.Evidence.Payment;
import dev.quadrille.testkit.Evidence.Published;
import dev.quadrille.testkit.Evidence.Reservation;
import dev.quadrille.testkit.Evidence.Step;
import dev.quadrille.testkit.Evidence.Stock;
import dev.quadrille.testkit.Evidence.StockMove;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// One order that was confirmed, and everything that can be wrong with it: a judge that finds
/// nothing may be blind.
class InvariantsTest {

    private static final UUID ORDER = UUID.randomUUID();
    private static final UUID MAIL = UUID.randomUUID();
    private static final Map<String, UUID> ACCEPTED = Map.of("key", ORDER);

    private final Map<UUID, Order> orders = new HashMap<>();
    private final List<Step> timeline = new ArrayList<>();
    private final Map<UUID, Reservation> reservations = new HashMap<>();
    private final Map<String, Stock> stock = new HashMap<>();
    private final List<StockMove> ledger = new ArrayList<>();
    private final Map<UUID, Payment> payments = new HashMap<>();
    private final List<Intent> intents = new ArrayList<>();
    private final List<Notification> notifications = new ArrayList<>();
    private final List<Mail> mails = new ArrayList<>();
    private final Map<String, Long> outbox = new HashMap<>(Map.of("order", 0L));
    private final Map<String, UUID> placements = new HashMap<>(ACCEPTED);
    private final List<Published> published = new ArrayList<>();

    InvariantsTest() {
        orders.put(
                ORDER,
                new Order(
                        ORDER,
                        3,
                        "CONFIRMED",
                        null,
                        "RESERVED",
                        "AUTHORIZED",
                        false,
                        900,
                        "ada@example.com"));
        happens(ORDER_EVENTS, 1, "order-placed");
        happens(INVENTORY_EVENTS, 1, "stock-reserved");
        happens(PAYMENT_EVENTS, 3, "payment-authorized");
        happens(ORDER_EVENTS, 3, "order-confirmed");
        published.add(
                new Published(
                        NOTIFICATION_EVENTS,
                        ORDER,
                        MAIL.toString(),
                        UUID.randomUUID(),
                        "notification-sent",
                        3));
        reservations.put(ORDER, new Reservation(ORDER, "HELD", Map.of("TEA", 2L)));
        stock.put("TEA", new Stock("TEA", 10, 2));
        ledger.add(new StockMove("TEA", "ADJUSTED", 10, 0, null));
        ledger.add(new StockMove("TEA", "RESERVED", 0, 2, ORDER));
        payments.put(ORDER, new Payment(ORDER, "AUTHORIZED"));
        intents.add(new Intent(ORDER, "pi_1", 900, 0, 0));
        notifications.add(new Notification(MAIL, ORDER, "ORDER_CONFIRMED", "EMAIL", "SENT"));
        mails.add(new Mail(MAIL.toString(), "Your order is confirmed"));
    }

    @Test
    void allIsWell() {
        assertThat(breaches()).isEmpty();
    }

    @Test
    void deliveredAgainInOrderIsNoFault() {
        again(1);
        again(4);

        assertThat(breaches()).isEmpty();
    }

    @Test
    void lostOrderIsSeen() {
        orders.clear();

        assertBroken("I1");
    }

    @Test
    void orderThatNobodyWasToldOfIsSeen() {
        var other = UUID.randomUUID();
        orders.put(other, orders.get(ORDER));

        assertBroken("I1");
    }

    @Test
    void keyWithAnotherOrderIsSeen() {
        placements.put("key", UUID.randomUUID());

        assertBroken("I2");
    }

    @Test
    void illegalHistoryIsSeen() {
        happens(ORDER_EVENTS, 4, "order-confirmed");

        assertBroken("I3");
    }

    @Test
    void orderThatHasNotEndedIsSeen() {
        change(orders, ORDER, order -> with(order, "PENDING", "RESERVED", "AUTHORIZED"));

        assertBroken("I3");
    }

    @Test
    void shippedOrderThatIsNotSettledIsSeen() {
        change(orders, ORDER, order -> with(order, "SHIPPED", "COMMITTED", "AUTHORIZED"));

        assertThat(breaches()).anyMatch(breach -> breach.matches("I3: .* has not ended.*"));
    }

    @Test
    void deadlineThatWonOverAConfirmationIsSeen() {
        happens(ORDER_EVENTS, 4, "order-cancelled");
        change(orders, ORDER, order -> cancelled(order, "TIMED_OUT"));

        assertThat(breaches())
                .anyMatch(breach -> breach.matches("I3: .* confirmed and then cancelled.*"));
    }

    @Test
    void shippedOrderThatWasNotPaidIsSeenUnlessItsHoldHadLapsed() {
        change(orders, ORDER, order -> with(order, "SHIPPED", "COMMITTED", "CAPTURED"));
        intents.set(0, new Intent(ORDER, "pi_1", 0, 0, 0));
        assertThat(breaches()).anyMatch(breach -> breach.startsWith("I6"));

        change(orders, ORDER, order -> with(order, "SHIPPED", "COMMITTED", "VOIDED"));
        assertThat(breaches()).anyMatch(breach -> breach.startsWith("I6"));
        assertThat(breaches(Set.of(ORDER)))
                .noneMatch(breach -> breach.matches("I6.*|I3: .*has not ended.*"));
    }

    @Test
    void stockBelowZeroIsSeen() {
        stock.put("TEA", new Stock("TEA", 10, 11));

        assertBroken("I4");
    }

    @Test
    void stockThatItsLedgerDoesNotExplainIsSeen() {
        stock.put("TEA", new Stock("TEA", 9, 2));

        assertBroken("I4");
    }

    @Test
    void secondHoldIsSeen() {
        intents.add(new Intent(ORDER, "pi_2", 900, 0, 0));

        assertBroken("I5", "I6");
    }

    @Test
    void holdThatIsLeftIsSeen() {
        change(orders, ORDER, order -> with(order, "CANCELLED", "RELEASED", "VOIDED"));

        assertBroken("I6");
    }

    @Test
    void secondReservationIsSeen() {
        ledger.add(new StockMove("TEA", "RESERVED", 0, 2, ORDER));

        assertBroken("I4", "I7");
    }

    @Test
    void eventThatWasHeardTwiceIsSeen() {
        timeline.add(timeline.get(1));

        assertBroken("I8");
    }

    @Test
    void eventThatIsNotOnTheTopicIsSeen() {
        published.remove(3);

        assertBroken("I9");
    }

    @Test
    void eventThatNobodyAnnouncedIsSeen() {
        publish(ORDER_EVENTS, 4, "order-shipped");

        assertBroken("I9");
    }

    @Test
    void rowThatIsLeftInAnOutboxIsSeen() {
        outbox.put("order", 1L);

        assertBroken("I9");
    }

    @Test
    void eventsThatSwappedPlacesAreSeen() {
        published.add(published.remove(0));

        assertBroken("I10");
    }

    @Test
    void eventThatWasPublishedLateIsSeenAlthoughItIsADuplicate() {
        again(0);

        assertBroken("I10");
    }

    @Test
    void servicesThatDisagreeAreSeen() {
        payments.put(ORDER, new Payment(ORDER, "DECLINED"));

        assertBroken("I11");
    }

    @Test
    void refusalThatTurnedOutToBeAHoldAndWasLetGoIsNoDisagreement() {
        change(orders, ORDER, order -> with(order, "CONFIRMED", "RESERVED", "DECLINED"));
        payments.put(ORDER, new Payment(ORDER, "VOIDED"));

        assertThat(breaches()).noneMatch(breach -> breach.startsWith("I11"));
    }

    @Test
    void customerWhoWasNotToldIsSeen() {
        notifications.clear();

        assertBroken("I11", "I9");
    }

    @Test
    void customerWhoWasNotToldOfTheRefundIsSeen() {
        comesBack();
        assertThat(breaches()).isEmpty();

        notifications.removeIf(one -> one.kind().equals("PAYMENT_REFUNDED"));

        assertBroken("I11");
    }

    @Test
    void refundThatWasNotMadeIsSeen() {
        comesBack();

        intents.set(0, new Intent(ORDER, "pi_1", 0, 900, 0));

        assertBroken("I6");
    }

    @Test
    void returnedPiecesThatAreNotOnTheShelfAreSeen() {
        comesBack();

        ledger.removeLast();

        assertBroken("I4", "I7");
    }

    @Test
    void secondMailIsSeen() {
        mails.add(mails.getFirst());

        assertBroken("I12");
    }

    @Test
    void secondNotificationOfAKindIsSeen() {
        notifications.add(
                new Notification(UUID.randomUUID(), ORDER, "ORDER_CONFIRMED", "EMAIL", "SENDING"));

        assertBroken("I12");
    }

    /// The order is shipped, paid, taken back and paid back.
    private void comesBack() {
        change(orders, ORDER, order -> settled(with(order, "RETURNED", "RESTOCKED", "REFUNDED")));
        happens(ORDER_EVENTS, 4, "order-shipped");
        happens(INVENTORY_EVENTS, 2, "stock-committed");
        happens(PAYMENT_EVENTS, 5, "payment-captured");
        happens(ORDER_EVENTS, 7, "order-returned");
        happens(INVENTORY_EVENTS, 3, "stock-restocked");
        happens(PAYMENT_EVENTS, 7, "payment-refunded");
        reservations.put(ORDER, new Reservation(ORDER, "RESTOCKED", Map.of("TEA", 2L)));
        stock.put("TEA", new Stock("TEA", 10, 0));
        ledger.add(new StockMove("TEA", "COMMITTED", -2, -2, ORDER));
        ledger.add(new StockMove("TEA", "RESTOCKED", 2, 0, ORDER));
        payments.put(ORDER, new Payment(ORDER, "REFUNDED"));
        intents.set(0, new Intent(ORDER, "pi_1", 0, 900, 900));
        isTold("ORDER_SHIPPED");
        isTold("ORDER_RETURNED");
        isTold("PAYMENT_REFUNDED");
    }

    private void isTold(String kind) {
        var mail = UUID.randomUUID();
        notifications.add(new Notification(mail, ORDER, kind, "EMAIL", "SENT"));
        mails.add(new Mail(mail.toString(), kind));
        published.add(
                new Published(
                        NOTIFICATION_EVENTS,
                        ORDER,
                        mail.toString(),
                        UUID.randomUUID(),
                        "notification-sent",
                        3));
    }

    private void assertBroken(String... invariants) {
        assertThat(breaches())
                .extracting(breach -> breach.substring(0, breach.indexOf(':')))
                .contains(invariants);
    }

    private List<String> breaches() {
        return breaches(Set.of());
    }

    private List<String> breaches(Set<UUID> lapsed) {
        return Invariants.breaches(
                new Evidence(
                        orders,
                        timeline,
                        reservations,
                        stock,
                        ledger,
                        payments,
                        intents,
                        notifications,
                        mails,
                        outbox,
                        placements,
                        published),
                ACCEPTED,
                lapsed);
    }

    private void happens(Topic topic, long sequence, String type) {
        timeline.add(new Step(ORDER, type, topic.source(), sequence));
        publish(topic, sequence, type);
    }

    private void publish(Topic topic, long sequence, String type) {
        published.add(
                new Published(topic, ORDER, ORDER.toString(), UUID.randomUUID(), type, sequence));
    }

    private void again(int index) {
        published.add(published.get(index));
    }

    private static <K, V> void change(Map<K, V> map, K key, UnaryOperator<V> change) {
        map.computeIfPresent(key, (_, value) -> change.apply(value));
    }

    private static Order cancelled(Order order, String reason) {
        return new Order(
                order.id(),
                order.version() + 1,
                "CANCELLED",
                reason,
                "RELEASED",
                "VOIDED",
                true,
                order.totalMinor(),
                order.customer());
    }

    private static Order settled(Order order) {
        return new Order(
                order.id(),
                order.version() + 6,
                order.status(),
                order.reason(),
                order.stock(),
                order.payment(),
                true,
                order.totalMinor(),
                order.customer());
    }

    private static Order with(Order order, String status, String stock, String payment) {
        return new Order(
                order.id(),
                order.version(),
                status,
                null,
                stock,
                payment,
                order.settled(),
                order.totalMinor(),
                order.customer());
    }
}
