package dev.quadrille.delivery;

import dev.quadrille.contract.Decoded;
import dev.quadrille.delivery.Parking.ParkedEvent;
import dev.quadrille.delivery.Parking.ParkedKey;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tables of what is parked.
@ApplicationScoped
class ParkedEvents {

    private static final String INSERT =
            """
            with parked as (
                insert into parked_events (key, topic, topic_partition, topic_offset, record_time, record_key,
                                           headers, body, event_id, type, error, parked_at)
                select key, topic, topic_partition, topic_offset, record_time, record_key,
                       headers::jsonb, body, event_id, type, error, $12
                from unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[], $5::bytea[], $6::text[],
                            $7::bytea[], $8::text[], $9::uuid[], $10::text[], $11::text[])
                     with ordinality
                     as record (topic, topic_partition, topic_offset, record_time, record_key, headers,
                                body, key, event_id, type, error, place)
                order by place
                -- It was parked before, and can be read by now: from here on it stands in the inbox.
                on conflict (topic, topic_partition, topic_offset, record_time)
                    do update set event_id = excluded.event_id
                    where parked_events.event_id is null and parked_events.discarded_at is null
                returning key
            )
            insert into parked_keys (key, parked_at) select distinct key, $12::timestamptz from parked order by key
            on conflict do nothing
            """;
    private static final String SEEN =
            """
            select topic || '-' || topic_partition || '@' || topic_offset as place
            from parked_events
            where (topic, topic_partition, topic_offset, record_time) in
                  (select * from unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[]))
            """;
    private static final String KEYS =
            """
            select parked_keys.key, parked_keys.parked_at, parked_keys.replays, waiting.events,
                   first.type, first.error
            from parked_keys
            cross join lateral (select count(*) as events from parked_events
                                where parked_events.key = parked_keys.key and discarded_at is null) waiting
            cross join lateral (select type, error from parked_events
                                where parked_events.key = parked_keys.key and discarded_at is null
                                order by position limit 1) first
            where parked_keys.key > $1
            order by parked_keys.key limit $2
            """;
    private static final String OF_KEY =
            """
            select position, topic || '-' || topic_partition || '@' || topic_offset as place, record_time,
                   event_id, type, error, parked_at
            from parked_events
            where key = $1 and discarded_at is null and position > $2
            order by position limit $3
            """;
    private static final String LOCK = "select key from parked_keys where key = $1 for update";
    private static final String TAKE =
            """
            select position, event_id, headers, body from parked_events
            where key = $1 and discarded_at is null
            order by position limit $2
            """;
    private static final String LEFT =
            "select count(*) as events from parked_events where key = $1 and discarded_at is null";
    private static final String DELETE =
            "delete from parked_events where position = any($1::bigint[])";
    private static final String FREE =
            """
            delete from parked_keys
            where key = $1
              and not exists (select from parked_events where key = $1 and discarded_at is null)
            """;
    private static final String NOTE_ERROR =
            "update parked_events set error = $2 where position = $1";
    private static final String COUNT_REPLAY =
            "update parked_keys set replays = replays + 1 where key = $1";
    private static final String DISCARD =
            """
            update parked_events set discarded_at = $3
            where key = $1 and discarded_at is null and ($2::bigint is null or position = $2)
            """;

    private final InstantSource clock;

    ParkedEvents(InstantSource clock) {
        this.clock = clock;
    }

    /// A record that was parked.
    ///
    /// @param eventId null if it does not stand in the inbox
    /// @param content as this version of the contract reads it
    record Stored(long position, @Nullable UUID eventId, Decoded content) {}

    /// Parks these, and with them their keys. What is parked or was discarded already stays as it
    /// is.
    Uni<Void> insert(Transaction transaction, List<ParkedRecord> parked) {
        return transaction
                .run(
                        INSERT,
                        column(parked, String[]::new, next -> next.received().record().topic()),
                        column(
                                parked,
                                Integer[]::new,
                                next -> next.received().record().partition()),
                        column(parked, Long[]::new, next -> next.received().record().offset()),
                        column(parked, OffsetDateTime[]::new, next -> utc(next.recordTime())),
                        column(
                                parked,
                                Buffer[]::new,
                                next -> buffer(next.received().record().key())),
                        column(
                                parked,
                                String[]::new,
                                next -> HeaderJson.write(next.received().record().headers())),
                        column(
                                parked,
                                Buffer[]::new,
                                next -> buffer(next.received().record().value())),
                        column(parked, String[]::new, ParkedRecord::key),
                        column(parked, UUID[]::new, ParkedRecord::eventId),
                        column(parked, String[]::new, ParkedRecord::type),
                        column(parked, String[]::new, ParkedRecord::error),
                        utc(clock.instant()))
                .replaceWithVoid();
    }

    /// The places of those among these that are parked or were discarded before.
    Uni<Set<String>> seen(Transaction transaction, List<Received> records) {
        return transaction
                .run(
                        SEEN,
                        column(records, String[]::new, next -> next.record().topic()),
                        column(records, Integer[]::new, next -> next.record().partition()),
                        column(records, Long[]::new, next -> next.record().offset()),
                        column(
                                records,
                                OffsetDateTime[]::new,
                                next -> utc(Instant.ofEpochMilli(next.record().timestamp()))))
                .map(rows -> {
                    var places = new HashSet<String>();
                    rows.forEach(row -> places.add(row.getString("place")));
                    return places;
                });
    }

    Uni<List<ParkedKey>> keys(Transaction transaction, String after, int limit) {
        return transaction
                .run(KEYS, after, limit)
                .map(rows -> rows.stream().map(ParkedEvents::key).toList());
    }

    Uni<List<ParkedEvent>> ofKey(Transaction transaction, String key, long after, int limit) {
        return transaction
                .run(OF_KEY, key, after, limit)
                .map(rows -> rows.stream().map(ParkedEvents::event).toList());
    }

    /// Keeps everybody else from replaying, discarding or adding to a key.
    ///
    /// @return whether anything is parked under it
    Uni<Boolean> lock(Transaction transaction, String key) {
        return transaction.run(LOCK, key).map(rows -> rows.size() == 1);
    }

    Uni<List<Stored>> take(Transaction transaction, String key, int limit) {
        return transaction
                .run(TAKE, key, limit)
                .map(rows -> rows.stream().map(ParkedEvents::stored).toList());
    }

    /// Lets go of what has had its effect, and of the key if it was the last.
    ///
    /// @return how many are left
    Uni<Long> release(Transaction transaction, String key, List<Stored> done) {
        return transaction
                .change(done.size(), DELETE, (Object) column(done, Long[]::new, Stored::position))
                .chain(() -> free(transaction, key));
    }

    /// Notes that a replay was in vain.
    Uni<Void> noteFailure(Transaction transaction, String key, long position, String error) {
        return transaction
                .run(NOTE_ERROR, position, error)
                .chain(() -> transaction.run(COUNT_REPLAY, key))
                .replaceWithVoid();
    }

    /// @param position null for all of the key
    /// @return how many were discarded
    Uni<Integer> discard(Transaction transaction, String key, @Nullable Long position) {
        return transaction
                .run(DISCARD, key, position, utc(clock.instant()))
                .map(rows -> rows.rowCount())
                .call(() -> free(transaction, key));
    }

    private static Uni<Long> free(Transaction transaction, String key) {
        return transaction
                .run(FREE, key)
                .chain(() -> transaction.run(LEFT, key))
                .map(rows -> rows.iterator().next().getLong("events"));
    }

    private static ParkedKey key(Row row) {
        return new ParkedKey(
                row.getString("key"),
                row.getLong("events"),
                row.getString("type"),
                row.getString("error"),
                instant(row, "parked_at"),
                row.getInteger("replays"));
    }

    private static ParkedEvent event(Row row) {
        return new ParkedEvent(
                row.getLong("position"),
                row.getString("place"),
                instant(row, "record_time"),
                row.getUUID("event_id"),
                row.getString("type"),
                row.getString("error"),
                instant(row, "parked_at"));
    }

    private static Stored stored(Row row) {
        var body = row.getDelegate().getBuffer("body");
        return new Stored(
                row.getLong("position"),
                row.getUUID("event_id"),
                Received.decode(
                        HeaderJson.read((JsonArray) row.getJson("headers")),
                        body == null ? null : body.getBytes()));
    }

    private static <R, T> @Nullable T[] column(
            List<R> rows, Function<Integer, T[]> array, Function<R, @Nullable T> value) {
        @Nullable T[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        return column;
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    private static OffsetDateTime utc(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
