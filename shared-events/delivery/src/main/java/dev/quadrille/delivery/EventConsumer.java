package dev.quadrille.delivery;

import dev.quadrille.delivery.Intake.Taken;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Takes batches from Kafka.
///
/// The offsets are committed after the transaction, so a crash in between brings a batch again, and
/// the inbox drops it.
@ApplicationScoped
class EventConsumer {

    static final String CHANNEL = "events";

    private static final long IDLE = Long.MIN_VALUE;

    private final Intake intake;
    private final Traces traces;
    private final MeterRegistry metrics;
    private final DistributionSummary batchSize;
    private final DistributionSummary batchStatements;
    private final Timer batchTime;
    private final AtomicLong busySinceNanos = new AtomicLong(IDLE);

    EventConsumer(Intake intake, Traces traces, MeterRegistry metrics) {
        this.intake = intake;
        this.traces = traces;
        this.metrics = metrics;
        this.batchSize =
                DistributionSummary.builder("quadrille.inbox.batch.size")
                        .description("records in a batch of Kafka's")
                        .baseUnit("records")
                        .register(metrics);
        this.batchStatements =
                DistributionSummary.builder("quadrille.inbox.batch.statements")
                        .description("SQL statements for a batch, each a round trip")
                        .baseUnit("statements")
                        .register(metrics);
        TimeGauge.builder(
                        "quadrille.inbox.batch.age",
                        this,
                        TimeUnit.SECONDS,
                        consumer -> consumer.sinceBatch().toMillis() / 1_000.0)
                .description("for how long the batch of now has been tried; the lag stands still")
                .register(metrics);
        this.batchTime =
                Timer.builder("quadrille.inbox.batch.time")
                        .description("from a batch's arrival to its commit")
                        .register(metrics);
    }

    void stop(@Observes ShutdownEvent event) {
        intake.stop();
    }

    @Incoming(CHANNEL)
    Uni<Void> consume(ConsumerRecords<byte[], byte[]> records) {
        long begun = System.nanoTime();
        busySinceNanos.set(begun);
        var received = new ArrayList<Received>(records.count());
        for (var record : records) {
            received.add(Received.of(record));
        }
        var traced = traces.begin(received);
        return intake.take(traced.batch())
                .invoke(taken -> processed(taken, received.size(), begun))
                .eventually(() -> {
                    traced.end();
                    busySinceNanos.set(IDLE);
                })
                .replaceWithVoid();
    }

    /// For how long it has been trying to take in the batch that it has now.
    Duration sinceBatch() {
        long since = busySinceNanos.get();
        return since == IDLE ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    private void processed(Taken taken, int records, long begunNanos) {
        count("handled", taken.handled());
        count("duplicate", taken.duplicate());
        count("parked", taken.parked());
        count("unknown-type", taken.ofNoKnownType());
        batchSize.record(records);
        batchStatements.record(taken.statements());
        batchTime.record(System.nanoTime() - begunNanos, TimeUnit.NANOSECONDS);
    }

    private void count(String outcome, int events) {
        metrics.counter("quadrille.inbox.events", "outcome", outcome).increment(events);
    }
}
