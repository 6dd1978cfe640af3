package dev.quadrille.inventory.domain;

import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.InventoryEvent.StockRestocked;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.Shortage;
import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.domain.Reservation.CancelledEarly;
import dev.quadrille.inventory.domain.Reservation.Committed;
import dev.quadrille.inventory.domain.Reservation.Held;
import dev.quadrille.inventory.domain.Reservation.Known;
import dev.quadrille.inventory.domain.Reservation.Rejected;
import dev.quadrille.inventory.domain.Reservation.Released;
import dev.quadrille.inventory.domain.Reservation.Restocked;
import dev.quadrille.inventory.domain.Reservation.Unknown;
import dev.quadrille.inventory.domain.StockMove.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReservationDeciderTest {

    private static final UUID ORDER = UUID.fromString("01a1fc14-ade4-776a-a40f-735dc860782b");
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Money PRICE = new Money(100, "EUR");
    private static final List<OrderLine> ORDERED =
            List.of(
                    new OrderLine("TEA-01", "Green tea", 2, PRICE),
                    new OrderLine("CUP-01", "Cup", 1, PRICE));
    private static final List<StockLine> LINES =
            List.of(new StockLine("TEA-01", 2), new StockLine("CUP-01", 1));

    private static final OrderPlaced PLACED =
            new OrderPlaced(
                    ORDER,
                    new Customer("c-1", new EmailAddress("ada@example.com")),
                    ORDERED,
                    OrderLine.total(ORDERED),
                    new PaymentMethod("pm_card_visa"),
                    NOW,
                    NOW.plusSeconds(120));
    private static final OrderCancelled CANCELLED =
            new OrderCancelled(ORDER, CancellationReason.CUSTOMER_REQUEST);

    private static final OrderShipped SHIPPED = new OrderShipped(ORDER, "DHL", "1");
    private static final OrderReturned RETURNED = new OrderReturned(ORDER, "broken");

    private static final List<Reservation> ALL_STATES =
            List.of(
                    new Unknown(),
                    new Held(ORDER, LINES),
                    new Rejected(ORDER, LINES),
                    new Released(ORDER, LINES),
                    new Committed(ORDER, LINES),
                    new Restocked(ORDER, LINES),
                    new CancelledEarly(ORDER));
    private static final List<DomainEvent> ALL_EVENTS =
            List.of(
                    PLACED,
                    CANCELLED,
                    new OrderConfirmed(ORDER),
                    SHIPPED,
                    RETURNED,
                    new StockReserved(ORDER, LINES),
                    new PaymentVoided(ORDER),
                    new ProductListed("TEA-01", "Green tea", PRICE));

    @Test
    void enoughOfEachSkuIsHeld() {
        var decision = decide(new Unknown(), PLACED, Map.of("TEA-01", 2L, "CUP-01", 1L));

        assertThat(decision)
                .isEqualTo(advance(new Held(ORDER, LINES), new StockReserved(ORDER, LINES)));
    }

    @Test
    void tooLittleOfOneSkuHoldsNothing() {
        var decision = decide(new Unknown(), PLACED, Map.of("TEA-01", 1L, "CUP-01", 1L));

        assertThat(decision)
                .isEqualTo(
                        advance(
                                new Rejected(ORDER, LINES),
                                new StockRejected(ORDER, List.of(new Shortage("TEA-01", 2, 1)))));
    }

    @Test
    void everyShortageIsNamed() {
        var decision = decide(new Unknown(), PLACED, Map.of("TEA-01", 1L));

        assertThat(decision)
                .isEqualTo(
                        advance(
                                new Rejected(ORDER, LINES),
                                new StockRejected(
                                        ORDER,
                                        List.of(
                                                new Shortage("TEA-01", 2, 1),
                                                new Shortage("CUP-01", 1, 0)))));
    }

    @Test
    void cancellationReleasesWhatIsHeld() {
        assertThat(decide(new Held(ORDER, LINES), CANCELLED, Map.of()))
                .isEqualTo(advance(new Released(ORDER, LINES), new StockReleased(ORDER, LINES)));
    }

    @Test
    void cancellationOfARejectedReservationDoesNothing() {
        assertThat(decide(new Rejected(ORDER, LINES), CANCELLED, Map.of()))
                .isEqualTo(ignore("nothing-held"));
    }

    @Test
    void cancellationThatComesFirstLeavesATombstone() {
        var tombstone = decide(new Unknown(), CANCELLED, Map.of());
        assertThat(tombstone).isEqualTo(advance(new CancelledEarly(ORDER)));

        var late = decide(new CancelledEarly(ORDER), PLACED, Map.of("TEA-01", 9L, "CUP-01", 9L));
        assertThat(late)
                .isEqualTo(advance(new Released(ORDER, LINES), new StockReleased(ORDER, LINES)));
    }

    @Test
    void shipmentCommitsWhatIsHeld() {
        assertThat(decide(new Held(ORDER, LINES), SHIPPED, Map.of()))
                .isEqualTo(advance(new Committed(ORDER, LINES), new StockCommitted(ORDER, LINES)));
    }

    @Test
    void returnRestocksWhatWasCommitted() {
        assertThat(decide(new Committed(ORDER, LINES), RETURNED, Map.of()))
                .isEqualTo(advance(new Restocked(ORDER, LINES), new StockRestocked(ORDER, LINES)));
    }

    @Test
    void whatIsNotHeldCanNeitherBeShippedNorComeBack() {
        for (var state :
                List.of(
                        new Unknown(),
                        new Rejected(ORDER, LINES),
                        new Released(ORDER, LINES),
                        new CancelledEarly(ORDER))) {
            assertThat(decide(state, SHIPPED, Map.of())).isEqualTo(reject("nothing-held"));
            assertThat(decide(state, RETURNED, Map.of())).isEqualTo(reject("nothing-held"));
        }
        assertThat(decide(new Held(ORDER, LINES), RETURNED, Map.of()))
                .isEqualTo(reject("not-shipped"));
    }

    @Test
    void whatHasLeftTheHouseIsNotReleased() {
        assertThat(decide(new Committed(ORDER, LINES), CANCELLED, Map.of()))
                .isEqualTo(reject("already-shipped"));
        assertThat(decide(new Restocked(ORDER, LINES), CANCELLED, Map.of()))
                .isEqualTo(reject("already-shipped"));
    }

    @Test
    void confirmationAndWhatOthersSayDoNothing() {
        for (var state : ALL_STATES) {
            assertThat(decide(state, new OrderConfirmed(ORDER), Map.of()))
                    .isEqualTo(ignore("nothing-to-do"));
            assertThat(decide(state, new PaymentVoided(ORDER), Map.of()))
                    .isEqualTo(ignore("not-for-reservations"));
        }
    }

    @Test
    void duplicatesDoNothing() {
        for (var state : List.of(new Committed(ORDER, LINES), new Restocked(ORDER, LINES))) {
            assertThat(decide(state, SHIPPED, Map.of())).isEqualTo(ignore("already-committed"));
        }
        assertThat(decide(new Restocked(ORDER, LINES), RETURNED, Map.of()))
                .isEqualTo(ignore("already-restocked"));
        assertThat(decide(new Committed(ORDER, LINES), PLACED, Map.of()))
                .isEqualTo(ignore("already-committed"));
        assertThat(decide(new Restocked(ORDER, LINES), PLACED, Map.of()))
                .isEqualTo(ignore("already-restocked"));
        assertThat(decide(new Held(ORDER, LINES), PLACED, Map.of()))
                .isEqualTo(ignore("already-reserved"));
        assertThat(decide(new Rejected(ORDER, LINES), PLACED, Map.of()))
                .isEqualTo(ignore("already-rejected"));
        assertThat(decide(new Released(ORDER, LINES), PLACED, Map.of()))
                .isEqualTo(ignore("already-released"));
        assertThat(decide(new Released(ORDER, LINES), CANCELLED, Map.of()))
                .isEqualTo(ignore("already-released"));
        assertThat(decide(new CancelledEarly(ORDER), CANCELLED, Map.of()))
                .isEqualTo(ignore("already-cancelled"));
    }

    @Test
    void everyEventInEveryStateHasAnAnswerAndActsOnce() {
        for (var state : ALL_STATES) {
            for (var event : ALL_EVENTS) {
                var decision = decide(state, event, Map.of("TEA-01", 9L, "CUP-01", 9L));
                if (decision instanceof Advance<Known, InventoryEvent>(var next, _)) {
                    assertThat(decide(next, event, Map.of("TEA-01", 9L, "CUP-01", 9L)))
                            .as("%s twice in %s", event, state)
                            .isNotInstanceOf(Advance.class);
                }
            }
        }
    }

    @Test
    void holdingAndReleasingMoveTheStockForthAndBack() {
        var held = new Held(ORDER, LINES);
        var released = new Released(ORDER, LINES);

        assertThat(StockMove.between(new Unknown(), held))
                .containsExactly(
                        new StockMove(ORDER, "TEA-01", Cause.RESERVED, 0, 2),
                        new StockMove(ORDER, "CUP-01", Cause.RESERVED, 0, 1));
        assertThat(StockMove.between(held, released))
                .containsExactly(
                        new StockMove(ORDER, "TEA-01", Cause.RELEASED, 0, -2),
                        new StockMove(ORDER, "CUP-01", Cause.RELEASED, 0, -1));
    }

    @Test
    void shippingTakesFromTheShelfWhatWasHeldAndAReturnPutsItBack() {
        var held = new Held(ORDER, LINES);
        var committed = new Committed(ORDER, LINES);

        assertThat(StockMove.between(held, committed))
                .containsExactly(
                        new StockMove(ORDER, "TEA-01", Cause.COMMITTED, -2, -2),
                        new StockMove(ORDER, "CUP-01", Cause.COMMITTED, -1, -1));
        assertThat(StockMove.between(committed, new Restocked(ORDER, LINES)))
                .containsExactly(
                        new StockMove(ORDER, "TEA-01", Cause.RESTOCKED, 2, 0),
                        new StockMove(ORDER, "CUP-01", Cause.RESTOCKED, 1, 0));
    }

    @Test
    void whatWasNeverHeldMovesNoStock() {
        assertThat(StockMove.between(new Unknown(), new Rejected(ORDER, LINES))).isEmpty();
        assertThat(StockMove.between(new Unknown(), new CancelledEarly(ORDER))).isEmpty();
        assertThat(StockMove.between(new CancelledEarly(ORDER), new Released(ORDER, LINES)))
                .isEmpty();
    }

    private static Decision<Known, InventoryEvent> decide(
            Reservation reservation, DomainEvent event, Map<String, Long> available) {
        return ReservationDecider.decide(
                reservation, event, sku -> available.getOrDefault(sku, 0L));
    }
}
