package dev.quadrille.payment.domain;

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
import dev.quadrille.contract.NotificationEvent;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// One order, and everything that can be heard of it.
final class Samples {

    static final UUID ORDER = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad90");
    static final Money AMOUNT = new Money(2_500, "EUR");
    static final PaymentMethod VISA = new PaymentMethod("pm_card_visa");
    static final String INTENT = "pi_1";

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final UUID NOTIFICATION =
            UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");
    private static final List<StockLine> STOCK = List.of(new StockLine("TEA-01", 2));

    static final OrderPlaced PLACED =
            new OrderPlaced(
                    ORDER,
                    new Customer("c-1", new EmailAddress("ada@example.com")),
                    List.of(new OrderLine("TEA-01", "Tea", 2, new Money(1_250, "EUR"))),
                    AMOUNT,
                    VISA,
                    NOW,
                    NOW.plus(Duration.ofMinutes(2)));
    static final StockReserved RESERVED = new StockReserved(ORDER, STOCK);

    static final OrderShipped SHIPPED = new OrderShipped(ORDER, "DHL", "1");
    static final OrderReturned RETURNED = new OrderReturned(ORDER, "broken");

    static OrderCancelled cancelled(CancellationReason reason) {
        return new OrderCancelled(ORDER, reason);
    }

    /// What is not the payment's affair.
    static final List<DomainEvent> OTHER_EVENTS =
            List.of(
                    new OrderConfirmed(ORDER),
                    new StockRejected(ORDER, List.of(new Shortage("TEA-01", 2, 1))),
                    new StockReleased(ORDER, STOCK),
                    new StockCommitted(ORDER, STOCK),
                    new StockRestocked(ORDER, STOCK),
                    new PaymentAuthorized(ORDER, AMOUNT, INTENT),
                    new PaymentDeclined(ORDER, "insufficient_funds"),
                    new PaymentCaptured(ORDER, AMOUNT),
                    new PaymentVoided(ORDER),
                    new PaymentRefunded(ORDER, AMOUNT),
                    new NotificationSent(
                            ORDER,
                            NOTIFICATION,
                            NotificationEvent.Kind.ORDER_CONFIRMED,
                            NotificationEvent.Channel.EMAIL),
                    new NotificationFailed(
                            ORDER,
                            NOTIFICATION,
                            NotificationEvent.Kind.ORDER_CONFIRMED,
                            NotificationEvent.Channel.EMAIL,
                            "refused"),
                    new ProductListed("TEA-01", "Tea", AMOUNT));

    private Samples() {}
}
