package dev.quadrille.order.domain;

import static dev.quadrille.contract.CancellationReason.OUT_OF_STOCK;
import static dev.quadrille.contract.CancellationReason.TIMED_OUT;
import static dev.quadrille.order.domain.Orders.DEADLINE;
import static dev.quadrille.order.domain.Orders.DETAILS;
import static dev.quadrille.order.domain.Orders.cancelled;
import static dev.quadrille.order.domain.Orders.confirmed;
import static dev.quadrille.order.domain.Orders.pending;
import static dev.quadrille.order.domain.Orders.returned;
import static dev.quadrille.order.domain.Orders.shipped;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.EventType;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.ProductEvent;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Returned;
import dev.quadrille.order.domain.Order.Shipped;
import dev.quadrille.order.domain.Order.Unknown;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import dev.quadrille.order.domain.OrderInput.DeadlinePassed;
import dev.quadrille.order.domain.OrderInput.Heard;
import dev.quadrille.order.domain.OrderInput.PlaceOrder;
import dev.quadrille.order.domain.OrderInput.ReturnOrder;
import dev.quadrille.order.domain.OrderInput.ShipOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every state meets every input. A cell shows the state that follows and what is announced, or
/// after a dash why the input is ignored.
class OrderTableTest {

    private static final Map<String, Order> STATES = new LinkedHashMap<>();
    private static final Map<String, OrderInput> INPUTS = new LinkedHashMap<>();

    static {
        Stream.of(
                        new Unknown(),
                        pending(StockStatus.NONE, PaymentStatus.NONE),
                        pending(StockStatus.RESERVED, PaymentStatus.NONE),
                        pending(StockStatus.NONE, PaymentStatus.AUTHORIZED),
                        confirmed(),
                        cancelled(TIMED_OUT, StockStatus.NONE, PaymentStatus.NONE),
                        cancelled(TIMED_OUT, StockStatus.RESERVED, PaymentStatus.AUTHORIZED),
                        cancelled(TIMED_OUT, StockStatus.REJECTED, PaymentStatus.DECLINED),
                        cancelled(TIMED_OUT, StockStatus.RELEASED, PaymentStatus.VOIDED),
                        cancelled(TIMED_OUT, StockStatus.RELEASED, PaymentStatus.REFUNDED),
                        cancelled(OUT_OF_STOCK, StockStatus.REJECTED, PaymentStatus.NONE),
                        shipped(StockStatus.RESERVED, PaymentStatus.AUTHORIZED),
                        shipped(StockStatus.COMMITTED, PaymentStatus.CAPTURED),
                        shipped(StockStatus.COMMITTED, PaymentStatus.VOIDED),
                        returned(StockStatus.RESERVED, PaymentStatus.AUTHORIZED),
                        returned(StockStatus.COMMITTED, PaymentStatus.CAPTURED),
                        returned(StockStatus.RESTOCKED, PaymentStatus.REFUNDED),
                        returned(StockStatus.RESTOCKED, PaymentStatus.VOIDED))
                .forEach(order -> STATES.put(shown(order), order));

        INPUTS.put("PlaceOrder", new PlaceOrder(DETAILS));
        INPUTS.put("CancelOrder", new CancelOrder("too late"));
        INPUTS.put("ShipOrder", new ShipOrder("DHL", "JD0146"));
        INPUTS.put("ShipOrder other", new ShipOrder("UPS", "1Z"));
        INPUTS.put("ReturnOrder", new ReturnOrder("broken"));
        INPUTS.put("DeadlinePassed", new DeadlinePassed());
        Orders.ALL_EVENTS.stream()
                .filter(OrderTableTest::isForOrders)
                .forEach(event -> INPUTS.put(event.getClass().getSimpleName(), new Heard(event)));
    }

    private static final String TABLE =
            """
                              | Unknown                        | Pending NONE NONE                                         | Pending RESERVED NONE                                         | Pending NONE AUTHORIZED                                     | Confirmed RESERVED AUTHORIZED
            PlaceOrder        | Pending NONE NONE !OrderPlaced | - already-placed                                          | - already-placed                                              | - already-placed                                            | - already-placed
            CancelOrder       | reject unknown-order           | Cancelled(CUSTOMER_REQUEST) NONE NONE !OrderCancelled     | Cancelled(CUSTOMER_REQUEST) RESERVED NONE !OrderCancelled     | Cancelled(CUSTOMER_REQUEST) NONE AUTHORIZED !OrderCancelled | Cancelled(CUSTOMER_REQUEST) RESERVED AUTHORIZED !OrderCancelled
            ShipOrder         | reject unknown-order           | reject not-confirmed                                      | reject not-confirmed                                          | reject not-confirmed                                        | Shipped RESERVED AUTHORIZED !OrderShipped
            ShipOrder other   | reject unknown-order           | reject not-confirmed                                      | reject not-confirmed                                          | reject not-confirmed                                        | Shipped RESERVED AUTHORIZED !OrderShipped
            ReturnOrder       | reject unknown-order           | reject not-shipped                                        | reject not-shipped                                            | reject not-shipped                                          | reject not-shipped
            DeadlinePassed    | - unknown-order                | Cancelled(TIMED_OUT) NONE NONE !OrderCancelled            | Cancelled(TIMED_OUT) RESERVED NONE !OrderCancelled            | Cancelled(TIMED_OUT) NONE AUTHORIZED !OrderCancelled        | - already-confirmed
            StockReserved     | - unknown-order                | Pending RESERVED NONE                                     | - already-reserved                                            | Confirmed RESERVED AUTHORIZED !OrderConfirmed               | - already-reserved
            StockRejected     | - unknown-order                | Cancelled(OUT_OF_STOCK) REJECTED NONE !OrderCancelled     | Cancelled(OUT_OF_STOCK) REJECTED NONE !OrderCancelled         | Cancelled(OUT_OF_STOCK) REJECTED AUTHORIZED !OrderCancelled | reject rejected-after-confirmation
            StockReleased     | - unknown-order                | reject released-while-pending                             | reject released-while-pending                                 | reject released-while-pending                               | reject released-while-confirmed
            StockCommitted    | - unknown-order                | reject not-shipped                                        | reject not-shipped                                            | reject not-shipped                                          | reject not-shipped
            StockRestocked    | - unknown-order                | reject not-shipped                                        | reject not-shipped                                            | reject not-shipped                                          | reject not-shipped
            PaymentAuthorized | - unknown-order                | Pending NONE AUTHORIZED                                   | Confirmed RESERVED AUTHORIZED !OrderConfirmed                 | - already-authorized                                        | - already-authorized
            PaymentDeclined   | - unknown-order                | Cancelled(PAYMENT_DECLINED) NONE DECLINED !OrderCancelled | Cancelled(PAYMENT_DECLINED) RESERVED DECLINED !OrderCancelled | Cancelled(PAYMENT_DECLINED) NONE DECLINED !OrderCancelled   | reject declined-after-confirmation
            PaymentVoided     | - unknown-order                | reject voided-while-pending                               | reject voided-while-pending                                   | Cancelled(PAYMENT_DECLINED) NONE VOIDED !OrderCancelled     | Cancelled(PAYMENT_DECLINED) RESERVED VOIDED !OrderCancelled
            PaymentCaptured   | - unknown-order                | reject not-shipped                                        | reject not-shipped                                            | reject not-shipped                                          | reject not-shipped
            PaymentRefunded   | - unknown-order                | reject not-shipped                                        | reject not-shipped                                            | reject not-shipped                                          | reject not-shipped

                              | Cancelled(TIMED_OUT) NONE NONE       | Cancelled(TIMED_OUT) RESERVED AUTHORIZED | Cancelled(TIMED_OUT) REJECTED DECLINED
            PlaceOrder        | - already-placed                     | - already-placed                         | - already-placed
            CancelOrder       | - already-cancelled                  | - already-cancelled                      | - already-cancelled
            ShipOrder         | reject already-cancelled             | reject already-cancelled                 | reject already-cancelled
            ShipOrder other   | reject already-cancelled             | reject already-cancelled                 | reject already-cancelled
            ReturnOrder       | reject already-cancelled             | reject already-cancelled                 | reject already-cancelled
            DeadlinePassed    | - already-cancelled                  | - already-cancelled                      | - already-cancelled
            StockReserved     | Cancelled(TIMED_OUT) RESERVED NONE   | - stock-already-known                    | - stock-already-known
            StockRejected     | Cancelled(TIMED_OUT) REJECTED NONE   | Cancelled(TIMED_OUT) REJECTED AUTHORIZED | - stock-already-known
            StockReleased     | Cancelled(TIMED_OUT) RELEASED NONE   | Cancelled(TIMED_OUT) RELEASED AUTHORIZED | - stock-already-known
            StockCommitted    | reject not-shipped                   | reject not-shipped                       | reject not-shipped
            StockRestocked    | reject not-shipped                   | reject not-shipped                       | reject not-shipped
            PaymentAuthorized | Cancelled(TIMED_OUT) NONE AUTHORIZED | - payment-already-known                  | - payment-already-known
            PaymentDeclined   | Cancelled(TIMED_OUT) NONE DECLINED   | Cancelled(TIMED_OUT) RESERVED DECLINED   | - payment-already-known
            PaymentVoided     | Cancelled(TIMED_OUT) NONE VOIDED     | Cancelled(TIMED_OUT) RESERVED VOIDED     | - payment-already-known
            PaymentCaptured   | reject not-shipped                   | reject not-shipped                       | reject not-shipped
            PaymentRefunded   | Cancelled(TIMED_OUT) NONE REFUNDED   | Cancelled(TIMED_OUT) RESERVED REFUNDED   | - payment-already-known

                              | Cancelled(TIMED_OUT) RELEASED VOIDED | Cancelled(TIMED_OUT) RELEASED REFUNDED | Cancelled(OUT_OF_STOCK) REJECTED NONE
            PlaceOrder        | - already-placed                     | - already-placed                       | - already-placed
            CancelOrder       | - already-cancelled                  | - already-cancelled                    | - already-cancelled
            ShipOrder         | reject already-cancelled             | reject already-cancelled               | reject already-cancelled
            ShipOrder other   | reject already-cancelled             | reject already-cancelled               | reject already-cancelled
            ReturnOrder       | reject already-cancelled             | reject already-cancelled               | reject already-cancelled
            DeadlinePassed    | - already-cancelled                  | - already-cancelled                    | - already-cancelled
            StockReserved     | - stock-already-known                | - stock-already-known                  | - stock-already-known
            StockRejected     | - stock-already-known                | - stock-already-known                  | - stock-already-known
            StockReleased     | - stock-already-known                | - stock-already-known                  | - stock-already-known
            StockCommitted    | reject not-shipped                   | reject not-shipped                     | reject not-shipped
            StockRestocked    | reject not-shipped                   | reject not-shipped                     | reject not-shipped
            PaymentAuthorized | - payment-already-known              | - payment-already-known                | reject authorized-without-stock
            PaymentDeclined   | - payment-already-known              | - payment-already-known                | Cancelled(OUT_OF_STOCK) REJECTED DECLINED
            PaymentVoided     | - payment-already-known              | - payment-already-known                | Cancelled(OUT_OF_STOCK) REJECTED VOIDED
            PaymentCaptured   | reject not-shipped                   | reject not-shipped                     | reject not-shipped
            PaymentRefunded   | - payment-already-known              | - payment-already-known                | Cancelled(OUT_OF_STOCK) REJECTED REFUNDED

                              | Shipped RESERVED AUTHORIZED                 | Shipped COMMITTED CAPTURED                 | Shipped COMMITTED VOIDED
            PlaceOrder        | - already-placed                            | - already-placed                           | - already-placed
            CancelOrder       | reject already-shipped                      | reject already-shipped                     | reject already-shipped
            ShipOrder         | - already-shipped                           | - already-shipped                          | - already-shipped
            ShipOrder other   | reject shipped-otherwise                    | reject shipped-otherwise                   | reject shipped-otherwise
            ReturnOrder       | Returned RESERVED AUTHORIZED !OrderReturned | Returned COMMITTED CAPTURED !OrderReturned | Returned COMMITTED VOIDED !OrderReturned
            DeadlinePassed    | - already-shipped                           | - already-shipped                          | - already-shipped
            StockReserved     | - already-reserved                          | - already-reserved                         | - already-reserved
            StockRejected     | reject rejected-after-confirmation          | reject rejected-after-confirmation         | reject rejected-after-confirmation
            StockReleased     | reject released-after-shipment              | reject released-after-shipment             | reject released-after-shipment
            StockCommitted    | Shipped COMMITTED AUTHORIZED                | - already-committed                        | - already-committed
            StockRestocked    | reject not-returned                         | reject not-returned                        | reject not-returned
            PaymentAuthorized | - already-authorized                        | - already-authorized                       | - already-authorized
            PaymentDeclined   | reject declined-after-confirmation          | reject declined-after-confirmation         | reject declined-after-confirmation
            PaymentVoided     | Shipped RESERVED VOIDED                     | reject voided-after-capture                | - already-voided
            PaymentCaptured   | Shipped RESERVED CAPTURED                   | - already-captured                         | reject captured-after-void
            PaymentRefunded   | reject not-returned                         | reject not-returned                        | reject not-returned

                              | Returned RESERVED AUTHORIZED       | Returned COMMITTED CAPTURED        | Returned RESTOCKED REFUNDED        | Returned RESTOCKED VOIDED
            PlaceOrder        | - already-placed                   | - already-placed                   | - already-placed                   | - already-placed
            CancelOrder       | reject already-returned            | reject already-returned            | reject already-returned            | reject already-returned
            ShipOrder         | reject already-returned            | reject already-returned            | reject already-returned            | reject already-returned
            ShipOrder other   | reject already-returned            | reject already-returned            | reject already-returned            | reject already-returned
            ReturnOrder       | - already-returned                 | - already-returned                 | - already-returned                 | - already-returned
            DeadlinePassed    | - already-returned                 | - already-returned                 | - already-returned                 | - already-returned
            StockReserved     | - already-reserved                 | - already-reserved                 | - already-reserved                 | - already-reserved
            StockRejected     | reject rejected-after-confirmation | reject rejected-after-confirmation | reject rejected-after-confirmation | reject rejected-after-confirmation
            StockReleased     | reject released-after-shipment     | reject released-after-shipment     | reject released-after-shipment     | reject released-after-shipment
            StockCommitted    | Returned COMMITTED AUTHORIZED      | - already-committed                | - already-committed                | - already-committed
            StockRestocked    | Returned RESTOCKED AUTHORIZED      | Returned RESTOCKED CAPTURED        | - already-restocked                | - already-restocked
            PaymentAuthorized | - already-authorized               | - already-authorized               | - already-authorized               | - already-authorized
            PaymentDeclined   | reject declined-after-confirmation | reject declined-after-confirmation | reject declined-after-confirmation | reject declined-after-confirmation
            PaymentVoided     | Returned RESERVED VOIDED           | reject voided-after-capture        | - already-voided                   | - already-voided
            PaymentCaptured   | Returned RESERVED CAPTURED         | - already-captured                 | - already-captured                 | reject captured-after-void
            PaymentRefunded   | Returned RESERVED REFUNDED         | Returned COMMITTED REFUNDED        | - already-refunded                 | reject refunded-after-void
            """;

    @Test
    void everyStateAnswersEveryInputAsTheTableSays() {
        for (var block : blocks()) {
            var states = block.getFirst().subList(1, block.getFirst().size());
            var decided = new ArrayList<List<String>>();
            for (var row : block.subList(1, block.size())) {
                var input = INPUTS.get(row.getFirst());
                var cells = new ArrayList<>(List.of(row.getFirst()));
                states.forEach(state -> cells.add(answer(STATES.get(state), input)));
                decided.add(cells);
            }

            assertThat(text(decided)).isEqualTo(text(block.subList(1, block.size())));
        }
    }

    @Test
    void theTableHasEveryStateAndEveryInput() {
        assertThat(STATES.values().stream().map(Object::getClass).collect(toSet()))
                .isEqualTo(leaves(Order.class).collect(toSet()));
        assertThat(INPUTS.values().stream().map(Object::getClass).collect(toSet()))
                .isEqualTo(leaves(OrderInput.class).collect(toSet()));
        assertThat(Orders.ALL_EVENTS.stream().map(Object::getClass).collect(toSet()))
                .isEqualTo(
                        Arrays.stream(EventType.values())
                                .map(EventType::recordClass)
                                .collect(toSet()));
        assertThat(blocks().stream().flatMap(block -> block.getFirst().stream().skip(1)))
                .containsExactlyElementsOf(STATES.keySet());
        for (var block : blocks()) {
            assertThat(block.stream().skip(1).map(List::getFirst))
                    .containsExactlyElementsOf(INPUTS.keySet());
        }
    }

    @Test
    void eventsThatAreNotForOrdersMoveNone() {
        for (var order : STATES.values()) {
            for (var event : Orders.ALL_EVENTS) {
                if (!isForOrders(event)) {
                    assertThat(answer(order, new Heard(event)))
                            .isEqualTo(
                                    order instanceof Placed
                                            ? "- not-for-orders"
                                            : "- unknown-order");
                }
            }
        }
    }

    /// What the table does not show of a state: it comes with the input, or was there before.
    @Test
    void whatIsKnownOfAnOrderStaysKnown() {
        for (var order : STATES.values()) {
            for (var input : INPUTS.values()) {
                if (decide(order, input) instanceof Advance<Placed, OrderEvent>(var next, _)) {
                    assertThat(next.details()).isEqualTo(DETAILS);
                    switch (next) {
                        case Pending _, Confirmed _ -> {}
                        case Cancelled cancelled ->
                                assertThat(cancelled.note())
                                        .isEqualTo(
                                                input instanceof CancelOrder(var note)
                                                        ? note
                                                        : null);
                        case Shipped shipped ->
                                assertThat(List.of(shipped.carrier(), shipped.trackingNumber()))
                                        .isEqualTo(
                                                input instanceof ShipOrder(var carrier, var number)
                                                        ? List.of(carrier, number)
                                                        : List.of("DHL", "JD0146"));
                        case Returned returned ->
                                assertThat(
                                                List.of(
                                                        returned.carrier(),
                                                        returned.trackingNumber(),
                                                        returned.reason()))
                                        .containsExactly("DHL", "JD0146", "broken");
                    }
                }
            }
        }
    }

    private static Decision<Placed, OrderEvent> decide(Order order, OrderInput input) {
        return OrderDecider.decide(order, input, DEADLINE);
    }

    private static String answer(Order order, OrderInput input) {
        return switch (decide(order, input)) {
            case Ignore<Placed, OrderEvent>(var reason) -> "- " + reason;
            case Reject<Placed, OrderEvent>(var reason) -> "reject " + reason;
            case Advance<Placed, OrderEvent>(var state, var events) ->
                    shown(state)
                            + events.stream()
                                    .map(event -> " !" + event.getClass().getSimpleName())
                                    .collect(joining());
        };
    }

    private static String shown(Order order) {
        return switch (order) {
            case Unknown() -> "Unknown";
            case Cancelled(_, var reason, var stock, var payment, _) ->
                    "Cancelled(" + reason + ") " + stock + " " + payment;
            case Placed placed ->
                    placed.getClass().getSimpleName()
                            + " "
                            + placed.stock()
                            + " "
                            + placed.payment();
        };
    }

    private static boolean isForOrders(DomainEvent event) {
        return switch (event) {
            case InventoryEvent _, PaymentEvent _ -> true;
            case OrderEvent _, NotificationEvent _, ProductEvent _ -> false;
        };
    }

    /// The table's parts, each with the states in its first row and the inputs in its first column.
    private static List<List<List<String>>> blocks() {
        return Arrays.stream(TABLE.split("\n\n"))
                .map(block ->
                        block.lines()
                                .map(line ->
                                        Arrays.stream(line.split("\\|"))
                                                .map(String::strip)
                                                .toList())
                                .toList())
                .toList();
    }

    private static String text(List<List<String>> rows) {
        return rows.stream().map(row -> String.join(" | ", row) + "\n").collect(joining());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OrderTableTest::leaves)
                : Stream.of(type);
    }
}
