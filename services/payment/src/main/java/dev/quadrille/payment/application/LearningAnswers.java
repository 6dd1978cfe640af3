package dev.quadrille.payment.application;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.LogContext;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.payment.adapter.postgres.Filed;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.PaymentDecider;
import dev.quadrille.payment.domain.PaymentInput.ProviderAnswer;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Lets the provider's answers act on the payments, each in a transaction of its own.
@ApplicationScoped
class LearningAnswers {

    private static final Logger LOG = Logger.getLogger(LearningAnswers.class);

    private final Transactions transactions;
    private final Payments payments;
    private final Decisions decisions;
    private final InstantSource clock;

    LearningAnswers(
            Transactions transactions,
            Payments payments,
            Decisions decisions,
            InstantSource clock) {
        this.transactions = transactions;
        this.payments = payments;
        this.decisions = decisions;
        this.clock = clock;
    }

    /// @return whether there is something else to be asked of the provider now
    Uni<Boolean> learn(UUID orderId, ProviderAnswer answer) {
        return transactions.run(transaction ->
                payments.lock(transaction, Set.of(orderId))
                        .flatMap(found -> {
                            var filed = found.get(orderId.toString());
                            if (filed == null) {
                                throw new IllegalStateException(
                                        "the provider was asked for a payment that is not there");
                            }
                            return learn(transaction, filed, answer);
                        }));
    }

    /// For a payment that is locked in this transaction.
    Uni<Boolean> learn(Transaction transaction, Filed filed, ProviderAnswer answer) {
        var now = clock.instant();
        var decision = PaymentDecider.decide(filed.payment().state(), answer);
        decisions.in(transaction).count(name(answer), decision);
        return switch (decision) {
            case Advance<Known, ?>(var state, var events) -> {
                var next = filed.payment().next(state);
                var cause = filed.cause();
                yield payments.update(transaction, List.of(new Filed(next, cause)), now)
                        .chain(() ->
                                transaction.announce(
                                        events.stream()
                                                .map(event ->
                                                        cause.announce(event, next.version(), now))
                                                .toList()))
                        .replaceWith(state.errand() != null);
            }
            case Ignore<?, ?> _ -> Uni.createFrom().item(false);
            case Reject<?, ?>(var reason) -> {
                LogContext.of(filed.payment().state().subject(), filed.cause().traceparent())
                        .log(() ->
                                LOG.errorf(
                                        "The provider's answer %s contradicts the payment of order"
                                                + " %s: %s",
                                        name(answer), filed.payment().state().orderId(), reason));
                yield Uni.createFrom().item(false);
            }
        };
    }

    private static String name(ProviderAnswer answer) {
        return switch (answer) {
            case ProviderAuthorized _ -> "provider-authorized";
            case ProviderDeclined _ -> "provider-declined";
            case ProviderCaptured _ -> "provider-captured";
            case ProviderVoided _ -> "provider-voided";
            case ProviderRefunded _ -> "provider-refunded";
        };
    }
}
