package dev.quadrille.delivery;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.UuidV7;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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

    private final Relay relay;
    private final SecureRandom random = new SecureRandom();

    Outbox(Relay relay) {
        this.relay = relay;
    }

    Uni<Void> insert(Transaction transaction, List<Announcement> announcements) {
        transaction.afterCommit(relay::wake);
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
        for (int i = 0; i < size; i++) {
            var envelope = envelope(announcements.get(i));
            var encoded = CloudEvents.encode(envelope);
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
        }
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

    private Envelope<?> envelope(Announcement announcement) {
        return new Envelope<>(
                UuidV7.at(announcement.time(), random),
                announcement.time(),
                announcement.sequence(),
                announcement.causationId(),
                announcement.traceparent(),
                announcement.event());
    }
}
