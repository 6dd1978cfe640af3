package dev.quadrille.delivery;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.UuidV7;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes events into the table from which the [Relay] takes them.
@ApplicationScoped
class Outbox {

    /// How many shares the aggregates are hashed into. All replicas must agree on it, so it is no
    /// setting.
    static final int PARTITIONS = 8;

    private static final String INSERT =
            """
            insert into outbox (id, aggregatetype, aggregateid, type, payload, time, source,
                                dataschema, sequence, causationid, traceparent, partition)
            select id, aggregatetype, aggregateid, type, payload, time, source,
                   dataschema, sequence, causationid, traceparent, partition
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
                        $7::text[], $8::text[], $9::bigint[], $10::uuid[], $11::text[], $12::smallint[])
                 with ordinality
                 as event (id, aggregatetype, aggregateid, type, payload, time, source,
                           dataschema, sequence, causationid, traceparent, partition, place)
            order by place
            """;

    /// What a broker takes is 1 MiB by default, headers included. An event that it refuses would
    /// hold up everything behind it, so it is refused here, where that undoes the transaction.
    private static final int MAX_PAYLOAD_BYTES = 900 * 1024;

    private final Relay relay;
    private final Backlog backlog;
    private final SecureRandom random = new SecureRandom();

    Outbox(Relay relay, Backlog backlog) {
        this.relay = relay;
        this.backlog = backlog;
    }

    Uni<Void> insert(Transaction transaction, List<Announcement> announcements) {
        int size = announcements.size();
        var ids = new UUID[size];
        var topics = new String[size];
        var keys = new String[size];
        var types = new String[size];
        var payloads = new String[size];
        var times = new OffsetDateTime[size];
        var sources = new String[size];
        var schemas = new String[size];
        var sequences = new Long[size];
        @Nullable UUID[] causes = new @Nullable UUID[size];
        @Nullable String[] traces = new @Nullable String[size];
        var partitions = new Short[size];
        int shares = 0;
        for (int i = 0; i < size; i++) {
            var envelope = envelope(announcements.get(i), transaction.traceparent());
            var encoded = CloudEvents.encode(envelope);
            requirePublishable(encoded);
            ids[i] = envelope.id();
            topics[i] = encoded.topic().wireName();
            keys[i] = encoded.key();
            types[i] = encoded.attributes().type();
            payloads[i] = encoded.body();
            times[i] = OffsetDateTime.ofInstant(envelope.time(), ZoneOffset.UTC);
            sources[i] = encoded.attributes().source();
            schemas[i] = encoded.attributes().dataSchema();
            sequences[i] = envelope.sequence();
            causes[i] = envelope.causationId();
            traces[i] = envelope.traceparent();
            partitions[i] = partition(encoded.key());
            shares |= 1 << partitions[i];
        }
        int writtenShares = shares;
        transaction.afterCommit(() -> {
            backlog.wrote(size);
            relay.wake(writtenShares);
        });
        return transaction.change(
                size,
                INSERT,
                ids,
                topics,
                keys,
                types,
                payloads,
                times,
                sources,
                schemas,
                sequences,
                causes,
                traces,
                partitions);
    }

    static short partition(String key) {
        return (short) Math.floorMod(key.hashCode(), PARTITIONS);
    }

    private static void requirePublishable(EncodedEvent event) {
        // No character has more than three bytes in UTF-8.
        if (event.body().length() > MAX_PAYLOAD_BYTES / 3
                && event.body().getBytes(StandardCharsets.UTF_8).length > MAX_PAYLOAD_BYTES) {
            throw new IllegalStateException(
                    event.attributes().type() + " has more than " + MAX_PAYLOAD_BYTES + " bytes");
        }
    }

    private Envelope<?> envelope(Announcement announcement, @Nullable String traceparent) {
        var own = announcement.traceparent();
        return new Envelope<>(
                UuidV7.at(announcement.time(), random),
                announcement.time(),
                announcement.sequence(),
                announcement.causationId(),
                own == null ? traceparent : own,
                announcement.event());
    }
}
