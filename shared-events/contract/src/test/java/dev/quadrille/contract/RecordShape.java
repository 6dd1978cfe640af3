package dev.quadrille.contract;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Compares a record, deep, with the schema of the JSON that it becomes.
final class RecordShape {

    /// The `type` and the `format` that a schema gives a value.
    private record Kind(String type, @Nullable String format) {}

    private static final Map<Class<?>, Kind> KINDS =
            Map.of(
                    String.class, new Kind("string", null),
                    UUID.class, new Kind("string", "uuid"),
                    Instant.class, new Kind("string", "date-time"),
                    int.class, new Kind("integer", "int32"),
                    Integer.class, new Kind("integer", "int32"),
                    long.class, new Kind("integer", "int64"),
                    Long.class, new Kind("integer", "int64"),
                    boolean.class, new Kind("boolean", null),
                    Boolean.class, new Kind("boolean", null));

    private final JsonNode schema;
    private final List<String> differences = new ArrayList<>();

    private RecordShape(JsonNode schema) {
        this.schema = schema;
    }

    /// A sentence for each difference; empty when the record and the schema say the same.
    static List<String> differences(Class<?> record, JsonNode schema) {
        var shape = new RecordShape(schema);
        shape.compare("the event", record, schema);
        return shape.differences;
    }

    private void compare(String place, Type type, JsonNode reference) {
        var node = LocalReference.followed(schema, reference);
        switch (type) {
            case Class<?> scalar when KINDS.containsKey(scalar) ->
                    compareKind(place, KINDS.get(scalar), node);
            case Class<?> constants when constants.isEnum() -> compareEnum(place, constants, node);
            case Class<?> record when record.isRecord() -> compareRecord(place, record, node);
            case ParameterizedType list when list.getRawType() == List.class -> {
                compareKind(place, new Kind("array", null), node);
                compare(place + "[]", list.getActualTypeArguments()[0], node.path("items"));
            }
            default -> differences.add(place + " is a " + type + ", for which there is no rule");
        }
    }

    private void compareRecord(String place, Class<?> record, JsonNode node) {
        for (var component : record.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonValue.class)) {
                compare(place, component.getGenericType(), node);
                return;
            }
        }
        compareKind(place, new Kind("object", null), node);

        var components = Stream.of(record.getRecordComponents()).toList();
        var properties = node.path("properties");
        var members = components.stream().map(RecordComponent::getName).collect(toSet());
        compareNames(place + " has the member %s", members, names(properties));
        compareNames(
                place + " requires the member %s",
                components.stream()
                        .filter(component -> !isNullable(component))
                        .map(RecordComponent::getName)
                        .collect(toSet()),
                texts(node.path("required")));
        for (var component : components) {
            if (isNullable(component) && !mayBeAbsent(component)) {
                differences.add(
                        place
                                + "."
                                + component.getName()
                                + " is optional, but the codec insists on it: it lacks"
                                + " @JsonSetter(nulls = Nulls.SET)");
            }
            if (properties.has(component.getName())) {
                compare(
                        place + "." + component.getName(),
                        component.getGenericType(),
                        properties.get(component.getName()));
            }
        }
    }

    private void compareEnum(String place, Class<?> constants, JsonNode node) {
        compareKind(place, new Kind("string", null), node);
        compareNames(
                place + " may be %s",
                Stream.of(constants.getEnumConstants())
                        .map(constant -> ((Enum<?>) constant).name())
                        .collect(toSet()),
                texts(node.path("enum")));
    }

    private void compareKind(String place, Kind inRecord, JsonNode node) {
        var format = node.path("format").textValue();
        var inSchema = new Kind(node.path("type").asText("missing"), format);
        if (!inRecord.equals(inSchema)) {
            differences.add(
                    place + " is " + inRecord + " in the record, " + inSchema + " in the schema");
        }
    }

    private void compareNames(String claim, Set<String> inRecord, Set<String> inSchema) {
        inRecord.stream()
                .filter(name -> !inSchema.contains(name))
                .map(name -> claim.formatted(name) + " in the record, not in the schema")
                .forEach(differences::add);
        inSchema.stream()
                .filter(name -> !inRecord.contains(name))
                .map(name -> claim.formatted(name) + " in the schema, not in the record")
                .forEach(differences::add);
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static boolean mayBeAbsent(RecordComponent component) {
        var setter = component.getAccessor().getAnnotation(JsonSetter.class);
        return setter != null && setter.nulls() == Nulls.SET;
    }

    private static Set<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).collect(toSet());
    }

    private static Set<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::textValue).collect(toSet());
    }
}
