package dev.quadrille.delivery;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.Envelope;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes batches from Kafka and hands what is new in them to the service's [Listener].
///
/// The offsets are committed after the transaction, so a crash in between brings a batch again, and
/// the inbox drops it. A batch that fails is tried again with growing pauses while its offsets
/// stay: nothing is passed over.
@ApplicationScoped
class EventConsumer {

    private static final Logger LOG = Logger.getLogger(EventConsumer.class);

    private static final Duration MIN_RETRY = Duration.ofMillis(100);
    private static final Duration MAX_RETRY = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final Inbox inbox;
    private final Listener listener;
    private final MeterRegistry metrics;

    EventConsumer(
            Transactions transactions, Inbox inbox, Listener listener, MeterRegistry metrics) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.listener = listener;
        this.metrics = metrics;
    }

    @Incoming("events")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        var events = new ArrayList<Envelope<?>>(records.count());
        for (var record : records) {
            switch (decode(record)) {
                case Decoded.Known(var envelope) -> events.add(envelope);
                case Decoded.UnknownType(var type) -> {
                    LOG.debugf("%s has the unknown type %s", place(record), type);
                    count("unknown-type", 1);
                }
                case Decoded.Unreadable(var error) -> {
                    LOG.errorf("%s is skipped, it cannot be read: %s", place(record), error);
                    count("unreadable", 1);
                }
            }
        }
        return events.isEmpty() ? Uni.createFrom().voidItem() : process(events);
    }

    private Uni<Void> process(List<Envelope<?>> events) {
        return Uni.createFrom()
                .deferred(() -> transactions.run(transaction -> handle(transaction, events)))
                .onFailure()
                .invoke(failure ->
                        LOG.errorf(
                                failure,
                                "A batch of %d events failed and is tried again",
                                events.size()))
                .onFailure()
                .retry()
                .withBackOff(MIN_RETRY, MAX_RETRY)
                .indefinitely();
    }

    private Uni<Void> handle(Transaction transaction, List<Envelope<?>> events) {
        return inbox.keepNew(transaction, events)
                .flatMap(fresh -> {
                    transaction.afterCommit(() -> {
                        count("handled", fresh.size());
                        count("duplicate", events.size() - fresh.size());
                    });
                    return fresh.isEmpty()
                            ? Uni.createFrom().voidItem()
                            : listener.on(transaction, fresh);
                });
    }

    private static Decoded decode(ConsumerRecord<String, byte[]> record) {
        return CloudEvents.decode(name -> header(record, name), record.value());
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String place(ConsumerRecord<String, byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    private void count(String outcome, int events) {
        metrics.counter("quadrille.inbox.events", "outcome", outcome).increment(events);
    }
}
