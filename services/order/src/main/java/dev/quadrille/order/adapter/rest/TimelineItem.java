package dev.quadrille.order.adapter.rest;

import dev.quadrille.order.adapter.postgres.TimelineEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that happened to an order.
///
/// @param source the service that announced it, such as `/inventory`
/// @param sequence the version that it brought its aggregate to
public record TimelineItem(
        String type,
        String source,
        long sequence,
        Instant at,
        @Nullable UUID causationId,
        @Nullable String traceId) {

    static TimelineItem of(TimelineEntity entity) {
        return new TimelineItem(
                entity.type,
                entity.source,
                entity.sequence,
                entity.occurredAt,
                entity.causationId,
                traceId(entity.traceparent));
    }

    /// The second part of a [W3C
    /// traceparent](https://www.w3.org/TR/trace-context/#traceparent-header).
    private static @Nullable String traceId(@Nullable String traceparent) {
        return traceparent == null ? null : traceparent.split("-", 3)[1];
    }
}
