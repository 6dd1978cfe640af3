package dev.quadrille.order.adapter.postgres;

import dev.quadrille.delivery.Transaction;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;

/// Writes what happened to orders.
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
