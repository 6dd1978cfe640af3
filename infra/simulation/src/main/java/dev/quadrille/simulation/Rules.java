package dev.quadrille.simulation;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.inventory.domain.ReservationDecider;
import dev.quadrille.inventory.domain.Stock;
import dev.quadrille.inventory.domain.StockMove;
import dev.quadrille.notification.domain.Correspondence;
import dev.quadrille.notification.domain.CorrespondenceDecider;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.NotificationDecider;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.notification.domain.SendingRules;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.OrderDecider;
import dev.quadrille.order.domain.OrderInput;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.PaymentDecider;
import dev.quadrille.payment.domain.PaymentInput;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What the parts decide, which is the services' own code, and what the shells around them promise,
/// which is what [dev.quadrille.delivery](../../../../../../../../shared-events/delivery) does.
/// Each stands in a method of its own so that a [Bug] can replace it.
class Rules {

    static final int MAX_MAIL_ATTEMPTS = 3;

    private static final SendingRules SENDING =
            new SendingRules(
                    MAX_MAIL_ATTEMPTS,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30));

    // The deciders.

    Decision<Order.Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
        return OrderDecider.decide(order, input, now);
    }

    Decision<Reservation.Known, InventoryEvent> reservation(
            Reservation reservation, DomainEvent event, Stock stock) {
        return ReservationDecider.decide(reservation, event, stock);
    }

    List<StockMove> stockMoves(Reservation before, Reservation.Known after) {
        return StockMove.between(before, after);
    }

    Decision<Payment.Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
        return PaymentDecider.decide(payment, input);
    }

    Decision<Correspondence.Begun, NotificationEvent> correspondence(
            Correspondence correspondence, DomainEvent event, Instant at) {
        return CorrespondenceDecider.decide(correspondence, event, at);
    }

    Decision<Notification, NotificationEvent> notification(
            Notification notification, NotificationInput input, Instant now) {
        return NotificationDecider.decide(notification, input, SENDING, now);
    }

    // The order service's shell.

    /// Whether a request whose Idempotency-Key was used gets the order that it was used for.
    boolean recognizesRequests() {
        return true;
    }

    // The payment service's shell.

    /// The key under which the provider is asked.
    ///
    /// @param attempt from 1
    String providerKey(Errand errand, int attempt) {
        return errand.idempotencyKey();
    }

    /// What a payment is told of whether the provider may have been asked.
    boolean mayHaveBeenAsked(int attempts) {
        return attempts > 0;
    }

    /// Whether a call without an answer leaves the errand to be run again, rather than to count as
    /// refused.
    boolean seeksUnknownOutcomes() {
        return true;
    }

    // Delivery.

    /// Whether an event that was handled before is left alone.
    boolean consultsInbox() {
        return true;
    }

    /// Whether an offset is committed after the transaction, and not before it.
    boolean commitsOffsetsLast() {
        return true;
    }

    /// Whether a row stays in the outbox until the broker has its event.
    boolean keepsRowsUntilAcknowledged() {
        return true;
    }

    /// Whether an event leaves in the transaction that decided it, and not beside it.
    boolean announcesInTransaction() {
        return true;
    }

    /// Whether the rows of one order leave in their order.
    boolean publishesInOrder() {
        return true;
    }

    /// Whether what follows a parked event of its key is parked too.
    boolean parksFollowers() {
        return true;
    }

    /// Whether a mail that is due is stored as being sent before it is.
    boolean claimsMailsBeforeSending() {
        return true;
    }

    /// Whether a news that is told twice makes one notification.
    boolean tellsOnce() {
        return true;
    }
}
