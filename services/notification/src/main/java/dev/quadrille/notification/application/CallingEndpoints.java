package dev.quadrille.notification.application;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.LogContext;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.postgres.Deliveries;
import dev.quadrille.notification.adapter.postgres.Endpoints;
import dev.quadrille.notification.adapter.postgres.Notifications;
import dev.quadrille.notification.adapter.webhook.Receivers;
import dev.quadrille.notification.adapter.webhook.WebhookConfig;
import dev.quadrille.notification.application.LeasedWork.Claimed;
import dev.quadrille.notification.domain.Answer;
import dev.quadrille.notification.domain.Call;
import dev.quadrille.notification.domain.Delivery;
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.Delivery.Delivered;
import dev.quadrille.notification.domain.Delivery.GivenUp;
import dev.quadrille.notification.domain.DeliveryDecider;
import dev.quadrille.notification.domain.DeliveryInput;
import dev.quadrille.notification.domain.DeliveryInput.Attempted;
import dev.quadrille.notification.domain.DeliveryInput.Redeliver;
import dev.quadrille.notification.domain.DeliveryInput.Standing;
import dev.quadrille.notification.domain.DeliveryInput.WorkDue;
import dev.quadrille.notification.domain.DeliveryRules;
import dev.quadrille.notification.domain.Endpoint;
import dev.quadrille.notification.domain.Endpoint.Disabled;
import dev.quadrille.notification.domain.Endpoint.Enabled;
import dev.quadrille.notification.domain.EndpointDecider;
import dev.quadrille.notification.domain.EndpointInput.Called;
import dev.quadrille.notification.domain.EndpointRules;
import dev.quadrille.notification.domain.NotificationInput.DeliveriesEnded;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Calls the endpoints of the deliveries that are due, and hears what they answer.
///
/// Each endpoint has places of its own for calls under way, so one that is slow or dead holds up no
/// other. An answer that is not stored is unknown, and the call is made again ([DeliveryDecider]).
///
/// An endpoint and its delivery move in one transaction, and so does the notification when that was
/// the last of its deliveries to end. The locks are taken in that order everywhere.
@ApplicationScoped
class CallingEndpoints {

    private static final Logger LOG = Logger.getLogger(CallingEndpoints.class);

    /// Of an endpoint that is not called, in one round.
    private static final int MAX_GIVEN_UP = 200;

    private final Transactions transactions;
    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final Notifications notifications;
    private final MovingNotifications moving;
    private final Receivers receivers;
    private final Decisions decisions;
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final DeliveryRules rules;
    private final EndpointRules endpointRules;
    private final int perEndpoint;
    private final LeasedWork<Call> work;

    CallingEndpoints(
            Vertx vertx,
            Transactions transactions,
            Endpoints endpoints,
            Deliveries deliveries,
            Notifications notifications,
            MovingNotifications moving,
            Receivers receivers,
            Decisions decisions,
            MeterRegistry metrics,
            WebhookConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.notifications = notifications;
        this.moving = moving;
        this.receivers = receivers;
        this.decisions = decisions;
        this.metrics = metrics;
        this.clock = clock;
        this.rules = config.rules();
        this.endpointRules = config.endpointRules();
        this.perEndpoint = config.atOncePerEndpoint();
        this.work =
                new LeasedWork<>(
                        "The calling of webhooks",
                        vertx,
                        config.atOnce(),
                        this::claim,
                        this::call,
                        call -> call.delivery().details().orderId());
    }

    /// Says that there are deliveries due. From any thread.
    void wake() {
        work.wake();
    }

    void start(@Observes StartupEvent event) {
        work.wake();
    }

    void stop(@Observes ShutdownEvent event) {
        work.stop();
    }

    private Uni<Claimed<Call>> claim(int limit) {
        return transactions.run(transaction -> {
            var now = clock.instant();
            return deliveries
                    .lockDue(transaction, now, perEndpoint, MAX_GIVEN_UP, limit)
                    .flatMap(due ->
                            due.isEmpty()
                                    ? Uni.createFrom().item(new Claimed<>(0, List.of()))
                                    : claim(transaction, due, now));
        });
    }

    private Uni<Claimed<Call>> claim(
            Transaction transaction, List<Versioned<Delivery>> due, Instant now) {
        return endpoints
                .find(transaction, due.stream().map(d -> d.state().details().endpointId()).toList())
                .flatMap(found -> {
                    var moved = new ArrayList<Versioned<Delivery>>(due.size());
                    for (var delivery : due) {
                        var endpoint = found.get(delivery.state().details().endpointId());
                        decide(transaction, delivery, new WorkDue(standing(endpoint)), now)
                                .ifPresent(moved::add);
                    }
                    return store(transaction, moved, now)
                            .chain(() -> calls(transaction, moved, found, now))
                            .map(calls -> new Claimed<>(due.size(), calls));
                });
    }

    private Uni<List<Call>> calls(
            Transaction transaction,
            List<Versioned<Delivery>> moved,
            Map<UUID, Endpoint> found,
            Instant now) {
        var attempting =
                moved.stream()
                        .map(Versioned::state)
                        .filter(Attempting.class::isInstance)
                        .map(Attempting.class::cast)
                        .toList();
        return notifications
                .bodies(
                        transaction,
                        attempting.stream().map(d -> d.details().notificationId()).toList())
                .map(bodies ->
                        attempting.stream()
                                .map(delivery -> {
                                    var details = delivery.details();
                                    var endpoint = requireNonNull(found.get(details.endpointId()));
                                    return new Call(
                                            delivery,
                                            endpoint.details(),
                                            endpoint.secrets().valid(now),
                                            requireNonNull(bodies.get(details.notificationId())));
                                })
                                .toList());
    }

    private Uni<Void> call(Call call) {
        return receivers
                .call(call)
                .flatMap(answer ->
                        LeasedWork.storePatiently(
                                rules.lease(),
                                () ->
                                        transactions.run(
                                                transaction -> record(transaction, call, answer))));
    }

    private Uni<Void> record(Transaction transaction, Call call, Answer answer) {
        var now = clock.instant();
        return endpoints
                .lock(transaction, call.endpoint().id())
                .flatMap(endpoint ->
                        deliveries
                                .lock(transaction, call.delivery().details().id())
                                .flatMap(delivery ->
                                        record(
                                                transaction,
                                                call,
                                                answer,
                                                endpoint,
                                                delivery.orElseThrow(),
                                                now)));
    }

    private Uni<Void> record(
            Transaction transaction,
            Call call,
            Answer answer,
            Optional<Versioned<Endpoint>> endpoint,
            Versioned<Delivery> delivery,
            Instant now) {
        return heard(transaction, call, answer, endpoint, delivery.state(), now)
                .map(standing ->
                        new Attempted(
                                call.attempt(),
                                answer,
                                standing,
                                ThreadLocalRandom.current().nextDouble()))
                .flatMap(attempted ->
                        store(
                                transaction,
                                decide(transaction, delivery, attempted, now).stream().toList(),
                                now));
    }

    /// Lets the endpoint hear of the answer, unless its delivery does not wait for it any more.
    ///
    /// @return how it stands then
    private Uni<Standing> heard(
            Transaction transaction,
            Call call,
            Answer answer,
            Optional<Versioned<Endpoint>> locked,
            Delivery delivery,
            Instant now) {
        if (locked.isEmpty() || !DeliveryDecider.awaits(delivery, call.attempt())) {
            return Uni.createFrom().item(standing(locked.map(Versioned::state).orElse(null)));
        }
        var endpoint = locked.get();
        var decision =
                EndpointDecider.decide(endpoint.state(), new Called(answer), endpointRules, now);
        decisions.in(transaction).count("endpoint-called", decision);
        if (!(decision instanceof Advance<Endpoint, ?>(var state, _))) {
            return Uni.createFrom().item(standing(endpoint.state()));
        }
        if (state instanceof Disabled disabled) {
            transaction.afterCommit(() -> tell(disabled));
        }
        return endpoints.update(transaction, endpoint.next(state)).replaceWith(standing(state));
    }

    /// What waits for it is to be given up, which a claim finds without being told.
    private void tell(Disabled endpoint) {
        var reason = endpoint.reason().name().toLowerCase(Locale.ROOT);
        LOG.warnf("Webhook endpoint %s is disabled: %s", endpoint.details().id(), reason);
        metrics.counter("quadrille.webhook.endpoints.disabled", "reason", reason).increment();
        wake();
    }

    private Uni<Void> store(Transaction transaction, List<Versioned<Delivery>> moved, Instant now) {
        var ended =
                moved.stream()
                        .map(Versioned::state)
                        .filter(d -> d instanceof Delivered || d instanceof GivenUp)
                        .map(d -> d.details().notificationId())
                        .distinct()
                        .toList();
        return deliveries
                .update(transaction, moved, now)
                .chain(() ->
                        ended.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : end(transaction, ended, now));
    }

    /// Ends those of the notifications of which that was the last delivery. They are locked before
    /// the other deliveries are looked at, so of several that end at the same time the last one
    /// sees that it is.
    private Uni<Void> end(Transaction transaction, List<UUID> notificationIds, Instant now) {
        return notifications
                .lock(transaction, notificationIds)
                .flatMap(locked ->
                        deliveries
                                .of(transaction, notificationIds)
                                .flatMap(all ->
                                        moving.move(
                                                transaction,
                                                locked,
                                                details ->
                                                        new DeliveriesEnded(
                                                                requireNonNull(
                                                                        all.get(details.id()))),
                                                now)))
                .replaceWithVoid();
    }

    private Optional<Versioned<Delivery>> decide(
            Transaction transaction,
            Versioned<Delivery> delivery,
            DeliveryInput input,
            Instant now) {
        var decision = DeliveryDecider.decide(delivery.state(), input, rules, now);
        decisions.in(transaction).count(name(input), decision);
        if (!(decision instanceof Advance<Delivery, ?>(var state, _))) {
            return Optional.empty();
        }
        if (state instanceof GivenUp givenUp) {
            transaction.afterCommit(() -> tell(givenUp, input.standing()));
        }
        return Optional.of(delivery.next(state));
    }

    /// Of an endpoint that is not called any more there is one line already.
    private static void tell(GivenUp delivery, Standing standing) {
        if (standing != Standing.ENABLED) {
            return;
        }
        var details = delivery.details();
        LogContext.of(details.orderId().toString(), null)
                .log(() ->
                        LOG.warnf(
                                "Delivery %s (%s of order %s to endpoint %s) was given up: %s",
                                details.id(),
                                details.kind(),
                                details.orderId(),
                                details.endpointId(),
                                delivery.error()));
    }

    static Standing standing(@Nullable Endpoint endpoint) {
        return switch (endpoint) {
            case null -> Standing.DELETED;
            case Enabled _ -> Standing.ENABLED;
            case Disabled _ -> Standing.DISABLED;
        };
    }

    /// As it is counted.
    private static String name(DeliveryInput input) {
        return switch (input) {
            case WorkDue _ -> "delivery-due";
            case Attempted(_, var answer, _, _) ->
                    switch (answer) {
                        case Answer.Taken _ -> "webhook-taken";
                        case Answer.Gone() -> "webhook-gone";
                        case Answer.Trouble _ -> "webhook-trouble";
                    };
            case Redeliver _ -> "redeliver";
        };
    }
}
