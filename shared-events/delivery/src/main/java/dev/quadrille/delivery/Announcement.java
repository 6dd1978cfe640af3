package dev.quadrille.delivery;

import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.Envelope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event that a transaction wants announced.
///
/// @param sequence the version that the event brought its aggregate to
/// @param time when it was decided
/// @param causationId the event that this one answers; null for what a person or a clock began
/// @param traceparent the trace it belongs to
public record Announcement(
        DomainEvent event,
        long sequence,
        Instant time,
        @Nullable UUID causationId,
        @Nullable String traceparent) {

    public static Announcement of(DomainEvent event, long sequence, Instant time) {
        return new Announcement(event, sequence, time, null, null);
    }

    public static Announcement answering(
            Envelope<?> cause, DomainEvent event, long sequence, Instant time) {
        return new Announcement(event, sequence, time, cause.id(), cause.traceparent());
    }
}
