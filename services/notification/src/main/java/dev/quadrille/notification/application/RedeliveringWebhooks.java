package dev.quadrille.notification.application;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.notification.adapter.postgres.Deliveries;
import dev.quadrille.notification.adapter.postgres.Endpoints;
import dev.quadrille.notification.adapter.webhook.WebhookConfig;
import dev.quadrille.notification.domain.Delivery;
import dev.quadrille.notification.domain.DeliveryDecider;
import dev.quadrille.notification.domain.DeliveryInput.Redeliver;
import dev.quadrille.notification.domain.DeliveryInput.Standing;
import dev.quadrille.notification.domain.DeliveryRules;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// Has deliveries attempted again because an operator asks for it.
@ApplicationScoped
public class RedeliveringWebhooks {

    private final Transactions transactions;
    private final Endpoints endpoints;
    private final Deliveries deliveries;
    private final CallingEndpoints calling;
    private final Decisions decisions;
    private final InstantSource clock;
    private final DeliveryRules rules;

    RedeliveringWebhooks(
            Transactions transactions,
            Endpoints endpoints,
            Deliveries deliveries,
            CallingEndpoints calling,
            Decisions decisions,
            WebhookConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.deliveries = deliveries;
        this.calling = calling;
        this.decisions = decisions;
        this.clock = clock;
        this.rules = config.rules();
    }

    /// What came of a request.
    public sealed interface Outcome {

        /// It is due, or under way already.
        record Accepted() implements Outcome {}

        /// @param reason such as `endpoint-disabled`
        record Refused(String reason) implements Outcome {}

        record NoSuchDelivery() implements Outcome {}
    }

    public Uni<Outcome> redeliver(UUID id) {
        return transactions.run(transaction ->
                deliveries
                        .endpointOf(transaction, id)
                        .flatMap(endpointId ->
                                endpointId.isEmpty()
                                        ? Uni.createFrom().item(new Outcome.NoSuchDelivery())
                                        : redeliver(transaction, id, endpointId.get())));
    }

    private Uni<Outcome> redeliver(Transaction transaction, UUID id, UUID endpointId) {
        return endpoints
                .lock(transaction, endpointId)
                .map(endpoint ->
                        CallingEndpoints.standing(
                                endpoint.map(locked -> locked.state()).orElse(null)))
                .flatMap(standing -> redeliver(transaction, id, standing));
    }

    private Uni<Outcome> redeliver(Transaction transaction, UUID id, Standing standing) {
        var now = clock.instant();
        return deliveries
                .lock(transaction, id)
                .flatMap(locked -> {
                    if (locked.isEmpty()) { // pruned just now
                        return Uni.createFrom().item(new Outcome.NoSuchDelivery());
                    }
                    var delivery = locked.get();
                    var decision =
                            DeliveryDecider.decide(
                                    delivery.state(), new Redeliver(standing), rules, now);
                    decisions.in(transaction).count("redeliver", decision);
                    return switch (decision) {
                        case Advance<Delivery, ?>(var state, _) -> {
                            transaction.afterCommit(calling::wake);
                            yield deliveries
                                    .update(transaction, List.of(delivery.next(state)), now)
                                    .replaceWith(new Outcome.Accepted());
                        }
                        case Ignore<?, ?> _ -> Uni.createFrom().item(new Outcome.Accepted());
                        case Reject<?, ?>(var reason) ->
                                Uni.createFrom().item(new Outcome.Refused(reason));
                    };
                });
    }
}
