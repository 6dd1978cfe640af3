package dev.quadrille.contract;

import static com.fasterxml.jackson.databind.cfg.CoercionAction.Fail;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
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

    static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(
                                            UUID.class,
                                            new FromText<>(UUID.class, CloudEvents::uuid))
                                    .addDeserializer(
                                            Instant.class,
                                            new FromText<>(Instant.class, Instants::parse)))
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                    // A reader ignores what a newer writer added, and nothing else.
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    // A member is there and not null, unless a later version added it as optional:
                    // then it is marked @Nullable and @JsonSetter(nulls = Nulls.SET).
                    .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfigDefaults(any ->
                            any.setCoercion(CoercionInputShape.Integer, Fail)
                                    .setCoercion(CoercionInputShape.Float, Fail)
                                    .setCoercion(CoercionInputShape.Boolean, Fail)
                                    .setCoercion(CoercionInputShape.EmptyString, Fail)
                                    .setAcceptBlankAsEmpty(false))
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
            var event = event(body, type);
            var subject = header.apply("ce_subject");
            Check.that(
                    subject == null || subject.equals(event.subject()),
                    "header ce_subject is not the subject of the body");
            return new Decoded.Known(
                    new Envelope<>(
                            required(header, "ce_id", CloudEvents::uuid),
                            required(header, "ce_time", Instants::parse),
                            required(header, "ce_sequence", Long::parseLong),
                            optional(header, "ce_causationid", CloudEvents::uuid),
                            header.apply("traceparent"),
                            event));
        } catch (IOException | Check.Broken e) {
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

    private static DomainEvent event(byte[] body, EventType type) throws IOException {
        DomainEvent event = JSON.readValue(body, type.recordClass());
        if (event == null) {
            throw new Check.Broken("the body is null");
        }
        return event;
    }

    private static <T> T required(
            Function<String, @Nullable String> header, String name, Function<String, T> parse) {
        var value = optional(header, name, parse);
        if (value == null) {
            throw new Check.Broken("header " + name + " is missing");
        }
        return value;
    }

    private static <T> @Nullable T optional(
            Function<String, @Nullable String> header, String name, Function<String, T> parse) {
        var value = header.apply(name);
        if (value == null) {
            return null;
        }
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException | DateTimeException _) {
            throw new Check.Broken("header " + name + " is malformed");
        }
    }

    /// Stricter than [UUID#fromString], which reads `1-1-1-1-1` too.
    private static UUID uuid(String text) {
        var uuid = UUID.fromString(text);
        Check.that(uuid.toString().equalsIgnoreCase(text), "a UUID is written in full");
        return uuid;
    }

    /// The place and the rule. Jackson's own messages quote what they could not read.
    private static String said(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Check.Broken broken) {
                return place(e) + broken.getMessage();
            }
            if (cause instanceof JsonParseException parse) {
                var at = parse.getLocation();
                return "not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr();
            }
        }
        return place(e) + "not as the schema says";
    }

    /// Such as `lines[0].sku: `. The names are the contract's own members, never the sender's.
    private static String place(Exception e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        var place = new StringBuilder();
        for (var step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return place.append(": ").toString();
    }
}
