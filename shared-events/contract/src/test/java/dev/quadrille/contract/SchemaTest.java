package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaTest {

    @ParameterizedTest
    @EnumSource
    void recordAndNewestSchemaSayTheSame(EventType type) {
        var schema = Released.schema(type, type.version());

        assertThat(RecordShape.differences(type.recordClass(), schema))
                .as("a new shape is a new version, with a schema and a sample of its own")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void schemaIsNamedAsItsTypeSays(EventType type) {
        for (int version : Released.versions(type)) {
            var schema = Released.schema(type, version);

            assertThat(schema.path("$schema").textValue())
                    .isEqualTo("https://json-schema.org/draft/2020-12/schema");
            assertThat(schema.path("$id").textValue())
                    .isEqualTo("urn:quadrille:" + type.wireName() + ":" + version);
        }
        assertThat(Released.schema(type, type.version()).path("$id").textValue())
                .isEqualTo(type.dataSchema());
    }

    @ParameterizedTest
    @EnumSource
    void schemaExplainsEveryMember(EventType type) {
        for (int version : Released.versions(type)) {
            var schema = Released.schema(type, version);

            assertThat(schema.path("description").asText()).contains("Readers ignore members");
            assertThat(membersWithoutDescription(schema, "the event", schema)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void schemaHasTheRulesOfTheRecords(EventType type) {
        var schema = Released.schema(type, type.version());

        assertThat(schema.findValues("sku"))
                .filteredOn(node -> node.has("pattern"))
                .allSatisfy(sku ->
                        assertThat(sku.get("pattern").textValue())
                                .isEqualTo("^" + Sku.PATTERN + "$"));
    }

    private static Stream<String> membersWithoutDescription(
            JsonNode schema, String place, JsonNode reference) {
        var node = LocalReference.followed(schema, reference);
        var described = reference.has("description") || node.has("description");
        return Stream.of(
                        described ? Stream.<String>empty() : Stream.of(place),
                        node.path("properties")
                                .propertyStream()
                                .flatMap(member ->
                                        membersWithoutDescription(
                                                schema,
                                                place + "." + member.getKey(),
                                                member.getValue())),
                        node.has("items")
                                ? membersWithoutDescription(schema, place + "[]", node.get("items"))
                                : Stream.<String>empty())
                .flatMap(places -> places);
    }
}
