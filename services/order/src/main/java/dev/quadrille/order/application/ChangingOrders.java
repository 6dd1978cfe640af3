package dev.quadrille.order.application;

import dev.quadrille.chassis.IfMatch;
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
import dev.quadrille.order.domain.OrderInput;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import dev.quadrille.order.domain.OrderInput.ReturnOrder;
import dev.quadrille.order.domain.OrderInput.ShipOrder;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Cancels, ships and takes back orders because somebody asks for it.
///
/// What is asked for is judged on the locked row, and so is the state that it is meant for: of two
/// that race, the second is told what the first has made of the order.
///
/// A repeat of what has been done already is answered with the order, even if it is meant for a
/// state that is over: who lost the answer to the first request repeats it as it was, and [RFC
/// 9110](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1) lets him have it. Everything else
/// that is meant for another state is stale, whether it could be done now or not.
@ApplicationScoped
public class ChangingOrders {

    private final Transactions transactions;
    private final Orders orders;
    private final RecordingOrders recording;
    private final Decisions decisions;
    private final InstantSource clock;

    ChangingOrders(
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

    /// What came of a request, with the order as it is now.
    public sealed interface Outcome {

        record Changed(Versioned<Placed> order) implements Outcome {}

        /// It was so already.
        record Unchanged(Versioned<Placed> order) implements Outcome {}

        /// @param reason such as `already-shipped`
        record Refused(Versioned<Placed> order, String reason) implements Outcome {}

        /// The request is meant for another state than this one.
        record Stale(Versioned<Placed> order) implements Outcome {}

        record NoSuchOrder() implements Outcome {}
    }

    /// @param note why, in the customer's words
    public Uni<Outcome> cancel(UUID orderId, @Nullable String note, IfMatch ifMatch) {
        return change(orderId, "cancel-order", new CancelOrder(note), ifMatch);
    }

    public Uni<Outcome> ship(UUID orderId, String carrier, String trackingNumber, IfMatch ifMatch) {
        return change(orderId, "ship-order", new ShipOrder(carrier, trackingNumber), ifMatch);
    }

    public Uni<Outcome> takeBack(UUID orderId, String reason, IfMatch ifMatch) {
        return change(orderId, "return-order", new ReturnOrder(reason), ifMatch);
    }

    private Uni<Outcome> change(UUID orderId, String name, OrderInput command, IfMatch ifMatch) {
        return transactions.run(transaction ->
                orders.lock(transaction, Set.of(orderId))
                        .flatMap(found -> {
                            var order = found.get(orderId.toString());
                            return order == null
                                    ? outcome(new Outcome.NoSuchOrder())
                                    : change(transaction, order, name, command, ifMatch);
                        }));
    }

    private Uni<Outcome> change(
            Transaction transaction,
            Versioned<Placed> order,
            String name,
            OrderInput command,
            IfMatch ifMatch) {
        var now = clock.instant();
        var decision = OrderDecider.decide(order.state(), command, now);
        if (!(decision instanceof Ignore) && !ifMatch.matches(order.version())) {
            return outcome(new Outcome.Stale(order));
        }
        decisions.in(transaction).count(name, decision);
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
                        .replaceWith(new Outcome.Changed(next));
            }
            case Ignore<?, ?> _ -> outcome(new Outcome.Unchanged(order));
            case Reject<?, ?>(var reason) -> outcome(new Outcome.Refused(order, reason));
        };
    }

    private static Uni<Outcome> outcome(Outcome outcome) {
        return Uni.createFrom().item(outcome);
    }
}
