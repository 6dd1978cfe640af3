package dev.quadrille.contract;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a newer version of a schema breaks.
///
/// Old and new meet in both directions: a reader that was built on the older version gets what a
/// newer writer writes, and the newest reader gets what lies on the topic from before. Both survive
/// only if what the versions share means the same, and what the newer one adds is optional:
///
/// | change                                  | who breaks                                     |
/// |-----------------------------------------|------------------------------------------------|
/// | required member gone or optional        | the older reader, who insists on it            |
/// | member added as required, or made so    | the newer reader, on what was written before   |
/// | type, format, pattern or bound changed  | one of them, by whether it got wider or closer |
/// | enum value added                        | the older reader, who has no such constant     |
/// | enum value gone                         | the newer reader, on what was written before   |
/// | unknown members forbidden               | the reader who is to ignore them               |
///
/// An enum to which values may come is not an enum in the schema but a string with examples; what
/// fits none of this is a new type of event. A keyword that this class does not know is reported,
/// since nobody can say what it breaks.
final class SchemaEvolution {

    private static final Set<String> NOTES =
            Set.of("$schema", "$id", "$defs", "title", "description", "examples", "$comment");
    private static final Set<String> STRUCTURE =
            Set.of("$ref", "properties", "required", "items", "additionalProperties");
    private static final Set<String> CONSTRAINTS =
            Set.of(
                    "type",
                    "format",
                    "pattern",
                    "const",
                    "minimum",
                    "maximum",
                    "minLength",
                    "maxLength",
                    "minItems",
                    "maxItems");

    private final JsonNode older;
    private final JsonNode newer;
    private final List<String> breaks = new ArrayList<>();

    private SchemaEvolution(JsonNode older, JsonNode newer) {
        this.older = older;
        this.newer = newer;
    }

    /// A sentence for each thing that breaks; empty when old and new get along.
    static List<String> breaks(JsonNode older, JsonNode newer) {
        var evolution = new SchemaEvolution(older, newer);
        evolution.compare("the event", older, newer);
        return evolution.breaks;
    }

    private void compare(String place, JsonNode olderReference, JsonNode newerReference) {
        var before = LocalReference.followed(older, olderReference);
        var after = LocalReference.followed(newer, newerReference);
        reportUnknownKeywords(place, before);
        reportUnknownKeywords(place, after);
        for (var keyword : new TreeSet<>(CONSTRAINTS)) {
            if (!before.path(keyword).equals(after.path(keyword))) {
                breaks.add(
                        "%s has the %s %s, had %s"
                                .formatted(
                                        place, keyword, after.path(keyword), before.path(keyword)));
            }
        }
        compareEnum(place, before, after);
        compareMembers(place, before, after);
        if (before.has("items") || after.has("items")) {
            compare(place + "[]", before.path("items"), after.path("items"));
        }
    }

    private void compareEnum(String place, JsonNode before, JsonNode after) {
        if (before.has("enum") != after.has("enum")) {
            breaks.add(place + " is an enum in one version only");
        }
        minus(values(after, "enum"), values(before, "enum"))
                .forEach(value -> breaks.add(place + " may be " + value + ", unknown before"));
        minus(values(before, "enum"), values(after, "enum"))
                .forEach(value -> breaks.add(place + " may not be " + value + " any more"));
    }

    private void compareMembers(String place, JsonNode before, JsonNode after) {
        minus(values(before, "required"), values(after, "required"))
                .forEach(name -> breaks.add(place + " no longer requires " + name));
        minus(values(after, "required"), values(before, "required"))
                .forEach(name -> breaks.add(place + " requires " + name + ", absent before"));
        if (before.path("additionalProperties").isBoolean()
                || after.path("additionalProperties").isBoolean()) {
            breaks.add(place + " settles additionalProperties; readers ignore unknown members");
        }
        var members = after.path("properties");
        before.path("properties")
                .propertyStream()
                .filter(member -> members.has(member.getKey()))
                .forEach(member ->
                        compare(
                                place + "." + member.getKey(),
                                member.getValue(),
                                members.get(member.getKey())));
        members.propertyStream()
                .filter(member -> !before.path("properties").has(member.getKey()))
                .forEach(member -> compareWithItself(place, member));
    }

    /// An added member breaks nothing, but it must be of keywords that are understood.
    private void compareWithItself(String place, Map.Entry<String, JsonNode> member) {
        var resolved = LocalReference.followed(newer, member.getValue());
        reportUnknownKeywords(place + "." + member.getKey(), resolved);
    }

    private void reportUnknownKeywords(String place, JsonNode node) {
        if (node instanceof MissingNode) {
            return;
        }
        node.propertyStream()
                .map(Map.Entry::getKey)
                .filter(keyword -> !NOTES.contains(keyword))
                .filter(keyword -> !STRUCTURE.contains(keyword))
                .filter(keyword -> !CONSTRAINTS.contains(keyword))
                .filter(keyword -> !keyword.equals("enum"))
                .forEach(keyword ->
                        breaks.add(place + " uses " + keyword + ", which has no rule here"));
    }

    private static Set<String> values(JsonNode node, String keyword) {
        return node.path(keyword).valueStream().map(JsonNode::asText).collect(toSet());
    }

    private static Set<String> minus(Set<String> from, Set<String> what) {
        var rest = new TreeSet<>(from);
        rest.removeAll(what);
        return rest;
    }
}
