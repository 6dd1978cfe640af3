package dev.quadrille.order.application;

import dev.quadrille.chassis.IdempotencyKey;
import dev.quadrille.chassis.IdempotencyKeys;
import dev.quadrille.chassis.IdempotencyKeys.Claim;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.contract.UuidV7;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.postgres.Catalogue;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.order.adapter.postgres.Timeline;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Unknown;
import dev.quadrille.order.domain.OrderDecider;
import dev.quadrille.order.domain.OrderDetails;
import dev.quadrille.order.domain.OrderInput.PlaceOrder;
import dev.quadrille.order.domain.Pricing;
import dev.quadrille.order.domain.Pricing.Priced;
import dev.quadrille.order.domain.Pricing.Refusal;
import dev.quadrille.order.domain.Pricing.Refused;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Places orders: one for each idempotency key, at the prices of the catalogue.
@ApplicationScoped
public class PlacingOrders {

    private static final String OPERATION = "place-order";

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final Catalogue catalogue;
    private final Orders orders;
    private final Timeline timeline;
    private final SagaFigures figures;
    private final OrderConfig config;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    PlacingOrders(
            Transactions transactions,
            IdempotencyKeys keys,
            Catalogue catalogue,
            Orders orders,
            Timeline timeline,
            SagaFigures figures,
            OrderConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.keys = keys;
        this.catalogue = catalogue;
        this.orders = orders;
        this.timeline = timeline;
        this.figures = figures;
        this.config = config;
        this.clock = clock;
    }

    /// What a customer asks for.
    ///
    /// @param key null if the request is not to be recognized when it comes again
    /// @param fingerprint what the request says, by which it is recognized
    /// @param lines each sku at most once
    public record Request(
            @Nullable IdempotencyKey key,
            String fingerprint,
            Customer customer,
            String currency,
            List<StockLine> lines,
            PaymentMethod paymentMethod) {}

    /// What came of a request.
    public sealed interface Outcome {

        record NewOrder(Versioned<Placed> order) implements Outcome {}

        /// The same request came before, and made this order.
        record Replayed(UUID orderId) implements Outcome {}

        /// Its key was used for another request.
        record KeyReused() implements Outcome {}

        /// Some lines cannot be ordered; nothing was stored.
        record NotOrderable(List<Refusal> refusals) implements Outcome {}
    }

    public Uni<Outcome> place(Request request) {
        var orderId = UuidV7.at(clock.instant(), random);
        return transactions.run(transaction ->
                claim(transaction, request, orderId)
                        .flatMap(claim ->
                                switch (claim) {
                                    case Claim.Fresh() -> price(transaction, request, orderId);
                                    case Claim.Replay(var earlier) ->
                                            outcome(new Outcome.Replayed(UUID.fromString(earlier)));
                                    case Claim.Reused() -> outcome(new Outcome.KeyReused());
                                }));
    }

    private Uni<Claim> claim(Transaction transaction, Request request, UUID orderId) {
        return request.key() == null
                ? Uni.createFrom().item(new Claim.Fresh())
                : keys.claim(
                        transaction,
                        OPERATION,
                        request.key(),
                        request.fingerprint(),
                        orderId.toString());
    }

    private Uni<Outcome> price(Transaction transaction, Request request, UUID orderId) {
        return catalogue
                .find(transaction, request.lines().stream().map(StockLine::sku).toList())
                .map(products -> Pricing.price(request.lines(), request.currency(), products))
                .flatMap(pricing ->
                        switch (pricing) {
                            case Priced priced -> store(transaction, request, orderId, priced);
                            case Refused(var refusals) -> {
                                // The key, too, must stay unused: the same request may succeed
                                // later.
                                transaction.undo();
                                yield outcome(new Outcome.NotOrderable(refusals));
                            }
                        });
    }

    private Uni<Outcome> store(
            Transaction transaction, Request request, UUID orderId, Priced priced) {
        var now = clock.instant();
        var details =
                new OrderDetails(
                        orderId,
                        request.customer(),
                        priced.lines(),
                        priced.total(),
                        request.paymentMethod(),
                        now,
                        now.plus(config.deadline()));
        if (!(OrderDecider.decide(new Unknown(), new PlaceOrder(details), now)
                instanceof Advance<Placed, ?>(var order, var events))) {
            throw new IllegalStateException("an order that is not known can always be placed");
        }
        var placed = new Versioned<>(order, 1);
        var announcements =
                events.stream()
                        .map(event -> Announcement.of(event, placed.version(), now))
                        .toList();
        figures.count(transaction, List.of(placed), announcements, now);
        return orders.insert(transaction, placed)
                .chain(() ->
                        timeline.record(
                                transaction, RecordingOrders.announced(orderId, announcements)))
                .chain(() -> transaction.announce(announcements))
                .replaceWith(new Outcome.NewOrder(placed));
    }

    private static Uni<Outcome> outcome(Outcome outcome) {
        return Uni.createFrom().item(outcome);
    }
}
