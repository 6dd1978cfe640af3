package dev.quadrille.order.application;

import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.Decision.Ignore;
import dev.quadrille.contract.Decision.Reject;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Decisions;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.OrderDecider;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Cancels orders because their customers ask for it.
@ApplicationScoped
public class CancellingOrders {

    private final Transactions transactions;
    private final Orders orders;
    private final RecordingOrders recording;
    private final Decisions decisions;
    private final InstantSource clock;

    CancellingOrders(
            Transactions transactions,
            Orders orders,
            RecordingOrders recording,
            Decisions decisions,
            InstantSource clock) {
        this.transactions = transactions;
        this.orders = orders;
        this.recording = recording;
        this.decisions = decisions;
        this.clock = clock;
    }

    /// What came of a request.
    public sealed interface Outcome {

        record NowCancelled(Versioned<Placed> order) implements Outcome {}

        record AlreadyCancelled(Versioned<Placed> order) implements Outcome {}

        record NoSuchOrder() implements Outcome {}
    }

    /// @param note why, in the customer's words
    public Uni<Outcome> cancel(UUID orderId, @Nullable String note) {
        return transactions.run(transaction ->
                orders.lock(transaction, Set.of(orderId))
                        .flatMap(found -> {
                            var order = found.get(orderId.toString());
                            return order == null
                                    ? Uni.createFrom().item(new Outcome.NoSuchOrder())
                                    : cancel(transaction, order, note);
                        }));
    }

    private Uni<Outcome> cancel(
            Transaction transaction, Versioned<Placed> order, @Nullable String note) {
        var now = clock.instant();
        var decision = OrderDecider.decide(order.state(), new CancelOrder(note), now);
        decisions.in(transaction).count("cancel-order", decision);
        return switch (decision) {
            case Advance<Placed, ?>(var state, var events) -> {
                var next = order.next(state);
                yield recording
                        .record(
                                transaction,
                                next,
                                events.stream()
                                        .map(event -> Announcement.of(event, next.version(), now))
                                        .toList(),
                                now)
                        .replaceWith(new Outcome.NowCancelled(next));
            }
            case Ignore<?, ?> _ -> Uni.createFrom().item(new Outcome.AlreadyCancelled(order));
            case Reject<?, ?> _ -> Uni.createFrom().item(new Outcome.NoSuchOrder());
        };
    }
}
