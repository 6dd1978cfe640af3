package dev.quadrille.delivery;

import dev.quadrille.contract.CloudEvents;
import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.Envelope;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A record that came from Kafka, and what it was read as.
///
/// @param key what it is kept in order by
record Received(ConsumerRecord<byte[], byte[]> record, String key, Content content) {

    /// No subject of the contract is longer, and a key has to fit into an index.
    private static final int MAX_KEY_CHARACTERS = 200;

    private static final char NUL = '\0';
    private static final char REPLACEMENT = '\uFFFD';

    sealed interface Content {

        /// An event of the contract.
        record Event(Envelope<?> envelope) implements Content {}

        /// A type that this version of the contract does not have. It is counted and passed over.
        record OfNoKnownType() implements Content {}

        /// Nothing that could be handed to the service; it is parked.
        record Unfit(String error) implements Content {}
    }

    static Received of(ConsumerRecord<byte[], byte[]> record) {
        var key = text(record.key());
        return key == null || key.isEmpty() || key.length() > MAX_KEY_CHARACTERS
                ? new Received(record, place(record), withoutKey(record))
                : new Received(record, key, content(record, key));
    }

    /// Such as `order-events-3@17`.
    String place() {
        return place(record);
    }

    static Decoded decode(Headers headers, byte @Nullable [] body) {
        return CloudEvents.decode(name -> header(headers, name), body);
    }

    static @Nullable String header(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : text(header.value());
    }

    private static Content content(ConsumerRecord<byte[], byte[]> record, String key) {
        return switch (decode(record.headers(), record.value())) {
            case Decoded.Known(var envelope) when !envelope.event().subject().equals(key) ->
                    new Content.Unfit(
                            "the record's key is not the event's subject, so its order among the"
                                    + " events of its subject is not known; send it again with its"
                                    + " subject as the key");
            case Decoded.Known(var envelope) -> new Content.Event(envelope);
            case Decoded.UnknownType _ -> new Content.OfNoKnownType();
            case Decoded.Unreadable(var error) -> new Content.Unfit(error);
        };
    }

    private static Content withoutKey(ConsumerRecord<byte[], byte[]> record) {
        return switch (decode(record.headers(), record.value())) {
            case Decoded.UnknownType _ -> new Content.OfNoKnownType();
            case Decoded.Known _ ->
                    new Content.Unfit(
                            "the record has no key that a subject could be, so its order among the"
                                    + " events of its subject is not known; send it again with its"
                                    + " subject as the key");
            case Decoded.Unreadable(var error) ->
                    new Content.Unfit(
                            "the record has no key that a subject could be, and " + error);
        };
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /// As PostgreSQL can store it.
    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null
                ? null
                : new String(bytes, StandardCharsets.UTF_8).replace(NUL, REPLACEMENT);
    }
}
