package dev.quadrille.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Events as [CloudEvents
/// 1.0](https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md)
/// in binary mode over Kafka: the attributes are headers with the prefix `ce_`, the body is the
/// event alone.
public final class CloudEvents {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                    // A reader ignores what a newer writer added, and nothing else.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    // An error names the place, never the data: it may be somebody's address.
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build();

    private CloudEvents() {}

    public static EncodedEvent encode(Envelope<?> envelope) {
        var type = envelope.type();
        return new EncodedEvent(
                type.topic(),
                envelope.event().subject(),
                attributes(type, envelope),
                body(envelope.event()));
    }

    /// Reads a record's headers and body. Never throws for what stands in them.
    ///
    /// @param header the value of a header by its name, or null
    /// @param body null for a record without a value
    public static Decoded decode(
            Function<String, @Nullable String> header, byte @Nullable [] body) {
        var typeName = header.apply("ce_type");
        if (typeName == null) {
            return new Decoded.Unreadable("header ce_type is missing");
        }
        var type = EventType.named(typeName).orElse(null);
        if (type == null) {
            return new Decoded.UnknownType(typeName);
        }
        if (body == null) {
            return new Decoded.Unreadable("the body is missing");
        }
        try {
            var event = JSON.readValue(body, type.recordClass());
            return new Decoded.Known(
                    new Envelope<>(
                            UUID.fromString(required(header, "ce_id")),
                            Instant.parse(required(header, "ce_time")),
                            Long.parseLong(required(header, "ce_sequence")),
                            causation(header),
                            header.apply("traceparent"),
                            event));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return new Decoded.Unreadable(said(e));
        }
    }

    private static EventAttributes attributes(EventType type, Envelope<?> envelope) {
        var causationId = envelope.causationId();
        return new EventAttributes(
                envelope.id().toString(),
                type.topic().source(),
                type.wireName(),
                envelope.time().toString(),
                envelope.event().subject(),
                type.dataSchema(),
                envelope.sequence(),
                causationId == null ? null : causationId.toString(),
                envelope.traceparent());
    }

    private static String body(DomainEvent event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + event.getClass(), e);
        }
    }

    private static String required(Function<String, @Nullable String> header, String name) {
        var value = header.apply(name);
        if (value == null) {
            throw new IllegalArgumentException("header " + name + " is missing");
        }
        return value;
    }

    private static @Nullable UUID causation(Function<String, @Nullable String> header) {
        var value = header.apply("ce_causationid");
        return value == null ? null : UUID.fromString(value);
    }

    private static String said(Exception e) {
        return e instanceof JsonProcessingException json
                ? json.getOriginalMessage()
                : String.valueOf(e.getMessage());
    }
}
