package dev.quadrille.order.domain;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockRejected;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.InventoryEvent.StockRestocked;
import dev.quadrille.contract.Money;
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
import dev.quadrille.contract.Shortage;
import dev.quadrille.contract.StockLine;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Returned;
import dev.quadrille.order.domain.Order.Shipped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// One order in all its states, and everything that can be heard of it.
final class Orders {

    static final UUID ID = UUID.fromString("01a1fc14-ade4-776a-a40f-735dc860782b");
    static final Instant PLACED_AT = Instant.parse("2026-11-21T10:00:00Z");
    static final Instant DEADLINE = PLACED_AT.plusSeconds(120);
    static final Money TOTAL = new Money(900, "EUR");
    static final List<StockLine> STOCK = List.of(new StockLine("TEA-01", 2));

    static final OrderDetails DETAILS =
            new OrderDetails(
                    ID,
                    new Customer("c-1", new EmailAddress("ada@example.com")),
                    List.of(new OrderLine("TEA-01", "Green tea", 2, new Money(450, "EUR"))),
                    TOTAL,
                    new PaymentMethod("pm_card_visa"),
                    PLACED_AT,
                    DEADLINE);

    static final StockReserved RESERVED = new StockReserved(ID, STOCK);
    static final StockRejected REJECTED =
            new StockRejected(ID, List.of(new Shortage("TEA-01", 2, 1)));
    static final StockReleased RELEASED = new StockReleased(ID, STOCK);
    static final PaymentAuthorized AUTHORIZED = new PaymentAuthorized(ID, TOTAL, "pi_1");
    static final PaymentDeclined DECLINED = new PaymentDeclined(ID, "insufficient_funds");
    static final PaymentVoided VOIDED = new PaymentVoided(ID);
    static final StockCommitted COMMITTED = new StockCommitted(ID, STOCK);
    static final StockRestocked RESTOCKED = new StockRestocked(ID, STOCK);
    static final PaymentCaptured CAPTURED = new PaymentCaptured(ID, TOTAL);
    static final PaymentRefunded REFUNDED = new PaymentRefunded(ID, TOTAL);

    static final List<DomainEvent> ALL_EVENTS =
            List.of(
                    RESERVED,
                    REJECTED,
                    RELEASED,
                    COMMITTED,
                    RESTOCKED,
                    AUTHORIZED,
                    DECLINED,
                    VOIDED,
                    CAPTURED,
                    REFUNDED,
                    new OrderPlaced(
                            ID,
                            DETAILS.customer(),
                            DETAILS.lines(),
                            TOTAL,
                            DETAILS.paymentMethod(),
                            PLACED_AT,
                            DEADLINE),
                    new OrderConfirmed(ID),
                    new OrderCancelled(ID, CUSTOMER_REQUEST),
                    new OrderShipped(ID, "DHL", "1"),
                    new OrderReturned(ID, "broken"),
                    new NotificationSent(ID, ID, Kind.ORDER_CONFIRMED, Channel.EMAIL),
                    new NotificationFailed(ID, ID, Kind.ORDER_CONFIRMED, Channel.EMAIL, "refused"),
                    new ProductListed("TEA-01", "Green tea", TOTAL));

    private Orders() {}

    static Pending pending(StockStatus stock, PaymentStatus payment) {
        return new Pending(DETAILS, stock, payment);
    }

    static Confirmed confirmed() {
        return new Confirmed(DETAILS);
    }

    static Cancelled cancelled(
            CancellationReason reason, StockStatus stock, PaymentStatus payment) {
        return new Cancelled(DETAILS, reason, stock, payment, null);
    }

    static Shipped shipped(StockStatus stock, PaymentStatus payment) {
        return new Shipped(DETAILS, "DHL", "JD0146", stock, payment);
    }

    static Returned returned(StockStatus stock, PaymentStatus payment) {
        return new Returned(DETAILS, "DHL", "JD0146", "broken", stock, payment);
    }
}
