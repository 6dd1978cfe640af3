package dev.quadrille.contract;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A body that somebody spoiled in one place.
///
/// @param what names the place and what was done to it
record Mutation(String what, JsonNode body) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Removes each member and each element, and puts each of these values in its place.
    static Stream<Mutation> of(JsonNode body, List<String> texts) {
        var values = new ArrayList<JsonNode>(wrongValues());
        texts.forEach(text -> values.add(NODES.textNode(text)));
        return places(JsonPointer.empty(), body)
                .flatMap(place ->
                        Stream.concat(
                                Stream.of(replaced(body, place, null)),
                                values.stream().map(value -> replaced(body, place, value))));
    }

    private static List<JsonNode> wrongValues() {
        return List.of(
                NODES.nullNode(),
                NODES.booleanNode(true),
                NODES.numberNode(0),
                NODES.numberNode(-1),
                NODES.numberNode(1.5),
                NODES.numberNode(1L << 40),
                NODES.numberNode(BigInteger.TWO.pow(70)),
                NODES.textNode(""),
                NODES.textNode(" "),
                NODES.textNode("0"),
                NODES.textNode("1"),
                NODES.textNode("AAAAAAAAAAAAAAAAAAAAAA=="),
                NODES.arrayNode(),
                NODES.arrayNode().addNull(),
                NODES.arrayNode().add("1"),
                NODES.objectNode(),
                NODES.objectNode().put("value", 1));
    }

    private static Stream<JsonPointer> places(JsonPointer at, JsonNode node) {
        var below =
                switch (node) {
                    case ObjectNode object ->
                            object.propertyStream()
                                    .flatMap(member ->
                                            places(
                                                    at.appendProperty(member.getKey()),
                                                    member.getValue()));
                    case ArrayNode array ->
                            Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                                    .flatMap(i -> places(at.appendIndex(i), array.get(i)));
                    default -> Stream.<JsonPointer>empty();
                };
        return at.matches() ? below : Stream.concat(Stream.of(at), below);
    }

    private static Mutation replaced(JsonNode body, JsonPointer place, @Nullable JsonNode value) {
        var copy = body.deepCopy();
        switch (copy.at(place.head())) {
            case ObjectNode object when value == null ->
                    object.remove(place.last().getMatchingProperty());
            case ObjectNode object -> object.set(place.last().getMatchingProperty(), value);
            case ArrayNode array when value == null ->
                    array.remove(place.last().getMatchingIndex());
            case ArrayNode array -> array.set(place.last().getMatchingIndex(), value);
            default -> throw new IllegalStateException("nothing holds " + place);
        }
        return new Mutation(place + (value == null ? " removed" : " = " + value), copy);
    }
}
