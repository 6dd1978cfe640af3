package dev.quadrille.notification.domain;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Customer;
import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.EventType;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.StockLine;
import dev.quadrille.notification.domain.Correspondence.Begun;
import dev.quadrille.notification.domain.Correspondence.Early;
import dev.quadrille.notification.domain.Correspondence.Open;
import dev.quadrille.notification.domain.Correspondence.Unknown;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CorrespondenceDeciderTest {

    private static final Instant AT = Instant.parse("2026-11-21T03:00:00Z");
    private static final UUID ID = new UUID(0x01a1fc2e38b17980L, 0x9372abf737370ceaL);
    private static final Money TOTAL = new Money(900, "EUR");
    private static final List<OrderLine> LINES =
            List.of(new OrderLine("TEA-01", "Green tea", 2, new Money(450, "EUR")));
    private static final Customer CUSTOMER = new Customer("c-1", new EmailAddress("ada@x.example"));
    private static final OrderDetails ORDER = new OrderDetails(ID, CUSTOMER, LINES, TOTAL);

    private static final OrderPlaced PLACED =
            new OrderPlaced(
                    ID,
                    CUSTOMER,
                    LINES,
                    TOTAL,
                    new PaymentMethod("pm_card_visa"),
                    Instant.EPOCH,
                    Instant.EPOCH.plusSeconds(120));
    private static final OrderConfirmed CONFIRMED = new OrderConfirmed(ID);
    private static final OrderCancelled CANCELLED = new OrderCancelled(ID, OUT_OF_STOCK);
    private static final OrderShipped SHIPPED = new OrderShipped(ID, "DHL", "JJD1");
    private static final OrderReturned RETURNED = new OrderReturned(ID, "damaged");
    private static final PaymentRefunded REFUNDED = new PaymentRefunded(ID, TOTAL);

    private static final List<DomainEvent> NEWS =
            List.of(CONFIRMED, CANCELLED, SHIPPED, RETURNED, REFUNDED);
    private static final List<DomainEvent> NO_NEWS =
            List.of(
                    new PaymentAuthorized(ID, TOTAL, "pi_1"),
                    new PaymentDeclined(ID, "insufficient_funds"),
                    new PaymentCaptured(ID, TOTAL),
                    new PaymentVoided(ID),
                    new StockReserved(ID, List.of(new StockLine("TEA-01", 2))),
                    new NotificationSent(ID, ID, Kind.ORDER_CONFIRMED, Channel.EMAIL),
                    new NotificationFailed(ID, ID, Kind.ORDER_CONFIRMED, Channel.EMAIL, "x"),
                    new ProductListed("TEA-01", "Green tea", TOTAL));

    @Test
    void aPlacedOrderOpensACorrespondenceWithNothingToTell() {
        var state = heard(PLACED);

        assertThat(state).isEqualTo(new Open(ORDER, List.of()));
        assertThat(due(state)).isEmpty();
    }

    @Test
    void newsOfAnOpenCorrespondenceAreDue() {
        var state = heard(PLACED, CONFIRMED, SHIPPED, RETURNED, REFUNDED);

        assertThat(due(state))
                .containsExactly(
                        new News.Confirmed(),
                        new News.Shipped("DHL", "JJD1"),
                        new News.Returned(),
                        new News.Refunded(TOTAL));
    }

    @Test
    void aCancellationIsDueWithItsReason() {
        assertThat(due(heard(PLACED, CANCELLED))).containsExactly(new News.Cancelled(OUT_OF_STOCK));
    }

    @Test
    void newsOfAnUnknownOrderWait() {
        var state = heard(REFUNDED);

        assertThat(state)
                .isEqualTo(new Early(ID, List.of(new DatedNews(new News.Refunded(TOTAL), AT))));
        assertThat(due(state)).isEmpty();
    }

    @Test
    void newsThatWaitedAreDueOnceTheOrderIsKnown() {
        var state = heard(REFUNDED, RETURNED, PLACED);

        assertThat(due(state)).containsExactly(new News.Refunded(TOTAL), new News.Returned());
    }

    @Test
    void newsThatWaitedAreOfTheTimeAtWhichTheyHappened() {
        var waiting = heard(REFUNDED);

        var open =
                CorrespondenceDecider.decide(waiting, PLACED, AT.plusSeconds(99))
                                instanceof Advance<Begun, NotificationEvent>(var state, _)
                        ? state
                        : waiting;

        assertThat(open)
                .isEqualTo(new Open(ORDER, List.of(new DatedNews(new News.Refunded(TOTAL), AT))));
    }

    @Test
    void aDuplicateOfAnyEventIsIgnored() {
        assertThat(decide(heard(PLACED), PLACED)).isEqualTo(new Ignore<>("already-placed"));
        for (var news : NEWS) {
            assertThat(decide(heard(PLACED, news), news)).isEqualTo(new Ignore<>("already-told"));
            assertThat(decide(heard(news), news)).isEqualTo(new Ignore<>("already-told"));
        }
    }

    @Test
    void aSecondCancellationForAnotherReasonIsIgnored() {
        assertThat(decide(heard(PLACED, CANCELLED), new OrderCancelled(ID, CUSTOMER_REQUEST)))
                .isEqualTo(new Ignore<>("already-told"));
    }

    @Test
    void aCancelledOrderIsNotToldToBeConfirmedShippedOrReturned() {
        for (var news : List.of(CONFIRMED, SHIPPED, RETURNED)) {
            assertThat(decide(heard(PLACED, CANCELLED), news))
                    .isEqualTo(new Reject<>("told-as-cancelled"));
            assertThat(decide(heard(CANCELLED), news)).isEqualTo(new Reject<>("told-as-cancelled"));
        }
    }

    @Test
    void aConfirmedOrderMayStillBeToldToBeCancelled() {
        assertThat(due(heard(PLACED, CONFIRMED, CANCELLED)))
                .containsExactly(new News.Confirmed(), new News.Cancelled(OUT_OF_STOCK));
    }

    @Test
    void aShippedOrReturnedOrderIsNotToldToBeCancelled() {
        assertThat(decide(heard(PLACED, SHIPPED), CANCELLED))
                .isEqualTo(new Reject<>("told-as-shipped"));
        assertThat(decide(heard(PLACED, RETURNED), CANCELLED))
                .isEqualTo(new Reject<>("told-as-shipped"));
    }

    @Test
    void newsThatWereOvertakenAreNotTold() {
        assertThat(decide(heard(PLACED, SHIPPED), CONFIRMED)).isEqualTo(new Ignore<>("overtaken"));
        assertThat(decide(heard(PLACED, RETURNED), CONFIRMED)).isEqualTo(new Ignore<>("overtaken"));
        assertThat(decide(heard(PLACED, RETURNED), SHIPPED)).isEqualTo(new Ignore<>("overtaken"));
    }

    @Test
    void aRefundIsToldWhateverWasToldBefore() {
        for (var news : List.of(CONFIRMED, CANCELLED, SHIPPED, RETURNED)) {
            assertThat(due(heard(PLACED, news, REFUNDED))).endsWith(new News.Refunded(TOTAL));
        }
    }

    @Test
    void whatIsNotForCustomersIsIgnoredInEveryState() {
        for (var state : List.of(new Unknown(), heard(REFUNDED), heard(PLACED, CONFIRMED))) {
            for (var event : NO_NEWS) {
                assertThat(decide(state, event)).isEqualTo(new Ignore<>("not-for-customers"));
            }
        }
    }

    /// Every history of up to four events: none throws, no kind is due twice, what was due stays
    /// due, and nothing is due before the order is known.
    @Test
    void everyHistoryIsJudgedAndNoKindIsDueTwice() {
        var events = new HashSet<DomainEvent>(NEWS);
        events.add(PLACED);
        events.addAll(NO_NEWS);

        int histories = explore(new Unknown(), List.of(), events, 4);

        assertThat(histories).isEqualTo(14 + 14 * 14 + 14 * 14 * 14 + 14 * 14 * 14 * 14);
    }

    @Test
    void everyEventOfTheContractAboutOrdersOrPaymentsIsAmongThoseTried() {
        var tried = new HashSet<Class<?>>();
        tried.add(PLACED.getClass());
        NEWS.forEach(event -> tried.add(event.getClass()));
        NO_NEWS.forEach(event -> tried.add(event.getClass()));

        for (var type : EventType.values()) {
            switch (type.topic()) {
                case ORDER_EVENTS, PAYMENT_EVENTS -> assertThat(tried).contains(type.recordClass());
                case INVENTORY_EVENTS, NOTIFICATION_EVENTS, PRODUCTS -> {}
            }
        }
    }

    private static int explore(
            Correspondence state, List<DatedNews> due, Set<DomainEvent> events, int depth) {
        if (depth == 0) {
            return 0;
        }
        int histories = 0;
        for (var event : events) {
            var next =
                    decide(state, event)
                                    instanceof
                                    Advance<Begun, NotificationEvent>(var moved, var announced)
                            ? checked(moved, announced, due)
                            : state;
            var nowDue = next instanceof Begun begun ? begun.due() : List.<DatedNews>of();
            histories += 1 + explore(next, nowDue, events, depth - 1);
        }
        return histories;
    }

    private static Begun checked(
            Begun moved, List<NotificationEvent> announced, List<DatedNews> due) {
        assertThat(announced).isEmpty();
        assertThat(moved.news()).extracting(DatedNews::kind).doesNotHaveDuplicates();
        assertThat(moved.due().subList(0, due.size())).isEqualTo(due);
        assertThat(moved.due().isEmpty() || moved instanceof Open).isTrue();
        return moved;
    }

    private static List<News> due(Correspondence state) {
        return ((Begun) state).due().stream().map(DatedNews::news).toList();
    }

    private static Correspondence heard(DomainEvent... events) {
        Correspondence state = new Unknown();
        for (var event : events) {
            state = ((Advance<Begun, NotificationEvent>) decide(state, event)).state();
        }
        return state;
    }

    private static Decision<Begun, NotificationEvent> decide(
            Correspondence state, DomainEvent event) {
        return CorrespondenceDecider.decide(state, event, AT);
    }
}
