package dev.quadrille.notification.domain;

import static dev.quadrille.contract.Decision.advance;
import static dev.quadrille.contract.Decision.ignore;
import static dev.quadrille.contract.Decision.reject;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.notification.domain.Answer.Gone;
import dev.quadrille.notification.domain.Answer.Taken;
import dev.quadrille.notification.domain.Answer.Trouble;
import dev.quadrille.notification.domain.Endpoint.Disabled;
import dev.quadrille.notification.domain.Endpoint.Enabled;
import dev.quadrille.notification.domain.Endpoint.Failing;
import dev.quadrille.notification.domain.Endpoint.Reason;
import dev.quadrille.notification.domain.EndpointInput.Called;
import dev.quadrille.notification.domain.EndpointInput.Enable;
import dev.quadrille.notification.domain.EndpointInput.RotateSecret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an endpoint moves. A dash is an [Decision.Ignore]; nothing is announced about it.
///
/// | input        | Enabled                                                        | Disabled            |
/// |--------------|----------------------------------------------------------------|---------------------|
/// | Taken        | failing: Enabled, no longer failing; else -                     | -                   |
/// | Gone         | Disabled(GONE)                                                 | -                   |
/// | Trouble      | the first for long: Enabled, failing since now; for too long: Disabled(FAILING); else Enabled, failing still | - |
/// | Enable       | -                                                              | Enabled, not failing |
/// | RotateSecret | Enabled, the secret before signs for a while; four sign: reject | Disabled, likewise |
///
/// Only who fails persistently is disabled. A receiver that hears of something once a month and has
/// failed twice has not failed for a month: after a long time without a call it starts afresh.
///
/// An endpoint that asks for time (Retry-After) gets it for all its deliveries, until it takes one
/// that was under way.
///
/// While four secrets sign a fifth is refused, and the oldest is not dropped for it: it is the one
/// that the receiver is most likely to have.
///
/// An endpoint hears only of answers that its delivery waits for ([DeliveryDecider#awaits]). One to
/// a call that was under way when the endpoint was disabled changes nothing: who enables it again
/// is an operator, who knows what was wrong. If that happens while the call is still under way, the
/// answer counts as any other.
public final class EndpointDecider {

    private EndpointDecider() {}

    public static Decision<Endpoint, NotificationEvent> decide(
            Endpoint endpoint, EndpointInput input, EndpointRules rules, Instant now) {
        return switch (input) {
            case Called(var answer) ->
                    switch (endpoint) {
                        case Enabled enabled -> heard(enabled, answer, rules, now);
                        case Disabled _ -> ignore("endpoint-disabled");
                    };
            case Enable() ->
                    switch (endpoint) {
                        case Enabled _ -> ignore("already-enabled");
                        case Disabled(var details, var secrets, _, _) ->
                                advance(new Enabled(details, secrets, null));
                    };
            case RotateSecret _ when !endpoint.secrets().mayRotate(now) ->
                    reject("too-many-secrets");
            case RotateSecret(var next) -> {
                var secrets = endpoint.secrets().rotate(next, rules.rotationOverlap(), now);
                yield advance(
                        switch (endpoint) {
                            case Enabled(var details, _, var failing) ->
                                    new Enabled(details, secrets, failing);
                            case Disabled(var details, _, var at, var reason) ->
                                    new Disabled(details, secrets, at, reason);
                        });
            }
        };
    }

    private static Decision<Endpoint, NotificationEvent> heard(
            Enabled endpoint, Answer answer, EndpointRules rules, Instant now) {
        var details = endpoint.details();
        var secrets = endpoint.secrets();
        var failing = endpoint.failing();
        return switch (answer) {
            case Taken _ when failing == null -> ignore("all-is-well");
            case Taken _ -> advance(new Enabled(details, secrets, null));
            case Gone() -> advance(new Disabled(details, secrets, now, Reason.GONE));
            case Trouble(_, _, var retryAfter)
                    when failing == null
                            || now.isAfter(failing.last().plus(rules.forgetAfter())) -> {
                var notBefore = held(null, retryAfter, rules, now);
                yield advance(new Enabled(details, secrets, new Failing(now, now, notBefore)));
            }
            case Trouble _ when now.isAfter(failing.since().plus(rules.disableAfter())) ->
                    advance(new Disabled(details, secrets, now, Reason.FAILING));
            case Trouble(_, _, var retryAfter) -> {
                var notBefore = held(failing.notBefore(), retryAfter, rules, now);
                yield advance(
                        new Enabled(
                                details, secrets, new Failing(failing.since(), now, notBefore)));
            }
        };
    }

    /// Of several that ask for time the longest counts.
    private static @Nullable Instant held(
            @Nullable Instant already,
            @Nullable Duration retryAfter,
            EndpointRules rules,
            Instant now) {
        if (retryAfter == null) {
            return already;
        }
        var hold = retryAfter.compareTo(rules.longestHold()) < 0 ? retryAfter : rules.longestHold();
        var asked = now.plus(hold);
        return already != null && already.isAfter(asked) ? already : asked;
    }
}
