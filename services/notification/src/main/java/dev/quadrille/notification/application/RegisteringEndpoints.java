package dev.quadrille.notification.application;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.contract.UuidV7;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.postgres.Endpoints;
import dev.quadrille.notification.adapter.webhook.EndpointUrl;
import dev.quadrille.notification.adapter.webhook.Signature;
import dev.quadrille.notification.adapter.webhook.WebhookConfig;
import dev.quadrille.notification.domain.Endpoint;
import dev.quadrille.notification.domain.EndpointDecider;
import dev.quadrille.notification.domain.EndpointDetails;
import dev.quadrille.notification.domain.EndpointInput;
import dev.quadrille.notification.domain.EndpointInput.Enable;
import dev.quadrille.notification.domain.EndpointInput.RotateSecret;
import dev.quadrille.notification.domain.EndpointRules;
import dev.quadrille.notification.domain.SigningSecrets;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Registers endpoints of webhooks, changes them and takes them out.
@ApplicationScoped
public class RegisteringEndpoints {

    private final Transactions transactions;
    private final Endpoints endpoints;
    private final CallingEndpoints calling;
    private final Decisions decisions;
    private final InstantSource clock;
    private final EndpointRules rules;
    private final int maxEndpoints;
    private final boolean privateAllowed;
    private final SecureRandom random = new SecureRandom();

    RegisteringEndpoints(
            Transactions transactions,
            Endpoints endpoints,
            CallingEndpoints calling,
            Decisions decisions,
            WebhookConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.endpoints = endpoints;
        this.calling = calling;
        this.decisions = decisions;
        this.clock = clock;
        this.rules = config.endpointRules();
        this.maxEndpoints = config.maxEndpoints();
        this.privateAllowed = config.allowPrivateAddresses();
    }

    /// What came of a registration.
    public sealed interface Outcome {

        /// The one moment at which the secret is told.
        record Registered(UUID id, SigningSecrets secrets) implements Outcome {}

        /// @param fault in words, for whoever wrote the URL
        record BadUrl(String fault) implements Outcome {}

        record TooMany(int maxEndpoints) implements Outcome {}
    }

    /// What came of a wish for a new secret.
    public sealed interface Rotation {

        /// The one moment at which the secret is told.
        record Rotated(SigningSecrets secrets) implements Rotation {}

        /// @param reason such as `too-many-secrets`
        record Refused(String reason) implements Rotation {}

        record NoSuchEndpoint() implements Rotation {}
    }

    /// @param kinds 1 to 5, each once
    public Uni<Outcome> register(String url, List<Kind> kinds) {
        var fault = EndpointUrl.fault(url, privateAllowed);
        if (fault.isPresent()) {
            return Uni.createFrom().item(new Outcome.BadUrl(fault.get()));
        }
        var now = clock.instant();
        var details = new EndpointDetails(UuidV7.at(now, random), url, kinds);
        var secrets = SigningSecrets.of(Signature.newSecret(random));
        return transactions
                .run(transaction ->
                        endpoints.insert(transaction, details, secrets, maxEndpoints, now))
                .map(written ->
                        written
                                ? new Outcome.Registered(details.id(), secrets)
                                : new Outcome.TooMany(maxEndpoints));
    }

    /// What waits for the endpoint is given up after that, some at a time.
    ///
    /// @return whether it was there
    public Uni<Boolean> delete(UUID id) {
        return transactions.run(transaction -> {
            transaction.afterCommit(calling::wake);
            return endpoints.delete(transaction, id);
        });
    }

    /// Has a disabled endpoint called again.
    ///
    /// @return whether it is there
    public Uni<Boolean> enable(UUID id) {
        return move(id, new Enable(), "enable-endpoint").map(Optional::isPresent);
    }

    /// Gives an endpoint a new secret.
    public Uni<Rotation> rotateSecret(UUID id) {
        return move(id, new RotateSecret(Signature.newSecret(random)), "rotate-secret")
                .map(decided ->
                        decided.<Rotation>map(RegisteringEndpoints::rotation)
                                .orElseGet(Rotation.NoSuchEndpoint::new));
    }

    private static Rotation rotation(Decision<Endpoint, NotificationEvent> decision) {
        return switch (decision) {
            case Advance<Endpoint, ?>(var state, _) -> new Rotation.Rotated(state.secrets());
            case Ignore<?, ?>(var reason) ->
                    throw new IllegalStateException("a rotation was ignored: " + reason);
            case Reject<?, ?>(var reason) -> new Rotation.Refused(reason);
        };
    }

    /// @return what was decided; empty if the endpoint is not there
    private Uni<Optional<Decision<Endpoint, NotificationEvent>>> move(
            UUID id, EndpointInput input, String name) {
        return transactions.run(transaction ->
                endpoints
                        .lock(transaction, id)
                        .flatMap(locked ->
                                locked.isEmpty()
                                        ? Uni.createFrom().item(Optional.empty())
                                        : move(transaction, locked.get(), input, name)
                                                .map(Optional::of)));
    }

    private Uni<Decision<Endpoint, NotificationEvent>> move(
            Transaction transaction,
            Versioned<Endpoint> endpoint,
            EndpointInput input,
            String name) {
        var decision = EndpointDecider.decide(endpoint.state(), input, rules, clock.instant());
        decisions.in(transaction).count(name, decision);
        return decision instanceof Advance<Endpoint, ?>(var state, _)
                ? endpoints.update(transaction, endpoint.next(state)).replaceWith(decision)
                : Uni.createFrom().item(decision);
    }
}
