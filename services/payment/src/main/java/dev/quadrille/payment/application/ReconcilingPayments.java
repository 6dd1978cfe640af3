package dev.quadrille.payment.application;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.adapter.postgres.Reconciliations;
import dev.quadrille.payment.adapter.postgres.Standing;
import dev.quadrille.payment.adapter.provider.IntentPage;
import dev.quadrille.payment.adapter.provider.Provider;
import dev.quadrille.payment.adapter.provider.ProviderIntent;
import dev.quadrille.payment.adapter.provider.ProviderUnavailableException;
import dev.quadrille.payment.application.Difference.Kind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Compares our payments with the provider's list. It changes nothing: that the two disagree
/// although nothing is under way is a fault of somebody's, and an operator finds out whose.
///
/// What the provider is being asked about, and what has changed within the minute before, is no
/// difference: the list and the table are not read in the same moment.
@ApplicationScoped
public class ReconcilingPayments {

    private static final Logger LOG = Logger.getLogger(ReconcilingPayments.class);

    /// As many intents as the provider puts on a page, so many times.
    private static final int MAX_PAGES = 100;

    private static final int MAX_PAYMENTS = 10_000;
    private static final Duration SETTLING = Duration.ofMinutes(1);

    /// The provider's clock may be behind ours: what it made for a payment may look older than the
    /// payment.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration MIN_WINDOW = Duration.ofHours(24);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(5);
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final Payments payments;
    private final Reconciliations reconciliations;
    private final Provider provider;
    private final InstantSource clock;
    private final Duration every;
    private final WorkLoop loop;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile Map<Kind, Long> counts = Map.of();
    private Instant countsGoodUntil = Instant.MIN;

    /// What came of a comparison.
    ///
    /// @param since when the oldest intents of those compared were made
    /// @param compared how many
    /// @param complete whether these were all there are
    public record Reconciliation(
            Instant since, int compared, boolean complete, List<Difference> differences) {}

    ReconcilingPayments(
            Vertx vertx,
            Transactions transactions,
            Payments payments,
            Reconciliations reconciliations,
            Provider provider,
            ReconciliationConfig config,
            MeterRegistry metrics,
            InstantSource clock) {
        this.transactions = transactions;
        this.payments = payments;
        this.reconciliations = reconciliations;
        this.provider = provider;
        this.clock = clock;
        this.every = config.every();
        this.loop =
                WorkLoop.chore(
                        "The reconciliation",
                        vertx,
                        least(every, MAX_PAUSE),
                        this::reconcileWhenItIsDue);
        for (var kind : Kind.values()) {
            // Not a number on a replica that did not compare last.
            Gauge.builder(
                            "quadrille.payment.differences",
                            this,
                            self ->
                                    self.counts.isEmpty()
                                            ? Double.NaN
                                            : self.counts.getOrDefault(kind, 0L))
                    .tag("difference", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .register(metrics);
        }
    }

    void start(@Observes StartupEvent event) {
        if (isOn()) {
            loop.beginLater();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (isOn()) {
            loop.stop();
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean isOn() {
        return every.isPositive();
    }

    /// Compares what was made within this time.
    ///
    /// @return empty if another comparison is under way
    /// @throws ProviderUnavailableException in the Uni
    public Uni<Optional<Reconciliation>> reconcile(Duration window) {
        return Uni.createFrom()
                .deferred(() -> {
                    if (!underWay.compareAndSet(false, true)) {
                        return Uni.createFrom().item(Optional.<Reconciliation>empty());
                    }
                    var now = clock.instant();
                    var round = new Round(now.minus(window), now.minus(SETTLING));
                    return nextPage(round, null, 1)
                            .chain(() -> findMissing(round))
                            .map(_ -> Optional.of(round.result()))
                            .ifNoItem()
                            .after(LIMIT)
                            .failWith(
                                    () -> new ProviderUnavailableException(new TimeoutException()))
                            .onTermination()
                            .invoke(() -> underWay.set(false));
                });
    }

    /// What has been found so far.
    private static final class Round {

        private final Instant since;

        /// Fixed at the start: what has changed since the first page was read is not on it.
        private final Instant settledBefore;

        private final Set<String> seen = new HashSet<>();
        private final List<Difference> differences = new ArrayList<>();
        private int compared;
        private boolean complete = true;

        Round(Instant since, Instant settledBefore) {
            this.since = since;
            this.settledBefore = settledBefore;
        }

        Reconciliation result() {
            return new Reconciliation(since, compared, complete, List.copyOf(differences));
        }
    }

    private Uni<Void> nextPage(Round round, @Nullable String after, int number) {
        return provider.list(round.since.minus(SKEW), after)
                .flatMap(page -> compare(round, page).replaceWith(page))
                .flatMap(page -> {
                    if (page.next() == null) {
                        return Uni.createFrom().voidItem();
                    }
                    if (number == MAX_PAGES) {
                        round.complete = false;
                        return Uni.createFrom().voidItem();
                    }
                    return nextPage(round, page.next(), number + 1);
                });
    }

    private Uni<Void> compare(Round round, IntentPage page) {
        var orderIds = page.intents().stream().map(ProviderIntent::orderId).collect(toSet());
        return transactions
                .run(transaction -> payments.standing(transaction, orderIds))
                .invoke(found -> {
                    var ours =
                            found.stream()
                                    .collect(toMap(each -> each.payment().orderId(), each -> each));
                    for (var theirs : page.intents()) {
                        round.compared++;
                        round.seen.add(theirs.reference());
                        compare(theirs, ours, round.settledBefore)
                                .ifPresent(round.differences::add);
                    }
                })
                .replaceWithVoid();
    }

    private static Optional<Difference> compare(
            ProviderIntent theirs, Map<UUID, Standing> payments, Instant settledBefore) {
        var ours = payments.get(theirs.orderId());
        if (ours == null) {
            return Optional.of(new Difference(theirs.orderId(), Kind.MISSING_HERE, null, theirs));
        }
        return ours.changedAt().isAfter(settledBefore)
                ? Optional.empty()
                : Comparison.of(ours.payment(), theirs)
                        .map(kind ->
                                new Difference(theirs.orderId(), kind, ours.payment(), theirs));
    }

    /// What we know to be there and the list does not show.
    private Uni<Void> findMissing(Round round) {
        if (!round.complete) {
            return Uni.createFrom().voidItem();
        }
        return transactions
                .run(transaction ->
                        payments.heldSince(
                                transaction, round.since, round.settledBefore, MAX_PAYMENTS))
                .invoke(found -> {
                    round.complete = found.size() < MAX_PAYMENTS;
                    for (var ours : found) {
                        var reference = ours.payment().reference();
                        if (reference != null && round.seen.add(reference)) {
                            round.compared++;
                            round.differences.add(
                                    new Difference(
                                            ours.payment().orderId(),
                                            Kind.MISSING_THERE,
                                            ours.payment(),
                                            null));
                        }
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Integer> reconcileWhenItIsDue() {
        var now = clock.instant();
        var next = now.plus(every);
        return transactions
                .run(transaction -> reconciliations.claim(transaction, now, next))
                .flatMap(isOurs -> {
                    if (isOurs) {
                        countsGoodUntil = next;
                        return reconcileAndReport();
                    }
                    if (now.isAfter(countsGoodUntil)) {
                        counts = Map.of(); // another replica has newer ones
                    }
                    return Uni.createFrom().voidItem();
                })
                .replaceWith(0);
    }

    /// Each time is looked at twice at least, so that what was under way the first time is seen.
    private Uni<Void> reconcileAndReport() {
        var twice = every.multipliedBy(2);
        return reconcile(twice.compareTo(MIN_WINDOW) > 0 ? twice : MIN_WINDOW)
                .invoke(found -> found.ifPresent(this::report))
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf("The payments were not compared with the provider's: %s", failure);
                    var soon = clock.instant().plus(PAUSE_AFTER_FAILURE);
                    return transactions.run(
                            transaction -> reconciliations.bringForward(transaction, soon));
                });
    }

    private void report(Reconciliation found) {
        var now = new EnumMap<Kind, Long>(Kind.class);
        Arrays.stream(Kind.values()).forEach(kind -> now.put(kind, 0L));
        found.differences().forEach(each -> now.merge(each.kind(), 1L, Long::sum));
        counts = now;
        var differences =
                now.entrySet().stream()
                        .filter(each -> each.getValue() > 0)
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(joining(", "));
        var level = differences.isEmpty() ? Logger.Level.INFO : Logger.Level.WARN;
        LOG.logf(
                level,
                "Compared %d payments with the provider's%s: %s",
                found.compared(),
                found.complete() ? "" : " (there are more)",
                differences.isEmpty() ? "no differences" : differences);
    }
}
