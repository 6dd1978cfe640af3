package dev.quadrille.payment.adapter.postgres;

import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.Envelope;
import dev.quadrille.delivery.Announcement;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The event that brought a payment to its state, kept until the provider has answered: what is
/// announced then is announced as an answer to it.
public record Cause(UUID eventId, @Nullable String traceparent) {

    public static Cause of(Envelope<?> event) {
        return new Cause(event.id(), event.traceparent());
    }

    public Announcement announce(DomainEvent event, long sequence, Instant now) {
        return new Announcement(event, sequence, now, eventId, traceparent);
    }
}
