package dev.quadrille.delivery;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// A record's headers as JSON that a person can read and that loses no byte.
final class HeaderJson {

    private static final String NAME = "name";
    private static final String VALUE = "value";
    private static final String BASE64 = "base64";

    private HeaderJson() {}

    static String write(Headers headers) {
        var array = new JsonArray();
        for (var header : headers) {
            var entry = new JsonObject();
            putText(entry, NAME, header.key().getBytes(StandardCharsets.UTF_8));
            if (header.value() != null) {
                putText(entry, VALUE, header.value());
            }
            array.add(entry);
        }
        return array.encode();
    }

    static Headers read(JsonArray array) {
        var headers = new RecordHeaders();
        for (int i = 0; i < array.size(); i++) {
            var entry = array.getJsonObject(i);
            var name = bytes(entry, NAME);
            headers.add(
                    name == null ? "" : new String(name, StandardCharsets.UTF_8),
                    bytes(entry, VALUE));
        }
        return headers;
    }

    /// `"value": "text"`, or `"value": {"base64": "…"}` for what is no text, or no text that
    /// PostgreSQL stores.
    private static void putText(JsonObject entry, String member, byte[] bytes) {
        var text = text(bytes);
        if (text == null) {
            entry.put(
                    member,
                    new JsonObject().put(BASE64, Base64.getEncoder().encodeToString(bytes)));
        } else {
            entry.put(member, text);
        }
    }

    private static byte @Nullable [] bytes(JsonObject entry, String member) {
        return switch (entry.getValue(member)) {
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case JsonObject encoded -> Base64.getDecoder().decode(encoded.getString(BASE64));
            case null -> null;
            default ->
                    throw new IllegalStateException(member + " of a parked header is of no kind");
        };
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            var text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
