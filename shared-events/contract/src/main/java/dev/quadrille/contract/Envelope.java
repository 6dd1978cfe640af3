package dev.quadrille.contract;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event with all that is said about it on the wire. Source, type, subject and schema follow
/// from the event.
///
/// @param id a UUIDv7; whoever has seen it has seen the event
/// @param time when it happened, to the microsecond
/// @param sequence the version of the aggregate that the event brought it to, from 1: an order's, a
///   reservation's, a payment's, a notification's, a product's
/// @param causationId the id of the event that this one answers; null for what a person or a clock
///   began
/// @param traceparent the W3C trace context it belongs to
public record Envelope<E extends DomainEvent>(
        UUID id,
        Instant time,
        long sequence,
        @Nullable UUID causationId,
        @Nullable String traceparent,
        E event) {

    public Envelope {
        Check.that(sequence >= 1, "a sequence counts from 1");
    }

    public EventType type() {
        return EventType.of(event);
    }
}
