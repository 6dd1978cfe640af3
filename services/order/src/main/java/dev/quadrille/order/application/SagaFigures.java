package dev.quadrille.order.application;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderCancelled;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderEvent.OrderReturned;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.delivery.Announcement;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.domain.Order.Placed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// How the orders move, and how long they take to their outcome.
///
/// | metric | tag | what |
/// |---|---|---|
/// | `quadrille.saga.duration` | `outcome`: `confirmed`, `out-of-stock`, `payment-declined`, `timed-out`, `customer-request` | from placing to confirmation or cancellation |
/// | `quadrille.order.status.changes` | `status`: `pending` and so on | orders that came to be so |
///
/// An order that is cancelled after it was confirmed counts for both.
@ApplicationScoped
class SagaFigures {

    private static final Duration SHORTEST = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final MeterRegistry metrics;

    SagaFigures(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /// Counts what a transaction announces, once it has committed.
    ///
    /// @param moved the orders that it is announced about
    void count(
            Transaction transaction,
            List<Versioned<Placed>> moved,
            List<Announcement> announcements,
            Instant now) {
        if (!announcements.isEmpty()) {
            transaction.afterCommit(() -> count(moved, announcements, now));
        }
    }

    private void count(
            List<Versioned<Placed>> moved, List<Announcement> announcements, Instant now) {
        var placedAt =
                moved.stream()
                        .map(Versioned::state)
                        .collect(toMap(Placed::subject, order -> order.details().placedAt()));
        for (var announcement : announcements) {
            if (announcement.event() instanceof OrderEvent event) {
                count(event, Duration.between(placedAt.get(event.subject()), now));
            }
        }
    }

    private void count(OrderEvent event, Duration sincePlacing) {
        switch (event) {
            case OrderPlaced _ -> changed("pending");
            case OrderConfirmed _ -> {
                changed("confirmed");
                ended("confirmed", sincePlacing);
            }
            case OrderCancelled(_, var reason) -> {
                changed("cancelled");
                ended(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), sincePlacing);
            }
            case OrderShipped _ -> changed("shipped");
            case OrderReturned _ -> changed("returned");
        }
    }

    private void changed(String status) {
        metrics.counter("quadrille.order.status.changes", "status", status).increment();
    }

    private void ended(String outcome, Duration sincePlacing) {
        Timer.builder("quadrille.saga.duration")
                .description("from an order's placing to its confirmation or cancellation")
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(metrics)
                .record(sincePlacing);
    }
}
