package dev.quadrille.order.adapter.postgres;

import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.EventType;
import dev.quadrille.delivery.Announcement;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that happened to an order, as this service saw it.
///
/// @param at when it happened, by the clock of whoever announced it
public record TimelineEntry(
        UUID orderId,
        EventType type,
        long sequence,
        Instant at,
        @Nullable UUID causationId,
        @Nullable String traceparent) {

    public static TimelineEntry heard(UUID orderId, Envelope<?> event) {
        return new TimelineEntry(
                orderId,
                event.type(),
                event.sequence(),
                event.time(),
                event.causationId(),
                event.traceparent());
    }

    public static TimelineEntry announced(UUID orderId, Announcement announcement) {
        return new TimelineEntry(
                orderId,
                EventType.of(announcement.event()),
                announcement.sequence(),
                announcement.time(),
                announcement.causationId(),
                announcement.traceparent());
    }
}
