package dev.quadrille.order.application;

import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.delivery.StartUp;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.kafka.ProductsTopic;
import dev.quadrille.order.adapter.kafka.ProductsTopic.Batch;
import dev.quadrille.order.adapter.postgres.Catalogue;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes the whole catalogue over from its topic: when the copy is incomplete at the start, because
/// the database is new or was lost or nobody has read the topic to its end yet, and when an
/// operator asks for it.
///
/// Only what is newer than the copy is taken over, so it does no harm to do this twice, on several
/// replicas at once, or while the consumer takes over the same.
@ApplicationScoped
public class RebuildingCatalogue {

    private static final Logger LOG = Logger.getLogger(RebuildingCatalogue.class);

    private static final Duration MIN_RETRY = Duration.ofMillis(500);
    private static final Duration MAX_RETRY = Duration.ofSeconds(10);
    private static final Duration BATCH_LIMIT = Duration.ofSeconds(30);

    private static final String PHASE = "catalogue";

    private final ProductsTopic topic;
    private final Transactions transactions;
    private final Catalogue catalogue;
    private final MeterRegistry metrics;
    private final StartUp startUp;
    private final AtomicReference<@Nullable Uni<Rebuilt>> running = new AtomicReference<>();

    private volatile boolean usable;
    private volatile boolean stopped;
    private @Nullable Cancellable starting;

    RebuildingCatalogue(
            ProductsTopic topic,
            Transactions transactions,
            Catalogue catalogue,
            MeterRegistry metrics,
            StartUp startUp) {
        this.topic = topic;
        this.transactions = transactions;
        this.catalogue = catalogue;
        this.metrics = metrics;
        this.startUp = startUp;
    }

    /// What a rebuild has done.
    ///
    /// @param read how many records stood on the topic
    /// @param takenOver how many products were new here, or newer than here
    /// @param skipped how many records are no product that can be taken over
    public record Rebuilt(int read, int takenOver, int skipped) {

        Rebuilt and(Rebuilt more) {
            return new Rebuilt(
                    read + more.read, takenOver + more.takenOver, skipped + more.skipped);
        }
    }

    /// Reads the topic. Who asks for it while that is under way gets what comes of that.
    public Uni<Rebuilt> rebuild() {
        return Uni.createFrom().deferred(() -> running.updateAndGet(this::begunOr));
    }

    /// False until it is known at the start that there is a catalogue, or that there is none on the
    /// topic either.
    boolean isUsable() {
        return usable;
    }

    /// Tried until it succeeds or the service stops; meanwhile it is not ready.
    void start(@Observes StartupEvent event) {
        startUp.await(PHASE);
        starting =
                transactions
                        .run(catalogue::isIncomplete)
                        .flatMap(incomplete -> incomplete ? rebuild() : Uni.createFrom().nullItem())
                        .onFailure()
                        .invoke(failure ->
                                LOG.warnf(
                                        "The catalogue cannot be read yet: %s",
                                        failure.getClass().getName()))
                        .onFailure()
                        .retry()
                        .withBackOff(MIN_RETRY, MAX_RETRY)
                        .indefinitely()
                        .subscribe()
                        .with(_ -> {
                            usable = true;
                            startUp.passed(PHASE);
                        });
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        if (starting != null) {
            starting.cancel();
        }
    }

    private Uni<Rebuilt> begunOr(@Nullable Uni<Rebuilt> begun) {
        return begun != null
                ? begun
                : Uni.createFrom()
                        .item(this::readAll)
                        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                        .eventually(() -> running.set(null))
                        .memoize()
                        .indefinitely();
    }

    private Rebuilt readAll() {
        var sum = new AtomicReference<>(new Rebuilt(0, 0, 0));
        topic.read(batch -> {
            if (stopped) {
                throw new CancellationException("the service stops");
            }
            sum.updateAndGet(takeOver(batch)::and);
        });
        var rebuilt = sum.get();
        transactions
                .run(transaction ->
                        catalogue.noteRead(
                                transaction,
                                rebuilt.read(),
                                rebuilt.takenOver(),
                                rebuilt.skipped()))
                .await()
                .atMost(BATCH_LIMIT);
        metrics.counter("quadrille.catalogue.rebuilt", "outcome", "taken-over")
                .increment(rebuilt.takenOver());
        metrics.counter("quadrille.catalogue.rebuilt", "outcome", "skipped")
                .increment(rebuilt.skipped());
        LOG.infof(
                "The catalogue was read from its topic: %d records, %d taken over, %d skipped",
                rebuilt.read(), rebuilt.takenOver(), rebuilt.skipped());
        return rebuilt;
    }

    private Rebuilt takeOver(Batch batch) {
        try {
            return new Rebuilt(batch.records(), store(batch.listed()), batch.skipped());
        } catch (PgException refused) {
            if (!isOfTheData(refused)) {
                throw refused;
            }
            return oneByOne(batch);
        }
    }

    /// One that the database refuses must not keep the others away.
    private Rebuilt oneByOne(Batch batch) {
        int takenOver = 0;
        int skipped = batch.skipped();
        for (var product : batch.listed()) {
            try {
                takenOver += store(List.of(product));
            } catch (PgException refused) {
                if (!isOfTheData(refused)) {
                    throw refused;
                }
                skipped++;
            }
        }
        return new Rebuilt(batch.records(), takenOver, skipped);
    }

    private int store(Collection<Versioned<ProductListed>> listed) {
        return listed.isEmpty()
                ? 0
                : transactions
                        .run(transaction -> catalogue.update(transaction, listed))
                        .await()
                        .atMost(BATCH_LIMIT);
    }

    /// Data exceptions and broken constraints: [PostgreSQL, appendix
    /// A](https://www.postgresql.org/docs/18/errcodes-appendix.html).
    private static boolean isOfTheData(PgException refused) {
        var state = refused.getSqlState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }
}
