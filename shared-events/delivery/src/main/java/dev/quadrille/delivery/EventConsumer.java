package dev.quadrille.delivery;

import dev.quadrille.delivery.Intake.Taken;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Takes batches from Kafka.
///
/// The offsets are committed after the transaction, so a crash in between brings a batch again, and
/// the inbox drops it.
@ApplicationScoped
class EventConsumer {

    static final String CHANNEL = "events";

    private final Intake intake;
    private final MeterRegistry metrics;
    private final DistributionSummary batchSize;
    private final Timer batchTime;

    EventConsumer(Intake intake, MeterRegistry metrics) {
        this.intake = intake;
        this.metrics = metrics;
        this.batchSize =
                DistributionSummary.builder("quadrille.inbox.batch.size")
                        .description("records in a batch of Kafka's")
                        .baseUnit("records")
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
        var batch = new ArrayList<Received>(records.count());
        for (var record : records) {
            batch.add(Received.of(record));
        }
        return intake.take(batch)
                .invoke(taken -> processed(taken, batch.size(), begun))
                .replaceWithVoid();
    }

    private void processed(Taken taken, int records, long begunNanos) {
        count("handled", taken.handled());
        count("duplicate", taken.duplicate());
        count("parked", taken.parked());
        count("unknown-type", taken.ofNoKnownType());
        batchSize.record(records);
        batchTime.record(System.nanoTime() - begunNanos, TimeUnit.NANOSECONDS);
    }

    private void count(String outcome, int events) {
        metrics.counter("quadrille.inbox.events", "outcome", outcome).increment(events);
    }
}
