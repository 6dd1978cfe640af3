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
    private static final int MAX_ERROR_CHARACTERS = 2_000;

    static ParkedRecord unfit(Received received, String error) {
        return new ParkedRecord(received, null, atMost(error, MAX_ERROR_CHARACTERS));
    }

    static ParkedRecord failed(Received received, Envelope<?> event, Throwable failure) {
        return new ParkedRecord(
                received, event.id(), atMost(Fault.described(failure), MAX_ERROR_CHARACTERS));
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
        return type == null ? null : atMost(type, MAX_TYPE_CHARACTERS);
    }

    Instant recordTime() {
        return Instant.ofEpochMilli(received.record().timestamp());
    }

    private static String atMost(String text, int characters) {
        return text.length() <= characters ? text : text.substring(0, characters);
    }
}
