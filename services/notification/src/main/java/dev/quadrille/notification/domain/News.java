package dev.quadrille.notification.domain;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.PaymentEvent.PaymentAuthorized;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentDeclined;
import dev.quadrille.contract.PaymentEvent.PaymentRefunded;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.contract.ProductEvent;
import java.util.Optional;

/// Something about an order that its customer is told, with the facts of it. There is one of each
/// kind for an order.
public sealed interface News {

    Kind kind();

    record Confirmed() implements News {
        @Override
        public Kind kind() {
            return Kind.ORDER_CONFIRMED;
        }
    }

    record Cancelled(CancellationReason reason) implements News {
        @Override
        public Kind kind() {
            return Kind.ORDER_CANCELLED;
        }
    }

    record Shipped(String carrier, String trackingNumber) implements News {
        @Override
        public Kind kind() {
            return Kind.ORDER_SHIPPED;
        }
    }

    /// The reason of a return is the operator's note and not for the customer.
    record Returned() implements News {
        @Override
        public Kind kind() {
            return Kind.ORDER_RETURNED;
        }
    }

    record Refunded(Money amount) implements News {
        @Override
        public Kind kind() {
            return Kind.PAYMENT_REFUNDED;
        }
    }

    /// Empty for an event that no customer is told of.
    static Optional<News> of(DomainEvent event) {
        return switch (event) {
            case OrderConfirmed _ -> Optional.of(new Confirmed());
            case OrderCancelled(_, var reason) -> Optional.of(new Cancelled(reason));
            case OrderShipped(_, var carrier, var trackingNumber) ->
                    Optional.of(new Shipped(carrier, trackingNumber));
            case OrderReturned _ -> Optional.of(new Returned());
            case PaymentRefunded(_, var amount) -> Optional.of(new Refunded(amount));
            case OrderPlaced _,
                    PaymentAuthorized _,
                    PaymentDeclined _,
                    PaymentCaptured _,
                    PaymentVoided _,
                    InventoryEvent _,
                    NotificationEvent _,
                    ProductEvent _ ->
                    Optional.empty();
        };
    }
}
