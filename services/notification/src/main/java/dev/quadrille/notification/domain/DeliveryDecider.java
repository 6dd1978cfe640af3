package dev.quadrille.notification.domain;

import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.notification.domain.Answer.Gone;
import dev.quadrille.notification.domain.Answer.Taken;
import dev.quadrille.notification.domain.Answer.Trouble;
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.Delivery.Delivered;
import dev.quadrille.notification.domain.Delivery.GivenUp;
import dev.quadrille.notification.domain.Delivery.Waiting;
import dev.quadrille.notification.domain.DeliveryInput.Attempted;
import dev.quadrille.notification.domain.DeliveryInput.Redeliver;
import dev.quadrille.notification.domain.DeliveryInput.Standing;
import dev.quadrille.notification.domain.DeliveryInput.WorkDue;
import java.time.Instant;

/// How a delivery moves. A dash is an [Decision.Ignore]; a delivery announces nothing, its
/// notification does ([NotificationDecider]).
///
/// | input             | Waiting                    | Attempting                                    | Delivered            | GivenUp              |
/// |-------------------|----------------------------|-----------------------------------------------|----------------------|----------------------|
/// | WorkDue           | due: Attempting, one attempt more; else - | lease over: Attempting, one attempt more, or GivenUp(outcome-unknown) after the last; else - | - | - |
/// | WorkDue, endpoint not enabled | GivenUp, due or not   | lease over: GivenUp; else -             | -                    | -                    |
/// | Taken             | -                          | Delivered                                     | -                    | -                    |
/// | Gone              | -                          | GivenUp(http-410)                             | -                    | -                    |
/// | Trouble           | -                          | attempts left: Waiting, later; else GivenUp   | -                    | -                    |
/// | Trouble, endpoint not enabled | -              | GivenUp                                       | -                    | -                    |
/// | Redeliver         | Waiting, due now           | -                                             | Waiting, a new round | Waiting, a new round |
/// | Redeliver, endpoint not enabled | reject       | reject                                        | reject               | reject               |
///
/// The three answers count for the attempt they are of: that of another attempt is ignored. One of
/// an attempt that was never begun is rejected.
///
/// ## At least once
///
/// Here the other accident is chosen than for mails: an attempt of which nobody knows what came of
/// it is made again. A receiver is a program and can tell, because every attempt bears the same
/// `webhook-id`: one notification for each order and kind, and so one id (invariant I12). What a
/// program misses nobody would tell it, while what it gets twice it drops.
///
/// The deliveries of an endpoint have no order: one that is tried again does not hold up those that
/// came after it, and several are under way at once. The body's `timestamp` says what was when.
public final class DeliveryDecider {

    static final String OUTCOME_UNKNOWN = "outcome-unknown";

    private DeliveryDecider() {}

    public static Decision<Delivery, NotificationEvent> decide(
            Delivery delivery, DeliveryInput input, DeliveryRules rules, Instant now) {
        return switch (input) {
            case WorkDue(var standing) -> work(delivery, standing, rules, now);
            case Attempted attempted ->
                    switch (delivery) {
                        case Waiting _, Attempting _
                                when attempted.attempt() > delivery.tries().all() ->
                                reject("never-attempted");
                        case Waiting _ -> ignore("other-attempt");
                        case Attempting(_, var tries, _) when attempted.attempt() < tries.all() ->
                                ignore("other-attempt");
                        case Attempting attempting -> end(attempting, attempted, rules, now);
                        case Delivered _ -> ignore("already-delivered");
                        case GivenUp _ -> ignore("already-given-up");
                    };
            case Redeliver(var standing) -> redeliver(delivery, standing, now);
        };
    }

    /// Whether the answer to this attempt moves the delivery, whatever it is. The endpoint hears of
    /// no other: one that comes after its lease may be of long ago.
    public static boolean awaits(Delivery delivery, int attempt) {
        return delivery instanceof Attempting(_, var tries, _) && tries.all() == attempt;
    }

    private static Decision<Delivery, NotificationEvent> work(
            Delivery delivery, Standing standing, DeliveryRules rules, Instant now) {
        return switch (delivery) {
            case Attempting(_, _, var leaseEndsAt) when now.isBefore(leaseEndsAt) ->
                    ignore("being-attempted");
            case Waiting _, Attempting _ when standing != Standing.ENABLED ->
                    givenUp(delivery, word(standing));
            case Waiting(_, _, var dueAt) when now.isBefore(dueAt) -> ignore("not-due");
            case Attempting(_, var tries, _) when rules.isLast(tries.inRound()) ->
                    givenUp(delivery, OUTCOME_UNKNOWN);
            case Waiting _, Attempting _ ->
                    advance(
                            new Attempting(
                                    delivery.details(),
                                    delivery.tries().oneMore(),
                                    now.plus(rules.lease())));
            case Delivered _ -> ignore("already-delivered");
            case GivenUp _ -> ignore("already-given-up");
        };
    }

    private static Decision<Delivery, NotificationEvent> end(
            Attempting attempting, Attempted attempted, DeliveryRules rules, Instant now) {
        var details = attempting.details();
        var tries = attempting.tries();
        return switch (attempted.answer()) {
            case Taken(var status) -> advance(new Delivered(details, tries.ended(status, null)));
            case Gone() -> advance(new GivenUp(details, tries.ended(410, "http-410"), "http-410"));
            case Trouble(var error, var status, var retryAfter) -> {
                var ended = tries.ended(status, error);
                var standing = attempted.standing();
                if (standing != Standing.ENABLED) {
                    yield advance(new GivenUp(details, ended, word(standing)));
                }
                if (rules.isLast(tries.inRound())) {
                    yield advance(new GivenUp(details, ended, error));
                }
                var pause = rules.pauseAfter(tries.inRound(), retryAfter, attempted.jitter());
                yield advance(new Waiting(details, ended, now.plus(pause)));
            }
        };
    }

    private static Decision<Delivery, NotificationEvent> redeliver(
            Delivery delivery, Standing standing, Instant now) {
        if (standing != Standing.ENABLED) {
            return reject(word(standing));
        }
        return switch (delivery) {
            case Waiting(var details, var tries, _) -> advance(new Waiting(details, tries, now));
            case Attempting _ -> ignore("being-attempted");
            case Delivered(var details, var tries) ->
                    advance(new Waiting(details, tries.newRound(), now));
            case GivenUp(var details, var tries, _) ->
                    advance(new Waiting(details, tries.newRound(), now));
        };
    }

    private static Decision<Delivery, NotificationEvent> givenUp(Delivery delivery, String error) {
        return advance(new GivenUp(delivery.details(), delivery.tries(), error));
    }

    private static String word(Standing standing) {
        return switch (standing) {
            case ENABLED -> throw new IllegalArgumentException("nothing is wrong with it");
            case DISABLED -> "endpoint-disabled";
            case DELETED -> "endpoint-deleted";
        };
    }
}
