package dev.quadrille.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A released Kafka record.
///
/// @param name such as `order-placed/1` or, of an edge, `order-placed/1-large-unicode`
record GoldenSample(
        String name,
        EventType type,
        int version,
        String topic,
        String key,
        Map<String, String> headers,
        JsonNode body) {

    static GoldenSample of(String file) {
        var document = Released.read(file);
        var name = file.substring("samples/".length(), file.length() - ".json".length());
        var slash = name.indexOf('/');
        var headers = new LinkedHashMap<String, String>();
        document.get("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().textValue()));
        return new GoldenSample(
                name,
                EventType.named(name.substring(0, slash)).orElseThrow(),
                Integer.parseInt(name.substring(slash + 1).split("-", 2)[0]),
                document.get("topic").textValue(),
                document.get("key").textValue(),
                headers,
                document.get("body"));
    }

    Decoded decoded() {
        return decodedWith(body);
    }

    /// What a reader makes of another body under this sample's headers.
    Decoded decodedWith(JsonNode body) {
        return decodedWith(body.toString().getBytes(StandardCharsets.UTF_8));
    }

    Decoded decodedWith(byte @Nullable [] body) {
        return CloudEvents.decode(headers::get, body);
    }

    /// What a reader makes of this sample's body when a header says something else.
    ///
    /// @param value null to leave the header out
    Decoded decodedWith(String header, @Nullable String value) {
        return CloudEvents.decode(
                name -> name.equals(header) ? value : headers.get(name), bodyBytes());
    }

    Envelope<?> envelope() {
        return switch (decoded()) {
            case Decoded.Known(var envelope) -> envelope;
            case Decoded.UnknownType(var unknown) -> throw new AssertionError(unknown);
            case Decoded.Unreadable(var error) -> throw new AssertionError(name + ": " + error);
        };
    }

    byte[] bodyBytes() {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return name;
    }
}
