package dev.quadrille.payment.application;

import dev.quadrille.delivery.LogContext;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.payment.adapter.postgres.Filed;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.adapter.postgres.ProviderEventIds;
import dev.quadrille.payment.adapter.provider.ProviderEvent;
import dev.quadrille.payment.adapter.provider.ProviderEvent.About;
import dev.quadrille.payment.adapter.provider.ProviderEvent.RefundFailed;
import dev.quadrille.payment.adapter.provider.ProviderEvents;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Lets what the provider tells by itself act on the payments, as its answers do. That it has told
/// it is remembered in the same transaction, so that it has one effect however often it is told.
@ApplicationScoped
public class HearingProvider {

    private static final Logger LOG = Logger.getLogger(HearingProvider.class);

    /// What became of an event.
    public enum Outcome {
        /// It had its effect, which may be none.
        HEARD,
        /// It had its effect before.
        REPEATED,
        /// It is about somebody else's money, or may be.
        NOT_OURS,
        /// It tells nothing that matters here.
        NOT_USED,
        /// The provider did not send it, or not now.
        UNSIGNED,
        /// The provider sent it, and it makes no sense.
        UNREADABLE
    }

    private final ProviderEvents events;
    private final Transactions transactions;
    private final Payments payments;
    private final ProviderEventIds ids;
    private final LearningAnswers learning;
    private final AskingProvider asking;
    private final MeterRegistry metrics;
    private final InstantSource clock;

    HearingProvider(
            ProviderEvents events,
            Transactions transactions,
            Payments payments,
            ProviderEventIds ids,
            LearningAnswers learning,
            AskingProvider asking,
            MeterRegistry metrics,
            InstantSource clock) {
        this.events = events;
        this.transactions = transactions;
        this.payments = payments;
        this.ids = ids;
        this.learning = learning;
        this.asking = asking;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// @param signature the header that proves that the provider sent the body
    public Uni<Outcome> hear(@Nullable String signature, byte[] body) {
        return switch (events.read(signature, body, clock.instant())) {
            case ProviderEvent.Unsigned() -> counted("unknown", Outcome.UNSIGNED);
            case ProviderEvent.Unreadable() -> counted("unknown", Outcome.UNREADABLE);
            case ProviderEvent.NotUsed(var type) -> counted(type, Outcome.NOT_USED);
            case ProviderEvent.NotOurs(var type) -> counted(type, Outcome.NOT_OURS);
            case About about ->
                    transactions
                            .run(transaction -> hear(transaction, about))
                            .invoke(outcome -> count(about.type(), outcome));
            case RefundFailed failed ->
                    transactions
                            .run(transaction -> hear(transaction, failed))
                            .invoke(outcome -> count(failed.type(), outcome));
        };
    }

    private Uni<Outcome> hear(Transaction transaction, About event) {
        return payments.lock(transaction, Set.of(event.orderId()))
                .flatMap(found -> {
                    var filed = found.get(event.orderId().toString());
                    if (filed == null) {
                        return Uni.createFrom().item(Outcome.NOT_OURS);
                    }
                    return switch (belief(filed, event)) {
                        case BELIEVED ->
                                once(
                                        transaction,
                                        event.id(),
                                        () -> learn(transaction, filed, event));
                        case MAYBE_OURS ->
                                payments.hurry(transaction, event.orderId(), clock.instant())
                                        .invoke(() -> transaction.afterCommit(asking::wake))
                                        .replaceWith(Outcome.NOT_OURS);
                        case NOT_BELIEVED -> Uni.createFrom().item(Outcome.NOT_OURS);
                    };
                });
    }

    private enum Belief {
        BELIEVED,
        /// It is a reason to ask, and no more.
        MAYBE_OURS,
        NOT_BELIEVED
    }

    /// Somebody may have made an intent of his own for one of our orders. As long as the payment
    /// does not know which one is its own, a hold or a refusal is believed only if our own request
    /// led to it, what becomes of a hold is not, and of nothing of another amount is anything
    /// believed.
    private static Belief belief(Filed filed, About event) {
        var payment = filed.payment().state();
        if (payment.reference() != null) {
            return Belief.BELIEVED;
        }
        var amount = payment.amount();
        if (amount == null || !event.isOf(amount)) {
            return Belief.NOT_BELIEVED;
        }
        return switch (event.answer()) {
            case ProviderAuthorized _, ProviderDeclined _ ->
                    Errand.Authorize.idempotencyKey(event.orderId()).equals(event.request())
                            ? Belief.BELIEVED
                            : Belief.NOT_BELIEVED;
            case ProviderCaptured _, ProviderVoided _, ProviderRefunded _ -> Belief.MAYBE_OURS;
        };
    }

    private Uni<Void> learn(Transaction transaction, Filed filed, About event) {
        return learning.learn(transaction, filed, event.answer())
                .invoke(more -> {
                    if (more) {
                        transaction.afterCommit(asking::wake);
                    }
                })
                .replaceWithVoid();
    }

    /// The payment does not move: to the customer the money was given back, and that it did not
    /// arrive is between him, his bank and an operator. The reconciliation shows it, too.
    private Uni<Outcome> hear(Transaction transaction, RefundFailed event) {
        return payments.lock(transaction, Set.of(event.orderId()))
                .flatMap(found -> {
                    var filed = found.get(event.orderId().toString());
                    return filed == null
                            ? Uni.createFrom().item(Outcome.NOT_OURS)
                            : once(transaction, event.id(), () -> report(event));
                });
    }

    private static Uni<Void> report(RefundFailed event) {
        LogContext.of(event.orderId().toString(), null)
                .log(() ->
                        LOG.errorf(
                                "The refund %s of order %s failed: give the money back otherwise",
                                event.refund(), event.orderId()));
        return Uni.createFrom().voidItem();
    }

    private Uni<Outcome> once(Transaction transaction, String id, Supplier<Uni<Void>> effect) {
        return ids.remember(transaction, id, clock.instant())
                .flatMap(isNew ->
                        isNew
                                ? effect.get().replaceWith(Outcome.HEARD)
                                : Uni.createFrom().item(Outcome.REPEATED));
    }

    private Uni<Outcome> counted(String type, Outcome outcome) {
        count(type, outcome);
        return Uni.createFrom().item(outcome);
    }

    /// The type is one of those that are used, or `other`: whoever sends an event does not make up
    /// a tag.
    private void count(String type, Outcome outcome) {
        metrics.counter(
                        "quadrille.provider.events",
                        "type",
                        type,
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .increment();
    }
}
