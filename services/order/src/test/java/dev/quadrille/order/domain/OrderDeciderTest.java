package dev.quadrille.order.domain;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static dev.quadrille.contract.CancellationReason.PAYMENT_DECLINED;
import static dev.quadrille.contract.CancellationReason.TIMED_OUT;
import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;
import static dev.quadrille.order.domain.Orders.ALL_EVENTS;
import static dev.quadrille.order.domain.Orders.AUTHORIZED;
import static dev.quadrille.order.domain.Orders.DEADLINE;
import static dev.quadrille.order.domain.Orders.DECLINED;
import static dev.quadrille.order.domain.Orders.DETAILS;
import static dev.quadrille.order.domain.Orders.ID;
import static dev.quadrille.order.domain.Orders.PLACED_AT;
import static dev.quadrille.order.domain.Orders.REJECTED;
import static dev.quadrille.order.domain.Orders.RELEASED;
import static dev.quadrille.order.domain.Orders.RESERVED;
import static dev.quadrille.order.domain.Orders.TOTAL;
import static dev.quadrille.order.domain.Orders.VOIDED;
import static dev.quadrille.order.domain.Orders.cancelled;
import static dev.quadrille.order.domain.Orders.confirmed;
import static dev.quadrille.order.domain.Orders.pending;
import static dev.quadrille.order.domain.Orders.returned;
import static dev.quadrille.order.domain.Orders.shipped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Unknown;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import dev.quadrille.order.domain.OrderInput.DeadlinePassed;
import dev.quadrille.order.domain.OrderInput.Heard;
import dev.quadrille.order.domain.OrderInput.PlaceOrder;
import dev.quadrille.order.domain.OrderInput.ReturnOrder;
import dev.quadrille.order.domain.OrderInput.ShipOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderDeciderTest {

    private static final List<List<String>> LEGAL =
            List.of(
                    List.of("OrderPlaced"),
                    List.of("OrderPlaced", "OrderConfirmed"),
                    List.of("OrderPlaced", "OrderCancelled"),
                    List.of("OrderPlaced", "OrderConfirmed", "OrderCancelled"),
                    List.of("OrderPlaced", "OrderConfirmed", "OrderShipped"),
                    List.of("OrderPlaced", "OrderConfirmed", "OrderShipped", "OrderReturned"));

    @Test
    void placingAnUnknownOrderMakesItPending() {
        var decision = OrderDecider.decide(new Unknown(), new PlaceOrder(DETAILS), PLACED_AT);

        assertThat(decision)
                .isEqualTo(
                        advance(
                                pending(StockStatus.NONE, PaymentStatus.NONE),
                                new OrderPlaced(
                                        ID,
                                        DETAILS.customer(),
                                        DETAILS.lines(),
                                        TOTAL,
                                        DETAILS.paymentMethod(),
                                        PLACED_AT,
                                        DEADLINE)));
    }

    @Test
    void placingAnOrderTwiceDoesNothing() {
        for (var order : allStates()) {
            if (order instanceof Placed) {
                assertThat(OrderDecider.decide(order, new PlaceOrder(DETAILS), PLACED_AT))
                        .isEqualTo(ignore("already-placed"));
            }
        }
    }

    @Test
    void stockThenPaymentConfirms() {
        var reserved = hear(pending(StockStatus.NONE, PaymentStatus.NONE), RESERVED);
        assertThat(reserved).isEqualTo(advance(pending(StockStatus.RESERVED, PaymentStatus.NONE)));

        var authorized = hear(pending(StockStatus.RESERVED, PaymentStatus.NONE), AUTHORIZED);
        assertThat(authorized).isEqualTo(advance(confirmed(), new OrderConfirmed(ID)));
    }

    @Test
    void paymentThenStockConfirms() {
        var authorized = hear(pending(StockStatus.NONE, PaymentStatus.NONE), AUTHORIZED);
        assertThat(authorized)
                .isEqualTo(advance(pending(StockStatus.NONE, PaymentStatus.AUTHORIZED)));

        var reserved = hear(pending(StockStatus.NONE, PaymentStatus.AUTHORIZED), RESERVED);
        assertThat(reserved).isEqualTo(advance(confirmed(), new OrderConfirmed(ID)));
    }

    @Test
    void rejectedStockCancelsAndNothingIsOwed() {
        var decision = hear(pending(StockStatus.NONE, PaymentStatus.NONE), REJECTED);

        var order = cancelled(OUT_OF_STOCK, StockStatus.REJECTED, PaymentStatus.NONE);
        assertThat(decision).isEqualTo(advance(order, new OrderCancelled(ID, OUT_OF_STOCK)));
        assertThat(order.settled()).isTrue();
    }

    @Test
    void declinedPaymentCancelsAndTheStockIsOwed() {
        var decision = hear(pending(StockStatus.RESERVED, PaymentStatus.NONE), DECLINED);

        var order = cancelled(PAYMENT_DECLINED, StockStatus.RESERVED, PaymentStatus.DECLINED);
        assertThat(decision).isEqualTo(advance(order, new OrderCancelled(ID, PAYMENT_DECLINED)));
        assertThat(order.settled()).isFalse();
        assertThat(hear(order, RELEASED))
                .isEqualTo(
                        advance(
                                cancelled(
                                        PAYMENT_DECLINED,
                                        StockStatus.RELEASED,
                                        PaymentStatus.DECLINED)));
    }

    @Test
    void customerMayCancelWhilePendingOrConfirmed() {
        assertThat(cancel(pending(StockStatus.RESERVED, PaymentStatus.NONE)))
                .isEqualTo(
                        advance(
                                cancelled(
                                        CUSTOMER_REQUEST, StockStatus.RESERVED, PaymentStatus.NONE),
                                new OrderCancelled(ID, CUSTOMER_REQUEST)));
        assertThat(cancel(confirmed()))
                .isEqualTo(
                        advance(
                                cancelled(
                                        CUSTOMER_REQUEST,
                                        StockStatus.RESERVED,
                                        PaymentStatus.AUTHORIZED),
                                new OrderCancelled(ID, CUSTOMER_REQUEST)));
    }

    @Test
    void cancellingTwiceDoesNothing() {
        assertThat(cancel(cancelled(TIMED_OUT, StockStatus.NONE, PaymentStatus.NONE)))
                .isEqualTo(ignore("already-cancelled"));
    }

    @Test
    void cancellingAnUnknownOrderIsRefused() {
        assertThat(cancel(new Unknown())).isEqualTo(reject("unknown-order"));
    }

    @Test
    void whatTheCustomerSaidIsKept() {
        var decision = OrderDecider.decide(confirmed(), new CancelOrder("too late"), PLACED_AT);

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Advance.class,
                        advance ->
                                assertThat(((Order.Cancelled) advance.state()).note())
                                        .isEqualTo("too late"));
    }

    @Test
    void deadlineCancelsWhatIsPendingThenAndNotBefore() {
        var order = pending(StockStatus.RESERVED, PaymentStatus.NONE);

        assertThat(OrderDecider.decide(order, new DeadlinePassed(), DEADLINE.minusNanos(1000)))
                .isEqualTo(ignore("not-due"));
        assertThat(OrderDecider.decide(order, new DeadlinePassed(), DEADLINE))
                .isEqualTo(
                        advance(
                                cancelled(TIMED_OUT, StockStatus.RESERVED, PaymentStatus.NONE),
                                new OrderCancelled(ID, TIMED_OUT)));
    }

    @Test
    void deadlineDoesNotTouchAnOrderThatIsDecided() {
        assertThat(OrderDecider.decide(confirmed(), new DeadlinePassed(), DEADLINE))
                .isEqualTo(ignore("already-confirmed"));
        assertThat(
                        OrderDecider.decide(
                                cancelled(OUT_OF_STOCK, StockStatus.REJECTED, PaymentStatus.NONE),
                                new DeadlinePassed(),
                                DEADLINE))
                .isEqualTo(ignore("already-cancelled"));
    }

    @Test
    void duplicatesWhilePendingDoNothing() {
        assertThat(hear(pending(StockStatus.RESERVED, PaymentStatus.NONE), RESERVED))
                .isEqualTo(ignore("already-reserved"));
        assertThat(hear(pending(StockStatus.NONE, PaymentStatus.AUTHORIZED), AUTHORIZED))
                .isEqualTo(ignore("already-authorized"));
    }

    @Test
    void answersThatComeAfterTheCancellationAreNotedUntilNothingIsOwed() {
        var order = cancelled(CUSTOMER_REQUEST, StockStatus.NONE, PaymentStatus.NONE);

        var events = List.of(RESERVED, AUTHORIZED, RELEASED, VOIDED);
        Placed last = order;
        for (DomainEvent event : events) {
            assertThat(last.settled()).isFalse();
            last = ((Advance<Placed, OrderEvent>) hear(last, event)).state();
        }

        assertThat(last)
                .isEqualTo(cancelled(CUSTOMER_REQUEST, StockStatus.RELEASED, PaymentStatus.VOIDED));
        assertThat(last.settled()).isTrue();
    }

    @Test
    void lateAnswersDoNotUndoAnEnd() {
        var order = cancelled(CUSTOMER_REQUEST, StockStatus.RELEASED, PaymentStatus.VOIDED);

        assertThat(hear(order, RESERVED)).isEqualTo(ignore("stock-already-known"));
        assertThat(hear(order, AUTHORIZED)).isEqualTo(ignore("payment-already-known"));
    }

    @Test
    void contradictionsToAConfirmedOrderAreRejected() {
        assertThat(hear(confirmed(), REJECTED)).isEqualTo(reject("rejected-after-confirmation"));
        assertThat(hear(confirmed(), DECLINED)).isEqualTo(reject("declined-after-confirmation"));
        assertThat(hear(confirmed(), RELEASED)).isEqualTo(reject("released-while-confirmed"));
    }

    @Test
    void holdThatEndsAtTheProviderCancelsWhatIsNotShipped() {
        assertThat(hear(pending(StockStatus.NONE, PaymentStatus.AUTHORIZED), VOIDED))
                .isEqualTo(
                        advance(
                                cancelled(PAYMENT_DECLINED, StockStatus.NONE, PaymentStatus.VOIDED),
                                new OrderCancelled(ID, PAYMENT_DECLINED)));
        assertThat(hear(confirmed(), VOIDED))
                .isEqualTo(
                        advance(
                                cancelled(
                                        PAYMENT_DECLINED,
                                        StockStatus.RESERVED,
                                        PaymentStatus.VOIDED),
                                new OrderCancelled(ID, PAYMENT_DECLINED)));
    }

    @Test
    void holdThatNobodyHasSeenCannotEnd() {
        assertThat(hear(pending(StockStatus.RESERVED, PaymentStatus.NONE), VOIDED))
                .isEqualTo(reject("voided-while-pending"));
    }

    @Test
    void confirmedOrderIsShippedAndReturned() {
        var shipped = decide(confirmed(), new ShipOrder("DHL", "JD0146"));
        assertThat(shipped)
                .isEqualTo(
                        advance(
                                shipped(StockStatus.RESERVED, PaymentStatus.AUTHORIZED),
                                new OrderShipped(ID, "DHL", "JD0146")));

        var returned =
                decide(
                        shipped(StockStatus.COMMITTED, PaymentStatus.CAPTURED),
                        new ReturnOrder("broken"));
        assertThat(returned)
                .isEqualTo(
                        advance(
                                returned(StockStatus.COMMITTED, PaymentStatus.CAPTURED),
                                new OrderReturned(ID, "broken")));
    }

    @Test
    void aParcelIsHandedOverOnce() {
        var order = shipped(StockStatus.RESERVED, PaymentStatus.AUTHORIZED);

        assertThat(decide(order, new ShipOrder("DHL", "JD0146")))
                .isEqualTo(ignore("already-shipped"));
        assertThat(decide(order, new ShipOrder("DHL", "JD0147")))
                .isEqualTo(reject("shipped-otherwise"));
        assertThat(decide(order, new ShipOrder("UPS", "JD0146")))
                .isEqualTo(reject("shipped-otherwise"));
    }

    @Test
    void shippedOrderIsSettledOnceItsStockIsWrittenOffAndItsMoneyTaken() {
        for (var stock : StockStatus.values()) {
            for (var payment : PaymentStatus.values()) {
                assertThat(shipped(stock, payment).settled())
                        .isEqualTo(
                                stock == StockStatus.COMMITTED
                                        && payment == PaymentStatus.CAPTURED);
            }
        }
    }

    @Test
    void returnedOrderIsSettledOnceItsStockIsBackAndNoMoneyIsKept() {
        for (var stock : StockStatus.values()) {
            for (var payment : PaymentStatus.values()) {
                assertThat(returned(stock, payment).settled())
                        .isEqualTo(
                                stock == StockStatus.RESTOCKED
                                        && (payment == PaymentStatus.REFUNDED
                                                || payment == PaymentStatus.VOIDED));
            }
        }
    }

    @Test
    void cancelledOrderIsSettledOnceNothingIsHeldForIt() {
        assertThat(cancelled(TIMED_OUT, StockStatus.RELEASED, PaymentStatus.REFUNDED).settled())
                .isTrue();
        assertThat(cancelled(TIMED_OUT, StockStatus.REJECTED, PaymentStatus.DECLINED).settled())
                .isTrue();
        assertThat(cancelled(TIMED_OUT, StockStatus.RELEASED, PaymentStatus.NONE).settled())
                .isFalse();
        assertThat(cancelled(OUT_OF_STOCK, StockStatus.REJECTED, PaymentStatus.NONE).settled())
                .isTrue();
        assertThat(
                        cancelled(OUT_OF_STOCK, StockStatus.REJECTED, PaymentStatus.AUTHORIZED)
                                .settled())
                .isFalse();
        assertThat(cancelled(OUT_OF_STOCK, StockStatus.RESERVED, PaymentStatus.NONE).settled())
                .isFalse();
        assertThat(confirmed().settled()).isFalse();
        assertThat(pending(StockStatus.RESERVED, PaymentStatus.NONE).settled()).isFalse();
    }

    @Test
    void paymentOfAnOrderWithoutStockIsAContradiction() {
        var order = cancelled(OUT_OF_STOCK, StockStatus.REJECTED, PaymentStatus.NONE);

        assertThat(hear(order, AUTHORIZED)).isEqualTo(reject("authorized-without-stock"));
    }

    @Test
    void eventsAboutUnknownOrdersAreIgnored() {
        for (var event : ALL_EVENTS) {
            assertThat(hear(new Unknown(), event)).isEqualTo(ignore("unknown-order"));
        }
    }

    /// Any input in any state has an answer, an answer never moves an order back, and whoever hears
    /// the same twice moves once.
    @Test
    void everyInputInEveryStateHasAnAnswer() {
        for (var order : allStates()) {
            for (var input : allInputs()) {
                var first = OrderDecider.decide(order, input, DEADLINE);
                if (first instanceof Advance<Placed, OrderEvent>(var next, var events)) {
                    assertThat(events).hasSizeLessThanOrEqualTo(1);
                    assertThat(OrderDecider.decide(next, input, DEADLINE))
                            .as("%s twice in %s", input, order)
                            .isNotInstanceOf(Advance.class);
                    if (order instanceof Placed before
                            && before.settled()
                            && !(input instanceof ReturnOrder)) {
                        assertThat(next.settled()).isTrue();
                    }
                }
            }
        }
    }

    /// The order is confirmed, cancelled, shipped and returned at most once, and in no other order,
    /// whatever is heard in whatever sequence, to a depth of nine: as many steps as the longest
    /// life has.
    @Test
    void noSequenceAnnouncesTwoOutcomes() {
        var seen = new HashSet<History>();
        var open = new ArrayList<>(List.of(new History(new Unknown(), List.of())));
        for (int depth = 0; depth < 9; depth++) {
            var next = new ArrayList<History>();
            for (var history : open) {
                for (var input : allInputs()) {
                    if (OrderDecider.decide(history.order(), input, DEADLINE)
                            instanceof Advance<Placed, OrderEvent>(var state, var events)) {
                        var longer = history.then(state, events);
                        assertThat(LEGAL)
                                .as("%s after %s", input, history)
                                .contains(longer.announced());
                        if (seen.add(longer)) {
                            next.add(longer);
                        }
                    }
                }
            }
            open = next;
        }
        assertThat(seen).hasSizeGreaterThan(60);
    }

    private record History(Order order, List<String> announced) {
        History then(Order next, List<OrderEvent> events) {
            var all = new ArrayList<>(announced);
            events.forEach(event -> all.add(event.getClass().getSimpleName()));
            return new History(next, List.copyOf(all));
        }
    }

    private static List<Order> allStates() {
        var states = new ArrayList<Order>();
        states.add(new Unknown());
        states.add(confirmed());
        for (var stock : StockStatus.values()) {
            for (var payment : PaymentStatus.values()) {
                states.add(pending(stock, payment));
                states.add(shipped(stock, payment));
                states.add(returned(stock, payment));
                for (var reason : CancellationReason.values()) {
                    states.add(cancelled(reason, stock, payment));
                }
            }
        }
        return states;
    }

    private static List<OrderInput> allInputs() {
        var inputs = new ArrayList<OrderInput>();
        inputs.add(new PlaceOrder(DETAILS));
        inputs.add(new CancelOrder(null));
        inputs.add(new ShipOrder("DHL", "JD0146"));
        inputs.add(new ReturnOrder("broken"));
        inputs.add(new DeadlinePassed());
        ALL_EVENTS.forEach(event -> inputs.add(new Heard(event)));
        return inputs;
    }

    private static Decision<Placed, OrderEvent> hear(Order order, DomainEvent event) {
        return OrderDecider.decide(order, new Heard(event), PLACED_AT);
    }

    private static Decision<Placed, OrderEvent> cancel(Order order) {
        return decide(order, new CancelOrder(null));
    }

    private static Decision<Placed, OrderEvent> decide(Order order, OrderInput input) {
        return OrderDecider.decide(order, input, PLACED_AT);
    }
}
