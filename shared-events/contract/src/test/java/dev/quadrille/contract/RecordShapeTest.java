package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sees the comparison fail, since in the released contract it never does.
class RecordShapeTest {

    enum Size {
        SMALL,
        LARGE
    }

    record Code(@JsonValue String value) {}

    record Part(int quantity, Code code) {}

    record Event(
            UUID id,
            List<Part> parts,
            Size size,
            @Nullable @JsonSetter(nulls = Nulls.SET) String remark) {}

    private static final String SCHEMA =
            """
            {
              "type": "object",
              "required": ["id", "parts", "size"],
              "properties": {
                "id": {"type": "string", "format": "uuid"},
                "parts": {"type": "array", "items": {"$ref": "#/$defs/part"}},
                "size": {"type": "string", "enum": ["SMALL", "LARGE"]},
                "remark": {"type": "string"}
              },
              "$defs": {
                "part": {
                  "type": "object",
                  "required": ["quantity", "code"],
                  "properties": {
                    "quantity": {"type": "integer", "format": "int32"},
                    "code": {"type": "string"}
                  }
                }
              }
            }
            """;

    @Test
    void recordThatFitsHasNoDifference() {
        assertThat(differences(Event.class, SCHEMA)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // the record gained a member, or made it required
                "'remark': {'type': 'string'} -> ",
                "'quantity': {'type': 'integer', 'format': 'int32'}, -> ",
                "['quantity', 'code'] -> ['quantity']",
                // the record lost a member, or made it optional
                "'remark': { -> 'gone': {'type': 'string'}, 'remark': {",
                "['id', 'parts', 'size'] -> ['id', 'parts', 'size', 'remark']",
                // a member changed its type
                "'format': 'int32' -> 'format': 'int64'",
                "'type': 'string', 'format': 'uuid' -> 'type': 'string'",
                "'remark': {'type': 'string'} -> 'remark': {'type': 'boolean'}",
                "'type': 'array' -> 'type': 'object'",
                "'code': {'type': 'string'} -> 'code': {'type': 'object'}",
                // an enum gained or lost a value
                "['SMALL', 'LARGE'] -> ['SMALL']",
                "['SMALL', 'LARGE'] -> ['SMALL', 'LARGE', 'HUGE']"
            })
    void schemaThatSaysSomethingElseIsFound(String change) {
        var parts = change.replace('\'', '"').split("->", 2);
        assertThat(compact(SCHEMA)).contains(compact(parts[0]));

        var changed =
                compact(SCHEMA).replace(compact(parts[0]), compact(parts[1])).replace(",}", "}");

        assertThat(differences(Event.class, changed)).isNotEmpty();
    }

    @Test
    void typeWithoutARuleIsFound() {
        record Unruly(Object anything) {}

        var differences =
                differences(
                        Unruly.class,
                        """
                        {"type": "object", "required": ["anything"], "properties": {"anything": {}}}
                        """);

        assertThat(differences).singleElement().asString().contains("there is no rule");
    }

    @Test
    void optionalMemberThatTheCodecInsistsOnIsFound() {
        record Insisting(@Nullable String remark) {}

        var differences =
                differences(
                        Insisting.class,
                        """
                        {"type": "object", "properties": {"remark": {"type": "string"}}}
                        """);

        assertThat(differences).singleElement().asString().contains("the codec insists on it");
    }

    private static List<String> differences(Class<?> record, String schema) {
        return RecordShape.differences(record, Released.json(schema));
    }

    private static String compact(String json) {
        return json.replaceAll("\\s", "");
    }
}
