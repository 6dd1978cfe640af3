package dev.quadrille.order.adapter.postgres;

import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;

/// Writes what happened to orders, and reads it for those who follow them.
@ApplicationScoped
public class Timeline {

    private static final String INSERT =
            """
            insert into timeline (order_id, type, source, sequence, occurred_at, causation_id, traceparent)
            select order_id, type, source, sequence, occurred_at, causation_id, traceparent
            from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::uuid[], $7::text[])
                 with ordinality
                 as entry (order_id, type, source, sequence, occurred_at, causation_id, traceparent, place)
            order by place
            """;

    // One statement sees one state of the database: the entries are all that belong to an order
    // that
    // is settled in it.
    private static final String NEWS =
            """
            select asked.place, asked.order_id, orders.settled, entry.position, entry.type, entry.source,
                   entry.sequence, entry.occurred_at, entry.causation_id, entry.traceparent
            from unnest($1::uuid[], $2::bigint[]) with ordinality as asked (order_id, after, place)
            join orders on orders.id = asked.order_id
            left join lateral (
                select position, type, source, sequence, occurred_at, causation_id, traceparent
                from timeline
                where timeline.order_id = asked.order_id and timeline.position > asked.after
                order by timeline.position
                limit $3
            ) as entry on true
            where entry.position is not null or orders.settled
            order by asked.place, entry.position
            """;

    /// What somebody wants to know of an order.
    ///
    /// @param after the position after which
    public record Asked(UUID orderId, long after) {}

    /// What there is to tell about it.
    ///
    /// @param place among those asked, from 0
    /// @param settled whether the order was settled when this was read
    public record News(int place, List<TimelineEntity> entries, boolean settled) {}

    /// What is new; those of whom there is nothing to tell are left out.
    ///
    /// @param maxEntries for each
    public Uni<List<News>> news(Transaction transaction, List<Asked> asked, int maxEntries) {
        return transaction
                .run(
                        NEWS,
                        asked.stream().map(Asked::orderId).toArray(UUID[]::new),
                        asked.stream().map(Asked::after).toArray(Long[]::new),
                        maxEntries)
                .map(rows -> {
                    var news = new LinkedHashMap<Integer, News>();
                    for (var row : rows) {
                        var told =
                                news.computeIfAbsent(
                                        row.getLong("place").intValue() - 1,
                                        place ->
                                                new News(
                                                        place,
                                                        new ArrayList<>(),
                                                        row.getBoolean("settled")));
                        if (row.getLong("position") != null) {
                            told.entries().add(TimelineEntity.of(row));
                        }
                    }
                    return List.copyOf(news.values());
                });
    }

    public Uni<Void> record(Transaction transaction, List<TimelineEntry> entries) {
        if (entries.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction.change(
                entries.size(),
                INSERT,
                entries.stream().map(TimelineEntry::orderId).toArray(UUID[]::new),
                entries.stream().map(entry -> entry.type().wireName()).toArray(String[]::new),
                entries.stream().map(entry -> entry.type().topic().source()).toArray(String[]::new),
                entries.stream().map(TimelineEntry::sequence).toArray(Long[]::new),
                entries.stream()
                        .map(entry -> OffsetDateTime.ofInstant(entry.at(), ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new),
                entries.stream().map(TimelineEntry::causationId).toArray(UUID[]::new),
                entries.stream()
                        .map(entry ->
                                entry.traceparent() == null
                                        ? transaction.traceparent()
                                        : entry.traceparent())
                        .toArray(String[]::new));
    }
}
