package dev.quadrille.order.application;

import static java.util.Objects.requireNonNull;
import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.CancellationReason;
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
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// How the orders move, and how long they take to their outcome.
///
/// | metric | tag | what |
/// |---|---|---|
/// | `quadrille.saga.duration` | `outcome`: `confirmed`, `out-of-stock`, `payment-declined`, `timed-out`, `customer-request` | from placing to confirmation or cancellation |
/// | `quadrille.order.status.changes` | `status`: `pending` and so on | orders that came to be so |
///
/// An order that is cancelled after it was confirmed counts for both.
///
/// All of them are there from the start, at 0: a rate does not see the step from nothing to 1, and
/// the first orders that run out of time are those that somebody should hear of.
@Startup
@ApplicationScoped
class SagaFigures {

    private static final Duration SHORTEST = Duration.ofMillis(5);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /// What the objective of `infra/observability` counts as quick has a bucket of its own.
    private static final Duration QUICK = Duration.ofSeconds(5);

    private static final String CONFIRMED = "confirmed";
    private static final List<String> STATUSES =
            List.of("pending", CONFIRMED, "cancelled", "shipped", "returned");

    private final Map<String, Timer> durations;
    private final Map<String, Counter> changes;

    SagaFigures(MeterRegistry metrics) {
        durations =
                Stream.concat(
                                Stream.of(CONFIRMED),
                                Arrays.stream(CancellationReason.values()).map(SagaFigures::word))
                        .collect(toMap(identity(), outcome -> duration(metrics, outcome)));
        changes = STATUSES.stream().collect(toMap(identity(), status -> changes(metrics, status)));
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
            case OrderPlaced _ -> changes("pending").increment();
            case OrderConfirmed _ -> {
                changes(CONFIRMED).increment();
                duration(CONFIRMED).record(sincePlacing);
            }
            case OrderCancelled(_, var reason) -> {
                changes("cancelled").increment();
                duration(word(reason)).record(sincePlacing);
            }
            case OrderShipped _ -> changes("shipped").increment();
            case OrderReturned _ -> changes("returned").increment();
        }
    }

    private Counter changes(String status) {
        return requireNonNull(changes.get(status), status);
    }

    private Timer duration(String outcome) {
        return requireNonNull(durations.get(outcome), outcome);
    }

    private static Counter changes(MeterRegistry metrics, String status) {
        return Counter.builder("quadrille.order.status.changes")
                .description("orders that came to be so")
                .tag("status", status)
                .register(metrics);
    }

    private static Timer duration(MeterRegistry metrics, String outcome) {
        return Timer.builder("quadrille.saga.duration")
                .description("from an order's placing to its confirmation or cancellation")
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .serviceLevelObjectives(QUICK)
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(metrics);
    }

    private static String word(CancellationReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
