package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaEvolutionTest {

    private static final String VERSION_1 =
            """
            {
              "$id": "urn:quadrille:parcel-packed:1",
              "type": "object",
              "required": ["id", "size", "parts"],
              "properties": {
                "id": {"description": "Of the parcel.", "type": "string", "format": "uuid"},
                "size": {"type": "string", "enum": ["SMALL", "LARGE"]},
                "parts": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/part"}},
                "remark": {"type": "string", "maxLength": 80}
              },
              "$defs": {
                "part": {
                  "type": "object",
                  "required": ["quantity"],
                  "properties": {
                    "quantity": {"type": "integer", "format": "int32", "minimum": 1},
                    "hint": {"type": "string"}
                  }
                }
              }
            }
            """;

    /// Every pair and not only neighbours: a member that left may not come back as something else.
    @ParameterizedTest
    @EnumSource
    void noVersionBreaksTheReadersOfAnother(EventType type) {
        for (int older : Released.versions(type)) {
            for (int newer = older; newer <= type.version(); newer++) {
                assertThat(
                                SchemaEvolution.breaks(
                                        Released.schema(type, older), Released.schema(type, newer)))
                        .as("%s, from version %d to %d", type.wireName(), older, newer)
                        .isEmpty();
            }
        }
    }

    @Test
    void sameSchemaBreaksNobody() {
        assertThat(breaks(VERSION_1, VERSION_1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parcel-packed:1 -> parcel-packed:2",
                "Of the parcel. -> Of the parcel, as printed on it.",
                "'remark': { -> 'weight': {'type': 'integer', 'minimum': 0}, 'remark': {",
                "'hint': {'type': 'string'} -> 'hint': {'type': 'string'}, 'colour': {'type':"
                        + " 'string'}",
                ", 'hint': {'type': 'string'} -> "
            })
    void additionBreaksNobody(String change) {
        assertThat(breaks(VERSION_1, changed(change))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    'size', 'parts'] -> 'size']                        | no longer requires parts
                    ['quantity'] -> []                                 | no longer requires quantity
                    'parts'] -> 'parts', 'remark']                     | requires remark, absent before
                    ['quantity'] -> ['quantity', 'hint']               | requires hint, absent before
                    'integer' -> 'number'                              | .parts[].quantity has the type
                    'format': 'uuid' -> 'format': 'uri'                | .id has the format
                    'minimum': 1 -> 'minimum': 0                       | .parts[].quantity has the minimum
                    'minimum': 1 -> 'minimum': 2                       | .parts[].quantity has the minimum
                    'minItems': 1 -> 'maxItems': 1                     | .parts has the minItems
                    'maxLength': 80 -> 'maxLength': 200                | .remark has the maxLength
                    {'type': 'string', 'maxLength': 80} -> {'type': 'integer'} | .remark has the type
                    {'$ref': '#/$defs/part'} -> {'type': 'string'}     | .parts[] has the type
                    'LARGE'] -> 'LARGE', 'HUGE']                       | may be HUGE, unknown before
                    'SMALL', 'LARGE' -> 'SMALL'                        | may not be LARGE any more
                    'enum': ['SMALL', 'LARGE'] -> 'examples': ['SMALL'] | an enum in one version only
                    'remark': { -> 'weight': {'oneOf': []}, 'remark': { | uses oneOf, which has no rule
                    'hint': {'type': 'string'} -> 'hint': {'type': 'string', 'not': {}} | uses not, which has no rule
                    'format': 'int32' -> 'format': 'int64'             | .parts[].quantity has the format
                    """)
    void changeThatBreaksAReaderIsFound(String change, String expected) {
        assertThat(breaks(VERSION_1, changed(change)))
                .anySatisfy(said -> assertThat(said).contains(expected));
    }

    @Test
    void forbiddingUnknownMembersIsFound() {
        var closed =
                VERSION_1.replace(
                        "\"type\": \"object\",\n  \"required\"",
                        "\"type\": \"object\",\n"
                                + "  \"additionalProperties\": false,\n"
                                + "  \"required\"");

        assertThat(breaks(VERSION_1, closed))
                .singleElement()
                .asString()
                .contains("unknown members");
        assertThat(breaks(closed, closed)).isNotEmpty();
    }

    private static List<String> breaks(String older, String newer) {
        return SchemaEvolution.breaks(Released.json(older), Released.json(newer));
    }

    private static String changed(String change) {
        var parts = change.replace('\'', '"').split(" ?-> ?", 2);
        assertThat(VERSION_1.replaceAll("\\s+", " ")).contains(parts[0]);
        return VERSION_1.replaceAll("\\s+", " ").replace(parts[0], parts[1]);
    }
}
