package dev.quadrille.simulation;

import static dev.quadrille.contract.CancellationReason.CUSTOMER_REQUEST;
import static dev.quadrille.contract.CancellationReason.TIMED_OUT;
import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.InventoryEvent;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.contract.PaymentEvent;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.inventory.domain.Stock;
import dev.quadrille.inventory.domain.StockMove;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Shipped;
import dev.quadrille.order.domain.OrderInput;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import dev.quadrille.order.domain.OrderInput.DeadlinePassed;
import dev.quadrille.order.domain.OrderInput.Heard;
import dev.quadrille.order.domain.OrderInput.ShipOrder;
import dev.quadrille.order.domain.StockStatus;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.PaymentInput;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import java.time.Instant;
import java.util.List;

/// Faults that a saga of this kind is easily built with. Each is put in by itself, to see that the
/// invariants find it: a checker that finds nothing may be blind.
enum Bug {

    // The order's.

    DEADLINE_WINS_OVER_CONFIRMATION(
            "the deadline cancels an order that was confirmed",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return input instanceof DeadlinePassed && order instanceof Confirmed
                            ? cancelled(order, TIMED_OUT)
                            : super.order(order, input, now);
                }
            }),
    DEADLINE_FORGOTTEN(
            "nobody watches the deadline",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return input instanceof DeadlinePassed
                            ? ignore("forgotten")
                            : super.order(order, input, now);
                }
            }),
    DEADLINE_TOO_EARLY(
            "the deadline is not compared with the clock",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return super.order(
                            order, input, input instanceof DeadlinePassed ? Instant.MAX : now);
                }
            }),
    SHIPPED_ORDER_IS_CANCELLED(
            "an order is cancelled although it was shipped",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return input instanceof CancelOrder && order instanceof Shipped
                            ? cancelled(order, CUSTOMER_REQUEST)
                            : super.order(order, input, now);
                }
            }),
    CONFIRMED_WITHOUT_MONEY(
            "the stock alone confirms an order",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return input instanceof Heard(StockReserved _)
                                    && order instanceof Pending pending
                            ? confirmed(pending)
                            : super.order(order, input, now);
                }
            }),
    SHIPPED_WITHOUT_CONFIRMATION(
            "a pending order is shipped",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return input instanceof ShipOrder && order instanceof Pending(var details, _, _)
                            ? super.order(new Confirmed(details), input, now)
                            : super.order(order, input, now);
                }
            }),
    SHIPPED_TWICE(
            "a second operator ships a parcel of his own",
            "I3",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    return input instanceof ShipOrder && order instanceof Shipped shipped
                            ? super.order(new Confirmed(shipped.details()), input, now)
                            : super.order(order, input, now);
                }
            }),
    CANCELLATION_NOT_ANNOUNCED(
            "an order is cancelled and nobody is told",
            "I14",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    var decision = super.order(order, input, now);
                    return decision instanceof Advance<Placed, OrderEvent>(Cancelled next, _)
                            ? advance(next)
                            : decision;
                }
            }),
    CANCELLED_SETTLES_AT_ONCE(
            "a cancelled order does not wait for what is held for it",
            "I11",
            new Rules() {
                @Override
                Decision<Placed, OrderEvent> order(Order order, OrderInput input, Instant now) {
                    var decision = super.order(order, input, now);
                    return decision
                                    instanceof
                                    Advance<Placed, OrderEvent>(Cancelled next, var events)
                            ? new Advance<>(
                                    new Cancelled(
                                            next.details(),
                                            next.reason(),
                                            StockStatus.RELEASED,
                                            next.payment(),
                                            next.note()),
                                    events)
                            : decision;
                }
            }),
    TWO_ORDERS_PER_KEY(
            "a request that comes again makes another order",
            "I2",
            new Rules() {
                @Override
                boolean recognizesRequests() {
                    return false;
                }
            }),

    // The inventory's.

    RELEASE_FORGOTTEN(
            "a released reservation gives nothing back",
            "I4",
            new Rules() {
                @Override
                List<StockMove> stockMoves(Reservation before, Reservation.Known after) {
                    return after instanceof Reservation.Released
                            ? List.of()
                            : super.stockMoves(before, after);
                }
            }),
    REJECTED_IS_RELEASED(
            "what was never held is given back when its order is cancelled",
            "I4",
            new Rules() {
                @Override
                Decision<Reservation.Known, InventoryEvent> reservation(
                        Reservation reservation, DomainEvent event, Stock stock) {
                    return reservation instanceof Reservation.Rejected rejected
                                    && event instanceof OrderCancelled
                            ? advance(
                                    new Reservation.Released(rejected.orderId(), rejected.lines()),
                                    new StockReleased(rejected.orderId(), rejected.lines()))
                            : super.reservation(reservation, event, stock);
                }

                @Override
                List<StockMove> stockMoves(Reservation before, Reservation.Known after) {
                    return after instanceof Reservation.Released released
                            ? StockMove.between(
                                    new Reservation.Held(released.orderId(), released.lines()),
                                    released)
                            : super.stockMoves(before, after);
                }
            }),
    CONFIRMATION_RELEASES(
            "a confirmation is taken for a cancellation",
            "I3",
            new Rules() {
                @Override
                Decision<Reservation.Known, InventoryEvent> reservation(
                        Reservation reservation, DomainEvent event, Stock stock) {
                    return super.reservation(
                            reservation,
                            event instanceof OrderConfirmed(var orderId)
                                    ? new OrderCancelled(orderId, CUSTOMER_REQUEST)
                                    : event,
                            stock);
                }
            }),
    OVERSOLD(
            "stock is reserved without a look at what there is",
            "I4",
            new Rules() {
                @Override
                Decision<Reservation.Known, InventoryEvent> reservation(
                        Reservation reservation, DomainEvent event, Stock stock) {
                    return super.reservation(reservation, event, _ -> Long.MAX_VALUE);
                }
            }),
    OFF_BY_ONE(
            "one piece more is promised than there is",
            "I4",
            new Rules() {
                @Override
                Decision<Reservation.Known, InventoryEvent> reservation(
                        Reservation reservation, DomainEvent event, Stock stock) {
                    return super.reservation(reservation, event, sku -> stock.available(sku) + 1);
                }
            }),
    RESERVED_IN_PART(
            "only the first line is held",
            "I4",
            new Rules() {
                @Override
                List<StockMove> stockMoves(Reservation before, Reservation.Known after) {
                    var moves = super.stockMoves(before, after);
                    return after instanceof Reservation.Held ? moves.subList(0, 1) : moves;
                }
            }),
    COMMIT_KEEPS_THE_RESERVATION(
            "what is shipped leaves the shelf and stays reserved",
            "I4",
            new Rules() {
                @Override
                List<StockMove> stockMoves(Reservation before, Reservation.Known after) {
                    return super.stockMoves(before, after).stream()
                            .map(move ->
                                    after instanceof Reservation.Committed
                                            ? new StockMove(
                                                    move.orderId(),
                                                    move.sku(),
                                                    move.cause(),
                                                    move.onHandDelta(),
                                                    0)
                                            : move)
                            .toList();
                }
            }),
    RESTOCK_FORGOTTEN(
            "what comes back is not put on the shelf",
            "I4",
            new Rules() {
                @Override
                List<StockMove> stockMoves(Reservation before, Reservation.Known after) {
                    return after instanceof Reservation.Restocked
                            ? List.of()
                            : super.stockMoves(before, after);
                }
            }),
    COMMITMENT_NOT_ANNOUNCED(
            "stock is committed and nobody is told",
            "I14",
            new Rules() {
                @Override
                Decision<Reservation.Known, InventoryEvent> reservation(
                        Reservation reservation, DomainEvent event, Stock stock) {
                    var decision = super.reservation(reservation, event, stock);
                    return decision
                                    instanceof
                                    Advance<Reservation.Known, InventoryEvent>(
                                            Reservation.Committed next,
                                            _)
                            ? advance(next)
                            : decision;
                }
            }),

    // The payment's.

    HELD_BEFORE_THE_STOCK_IS(
            "the money is held before the stock is",
            "I11",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    var decision = super.payment(payment, input);
                    return decision instanceof Advance<Known, PaymentEvent>(AwaitingStock next, _)
                            ? advance(
                                    new Authorizing(
                                            next.orderId(), next.amount(), next.method(), false))
                            : decision;
                }
            }),
    LET_GO_WHEN_SHIPPED(
            "the hold of a shipped order is let go instead of taken",
            "I14",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return input instanceof PaymentInput.Heard(OrderShipped(var orderId, _, _))
                            ? super.payment(
                                    payment,
                                    new PaymentInput.Heard(
                                            new OrderCancelled(orderId, CUSTOMER_REQUEST)))
                            : super.payment(payment, input);
                }
            }),
    LET_GO_WHEN_CONFIRMED(
            "the hold of a confirmed order is let go",
            "I3",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return input instanceof PaymentInput.Heard(OrderConfirmed(var orderId))
                            ? super.payment(
                                    payment,
                                    new PaymentInput.Heard(
                                            new OrderCancelled(orderId, CUSTOMER_REQUEST)))
                            : super.payment(payment, input);
                }
            }),

    TOMBSTONE_NOT_KEPT(
            "a payment that is cancelled before its stock comes is forgotten",
            "I11",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return payment instanceof AwaitingStock
                                    && input instanceof PaymentInput.Heard(OrderCancelled event)
                            ? advance((Known) payment, new PaymentVoided(event.orderId()))
                            : super.payment(payment, input);
                }
            }),
    CAPTURED_WITHOUT_SHIPMENT(
            "the money is taken when the order is confirmed",
            "I3",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return input instanceof PaymentInput.Heard(OrderConfirmed(var orderId))
                            ? super.payment(
                                    payment,
                                    new PaymentInput.Heard(new OrderShipped(orderId, "DHL", "1")))
                            : super.payment(payment, input);
                }
            }),
    SECOND_HOLD(
            "each attempt to hold the amount has a key of its own",
            "I5",
            new Rules() {
                @Override
                String providerKey(Errand errand, int attempt) {
                    return errand instanceof Errand.Authorize
                            ? errand.idempotencyKey() + "-" + attempt
                            : errand.idempotencyKey();
                }
            }),
    REFUNDED_TWICE(
            "each attempt to refund has a key of its own",
            "I6",
            new Rules() {
                @Override
                String providerKey(Errand errand, int attempt) {
                    return errand instanceof Errand.Refund
                            ? errand.idempotencyKey() + "-" + attempt
                            : errand.idempotencyKey();
                }
            }),
    UNKNOWN_OUTCOME_TAKEN_AS_REFUSAL(
            "a call without an answer counts as declined",
            "I11",
            new Rules() {
                @Override
                boolean seeksUnknownOutcomes() {
                    return false;
                }
            }),
    ASKED_NOT_REMEMBERED(
            "a cancellation takes a payment under way for one that was never begun",
            "I11",
            new Rules() {
                @Override
                boolean mayHaveBeenAsked(int attempts) {
                    return false;
                }
            }),
    LATE_ANSWER_NOT_VOIDED(
            "what the provider holds for an order that was cancelled meanwhile is kept",
            "I11",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return payment instanceof Abandoning abandoning
                                    && input instanceof ProviderAuthorized(var reference)
                            ? advance(
                                    new Payment.Voided(
                                            abandoning.orderId(), abandoning.amount(), reference),
                                    new PaymentVoided(abandoning.orderId()))
                            : super.payment(payment, input);
                }
            }),
    VOID_ONLY_ANNOUNCED(
            "a hold is said to be let go and is not",
            "I11",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return payment instanceof Payment.Authorized authorized
                                    && input instanceof PaymentInput.Heard(OrderCancelled _)
                            ? advance(
                                    new Payment.Voided(
                                            authorized.orderId(),
                                            authorized.amount(),
                                            authorized.reference()),
                                    new PaymentVoided(authorized.orderId()))
                            : super.payment(payment, input);
                }
            }),
    RETURN_DURING_CAPTURE_IGNORED(
            "an order that comes back while its money is being taken is not refunded",
            "I14",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return payment instanceof Payment.Capturing
                                    && input instanceof PaymentInput.Heard(OrderReturned _)
                            ? ignore("being-captured")
                            : super.payment(payment, input);
                }
            }),
    CAPTURE_ANNOUNCED_BEFORE_IT_IS_DONE(
            "the money is said to be taken when it is asked for",
            "I11",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    var decision = super.payment(payment, input);
                    return decision
                                    instanceof
                                    Advance<Known, PaymentEvent>(Payment.Capturing next, _)
                            ? advance(next, new PaymentCaptured(next.orderId(), next.amount()))
                            : decision;
                }
            }),
    CAPTURED_TOO_MUCH(
            "more is taken than is held",
            "I6",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    var decision = super.payment(payment, input);
                    return decision
                                    instanceof
                                    Advance<Known, PaymentEvent>(Payment.Capturing next, _)
                            ? advance(
                                    new Payment.Capturing(
                                            next.orderId(),
                                            next.amount().plus(new Money(1, "EUR")),
                                            next.reference()))
                            : decision;
                }
            }),
    LAPSE_NOT_HEARD(
            "a hold that lapsed is taken for one that is still there",
            "I6",
            new Rules() {
                @Override
                Decision<Known, PaymentEvent> payment(Payment payment, PaymentInput input) {
                    return payment instanceof Payment.Capturing capturing
                                    && input instanceof PaymentInput.ProviderVoided
                            ? super.payment(payment, new ProviderCaptured(capturing.reference()))
                            : super.payment(payment, input);
                }
            }),

    // The notification's.

    MAILED_AGAIN_WHEN_IN_DOUBT(
            "a mail whose fate is unknown is sent again",
            "I12",
            new Rules() {
                @Override
                Decision<Notification, NotificationEvent> notification(
                        Notification notification, NotificationInput input, Instant now) {
                    return input instanceof Attempted(var attempt, Outcome.Unclear(), var jitter)
                            ? super.notification(
                                    notification,
                                    new Attempted(attempt, new Outcome.NotSent("doubt"), jitter),
                                    now)
                            : super.notification(notification, input, now);
                }
            }),
    MAILED_AGAIN_AFTER_A_CRASH(
            "a mail whose sender died is sent by another",
            "I12",
            new Rules() {
                @Override
                Decision<Notification, NotificationEvent> notification(
                        Notification notification, NotificationInput input, Instant now) {
                    return notification
                                            instanceof
                                            Notification.Sending(var details, var attempts, _)
                                    && input instanceof WorkDue
                            ? super.notification(
                                    new Notification.Pending(details, attempts, now), input, now)
                            : super.notification(notification, input, now);
                }
            }),
    CLAIMED_AFTER_SENDING(
            "that a mail is being sent is stored after it was sent",
            "I12",
            new Rules() {
                @Override
                boolean claimsMailsBeforeSending() {
                    return false;
                }
            }),
    TOLD_TWICE(
            "what is due is written down each time that something is heard",
            "I12",
            new Rules() {
                @Override
                boolean tellsOnce() {
                    return false;
                }
            }),

    // Delivery's.

    INBOX_NOT_CONSULTED(
            "an event that comes again acts again",
            "I8",
            new Rules() {
                @Override
                boolean consultsInbox() {
                    return false;
                }
            }),
    OFFSET_FIRST(
            "the offset is committed before the transaction",
            "I14",
            new Rules() {
                @Override
                boolean commitsOffsetsLast() {
                    return false;
                }
            }),
    ROW_DELETED_FIRST(
            "a row leaves the outbox before the broker has its event",
            "I14",
            new Rules() {
                @Override
                boolean keepsRowsUntilAcknowledged() {
                    return false;
                }
            }),
    ANNOUNCED_BESIDE_THE_TRANSACTION(
            "an event is published, and its transaction is rolled back",
            "I9",
            new Rules() {
                @Override
                boolean announcesInTransaction() {
                    return false;
                }
            }),
    PUBLISHED_OUT_OF_ORDER(
            "two events of an order swap places",
            "I10",
            new Rules() {
                @Override
                boolean publishesInOrder() {
                    return false;
                }
            }),
    FOLLOWERS_NOT_PARKED(
            "what follows a parked event acts before it",
            "I13",
            new Rules() {
                @Override
                boolean parksFollowers() {
                    return false;
                }
            });

    private final String says;
    private final String foundBy;

    @SuppressWarnings("ImmutableEnumChecker") // Rules have no fields; that they do not is not said.
    private final Rules rules;

    /// @param foundBy the invariant that it breaks first: to be found by another one would be luck
    Bug(String says, String foundBy, Rules rules) {
        this.says = says;
        this.foundBy = foundBy;
        this.rules = rules;
    }

    String says() {
        return says;
    }

    String foundBy() {
        return foundBy;
    }

    Rules rules() {
        return rules;
    }

    private static Decision<Placed, OrderEvent> confirmed(Pending pending) {
        return advance(
                new Confirmed(pending.details()), new OrderConfirmed(pending.details().id()));
    }

    private static Decision<Placed, OrderEvent> cancelled(Order order, CancellationReason reason) {
        var placed = (Placed) order;
        return advance(
                new Cancelled(placed.details(), reason, placed.stock(), placed.payment(), null),
                new OrderCancelled(placed.details().id(), reason));
    }
}
