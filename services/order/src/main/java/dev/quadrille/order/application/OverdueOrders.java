package dev.quadrille.order.application;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.order.adapter.postgres.Orders;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;

/// Counts the orders that have waited for some part of the system for too long: what every other
/// figure says may be well, and still nobody captures what was shipped.
@ApplicationScoped
class OverdueOrders {

    /// Longer than an order may be PENDING, and than the payment service asks for an authorization
    /// that the provider knows nothing of.
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /// Whoever is woken by so many does not ask for the rest.
    static final int MAX_COUNTED = 1_000;

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Transactions transactions;
    private final Orders orders;
    private final InstantSource clock;
    private final WorkLoop loop;

    /// Not a number before the first count.
    private volatile double counted = Double.NaN;

    OverdueOrders(
            Vertx vertx,
            Transactions transactions,
            Orders orders,
            InstantSource clock,
            MeterRegistry metrics) {
        this.transactions = transactions;
        this.orders = orders;
        this.clock = clock;
        this.loop =
                WorkLoop.chore(
                        "The count of overdue orders",
                        vertx,
                        INTERVAL,
                        () -> count().replaceWith(0));
        Gauge.builder("quadrille.orders.overdue", this, self -> self.counted)
                .description("orders that have waited for a part of the system for 10 minutes")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        loop.beginLater();
    }

    void stop(@Observes ShutdownEvent event) {
        loop.stop();
    }

    Uni<Integer> count() {
        var until = clock.instant().minus(PATIENCE);
        return transactions
                .run(transaction -> orders.countUnsettled(transaction, until, MAX_COUNTED))
                .invoke(found -> counted = found);
    }
}
