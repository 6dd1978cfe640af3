package dev.quadrille.notification.domain;

import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.NotificationFailed;
import dev.quadrille.contract.NotificationEvent.NotificationSent;
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.Delivery.Delivered;
import dev.quadrille.notification.domain.Delivery.GivenUp;
import dev.quadrille.notification.domain.Delivery.Waiting;
import dev.quadrille.notification.domain.Notification.Delivering;
import dev.quadrille.notification.domain.Notification.Failed;
import dev.quadrille.notification.domain.Notification.Pending;
import dev.quadrille.notification.domain.Notification.Sending;
import dev.quadrille.notification.domain.Notification.Sent;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.DeliveriesEnded;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome.Accepted;
import dev.quadrille.notification.domain.Outcome.NotSent;
import dev.quadrille.notification.domain.Outcome.Refused;
import dev.quadrille.notification.domain.Outcome.Unclear;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How a notification moves. `!` marks what is announced; a dash is an [Decision.Ignore].
///
/// | input             | Pending                           | Sending                                   | Delivering | Sent | Failed |
/// |-------------------|-----------------------------------|-------------------------------------------|------------|------|--------|
/// | WorkDue           | due: Sending, one attempt more; else - | lease over: Failed(outcome-unknown) !Failed; else - | - | - | - |
/// | Accepted          | -                                 | Sent !Sent                                | reject     | -    | -      |
/// | NotSent           | -                                 | attempts left: Pending, later; else Failed !Failed | reject | - | - |
/// | Refused           | -                                 | Failed !Failed                            | reject     | -    | -      |
/// | Unclear           | -                                 | Failed(outcome-unknown) !Failed           | reject     | -    | -      |
/// | DeliveriesEnded   | reject                            | reject                                    | all delivered: Sent !Sent; all ended: Failed !Failed; else -; none at all: reject | - | - |
///
/// The four outcomes count for the attempt they are of: that of another attempt is ignored. One of
/// an attempt that was never begun is rejected.
///
/// A notification ends once, and its end is announced once. That an operator has one of its
/// deliveries made again afterwards, well or badly, is between him and the endpoint, and stands in
/// the log of deliveries.
///
/// ## Mails: at most once
///
/// No transaction spans the database and a mail server, so one of two accidents must be chosen for
/// a crash between the sending of a mail and the storing of that it was sent: the mail is sent
/// twice, or it may be missing although nobody knows. SMTP has no idempotency key, and a Message-ID
/// makes no server drop a double. We choose that no mail is doubled (invariant I12): a customer who
/// misses a mail still finds the order's state in the shop, and NotificationFailed tells whoever
/// listens, while a doubled "on its way" or "refunded" cannot be taken back.
///
/// So SENDING is stored and committed before the conversation with the mail server begins, and only
/// a PENDING notification is ever sent. SENDING returns to PENDING on one condition: the mail is
/// known not to have been sent, since no connection came about or the server refused it in so many
/// words. Whatever is found in SENDING after its lease was in the hands of somebody who died, and
/// ends as `outcome-unknown`, unsent or not. For webhooks it is decided the other way:
/// [DeliveryDecider].
public final class NotificationDecider {

    static final String OUTCOME_UNKNOWN = "outcome-unknown";

    private NotificationDecider() {}

    public static Decision<Notification, NotificationEvent> decide(
            Notification notification, NotificationInput input, SendingRules rules, Instant now) {
        return switch (input) {
            case WorkDue() -> work(notification, rules, now);
            case Attempted attempted ->
                    switch (notification) {
                        case Pending(_, var attempts, _) when attempted.attempt() > attempts ->
                                reject("never-attempted");
                        case Pending _ -> ignore("other-attempt");
                        case Sending(_, var attempts, _) when attempted.attempt() > attempts ->
                                reject("never-attempted");
                        case Sending(_, var attempts, _) when attempted.attempt() < attempts ->
                                ignore("other-attempt");
                        case Sending sending -> end(sending, attempted, rules, now);
                        case Delivering _ -> reject("not-a-mail");
                        case Sent _ -> ignore("already-sent");
                        case Failed _ -> ignore("already-failed");
                    };
            case DeliveriesEnded(var deliveries) ->
                    switch (notification) {
                        case Pending _, Sending _ -> reject("not-a-webhook");
                        case Delivering delivering -> end(delivering, deliveries);
                        case Sent _ -> ignore("already-sent");
                        case Failed _ -> ignore("already-failed");
                    };
        };
    }

    private static Decision<Notification, NotificationEvent> work(
            Notification notification, SendingRules rules, Instant now) {
        return switch (notification) {
            case Pending(_, _, var dueAt) when now.isBefore(dueAt) -> ignore("not-due");
            case Pending(var details, var attempts, _) ->
                    advance(new Sending(details, attempts + 1, now.plus(rules.lease())));
            case Sending(_, _, var leaseEndsAt) when now.isBefore(leaseEndsAt) ->
                    ignore("being-sent");
            case Sending sending -> failed(sending, OUTCOME_UNKNOWN);
            case Delivering _ -> ignore("not-a-mail");
            case Sent _ -> ignore("already-sent");
            case Failed _ -> ignore("already-failed");
        };
    }

    private static Decision<Notification, NotificationEvent> end(
            Sending sending, Attempted attempted, SendingRules rules, Instant now) {
        return switch (attempted.outcome()) {
            case Accepted() -> sent(sending.details(), sending.attempts());
            case NotSent(var error) when sending.attempts() >= rules.maxAttempts() ->
                    failed(sending, error);
            case NotSent _ ->
                    advance(
                            new Pending(
                                    sending.details(),
                                    sending.attempts(),
                                    now.plus(
                                            rules.pauseAfter(
                                                    sending.attempts(), attempted.jitter()))));
            case Refused(var error) -> failed(sending, error);
            case Unclear() -> failed(sending, OUTCOME_UNKNOWN);
        };
    }

    private static Decision<Notification, NotificationEvent> end(
            Delivering delivering, List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return reject("no-deliveries");
        }
        var errors = new ArrayList<String>();
        for (var delivery : deliveries) {
            switch (delivery) {
                case Waiting _, Attempting _ -> {
                    return ignore("deliveries-under-way");
                }
                case Delivered _ -> {}
                case GivenUp(_, _, var error) -> errors.add(error);
            }
        }
        int attempts = deliveries.stream().mapToInt(delivery -> delivery.tries().all()).sum();
        return errors.isEmpty()
                ? sent(delivering.details(), attempts)
                : failed(delivering.details(), attempts, errors.getFirst());
    }

    private static Decision<Notification, NotificationEvent> sent(
            NotificationDetails details, int attempts) {
        return advance(
                new Sent(details, attempts),
                new NotificationSent(
                        details.orderId(), details.id(), details.kind(), details.channel()));
    }

    private static Decision<Notification, NotificationEvent> failed(Sending sending, String error) {
        return failed(sending.details(), sending.attempts(), error);
    }

    private static Decision<Notification, NotificationEvent> failed(
            NotificationDetails details, int attempts, String error) {
        return advance(
                new Failed(details, attempts, error),
                new NotificationFailed(
                        details.orderId(), details.id(), details.kind(), details.channel(), error));
    }
}
