package dev.quadrille.contract;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.function.Function;

/// Reads a value from a JSON string and from nothing else. Jackson's own readers take a number for
/// a time and Base64 for a UUID too, which no schema of the contract allows.
final class FromText<T> extends StdScalarDeserializer<T> {

    private final transient Function<String, T> parse;

    FromText(Class<T> type, Function<String, T> parse) {
        super(type);
        this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw MismatchedInputException.from(parser, handledType(), "not a string");
        }
        try {
            return parse.apply(parser.getText());
        } catch (IllegalArgumentException | DateTimeException _) {
            throw MismatchedInputException.from(parser, handledType(), "malformed");
        }
    }
}
