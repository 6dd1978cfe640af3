package dev.quadrille.delivery;

import dev.quadrille.contract.Envelope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A record on its way into the table of what is parked.
///
/// @param eventId null for what could not be read, which therefore stands in no inbox
/// @param error null for what only follows another of its key
record ParkedRecord(Received received, @Nullable UUID eventId, @Nullable String error) {

    private static final int MAX_TYPE_CHARACTERS = 100;

    static ParkedRecord unfit(Received received, String error) {
        return new ParkedRecord(received, null, error);
    }

    static ParkedRecord failed(Received received, Envelope<?> event, Throwable failure) {
        return new ParkedRecord(received, event.id(), Fault.described(failure));
    }

    static ParkedRecord following(Received received, Envelope<?> event) {
        return new ParkedRecord(received, event.id(), null);
    }

    String key() {
        return received.key();
    }

    /// As the record says, which may be anything.
    @Nullable String type() {
        var type = Received.header(received.record().headers(), "ce_type");
        return type == null || type.length() <= MAX_TYPE_CHARACTERS
                ? type
                : type.substring(0, MAX_TYPE_CHARACTERS);
    }

    Instant recordTime() {
        return Instant.ofEpochMilli(received.record().timestamp());
    }
}
