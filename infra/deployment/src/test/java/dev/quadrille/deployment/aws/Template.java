package dev.quadrille.deployment.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A CloudFormation template: its short forms (`!Ref`) are the long ones, its loops are unrolled.
///
/// @param parameters by name
/// @param resources by logical id
record Template(
        Map<String, JsonNode> parameters,
        Map<String, JsonNode> conditions,
        Map<String, JsonNode> resources,
        Map<String, JsonNode> outputs) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String LOOP = "Fn::ForEach::";
    private static final Pattern IN_SUB = Pattern.compile("\\$\\{([A-Za-z0-9.:]+)}");
    private static final Set<String> PSEUDO =
            Set.of(
                    "AWS::AccountId",
                    "AWS::NoValue",
                    "AWS::Partition",
                    "AWS::Region",
                    "AWS::StackName");

    /// @throws IllegalArgumentException if it is no YAML, or says something twice
    static Template of(String yaml) {
        var root = json(new Yaml().compose(new StringReader(yaml)));
        var resources = new LinkedHashMap<String, JsonNode>();
        root.path("Resources")
                .properties()
                .forEach(entry -> {
                    if (!entry.getKey().startsWith(LOOP)) {
                        resources.put(entry.getKey(), entry.getValue());
                        return;
                    }
                    var loop = entry.getValue();
                    for (var item : loop.get(1)) {
                        unrolled(loop.get(2), loop.get(0).asText(), item.asText())
                                .properties()
                                .forEach(one -> resources.put(one.getKey(), one.getValue()));
                    }
                });
        return new Template(
                members(root.path("Parameters")),
                members(root.path("Conditions")),
                resources,
                members(root.path("Outputs")));
    }

    /// Every value of the property `path`, such as `RepositoryName`, of the resources of a type.
    List<JsonNode> properties(String type, String path) {
        return resources.values().stream()
                .filter(resource -> resource.path("Type").asText().equals(type))
                .map(resource -> resource.path("Properties").path(path))
                .toList();
    }

    /// What it refers to and has not.
    Set<String> dangling() {
        var wanted = new LinkedHashSet<String>();
        resources.values().forEach(resource -> references(resource, wanted));
        outputs.values().forEach(output -> references(output, wanted));
        conditions.values().forEach(condition -> references(condition, wanted));
        wanted.removeIf(name ->
                parameters.containsKey(name)
                        || conditions.containsKey(name)
                        || resources.containsKey(name)
                        || PSEUDO.contains(name));
        return wanted;
    }

    /// The names that it imports from other stacks, as `Fn::Sub` has them.
    Set<String> imports() {
        var found = new LinkedHashSet<String>();
        resources
                .values()
                .forEach(resource ->
                        resource.findValues("Fn::ImportValue")
                                .forEach(value -> found.add(value.path("Fn::Sub").asText())));
        return found;
    }

    /// What of it the schema of its resources does not allow.
    List<String> faults(JsonNode schemas) {
        var faults = new ArrayList<String>();
        resources.forEach((id, resource) -> {
            var type = resource.path("Type").asText();
            var schema = schemas.path("resources").path(type);
            if (schema.isMissingNode()) {
                faults.add(id + ": no such type " + type);
            } else {
                check(resource.path("Properties"), schema, schemas, id, faults);
            }
        });
        return faults;
    }

    private static void check(
            JsonNode value, JsonNode schema, JsonNode schemas, String at, List<String> faults) {
        if (value.path("Fn::If").isArray()) {
            check(value.path("Fn::If").get(1), schema, schemas, at, faults);
            check(value.path("Fn::If").get(2), schema, schemas, at, faults);
            return;
        }
        if (value.has("Ref") || isFunction(value)) {
            return;
        }
        if (schema.has("$ref")) {
            var name = schema.get("$ref").asText().replace("#/definitions/", "");
            check(value, schemas.path("definitions").path(name), schemas, at, faults);
            return;
        }
        if (schema.has("anyOf")) {
            var least =
                    schema.get("anyOf")
                            .valueStream()
                            .map(one -> {
                                var found = new ArrayList<String>();
                                check(value, one, schemas, at, found);
                                return found;
                            })
                            .min((a, b) -> Integer.compare(a.size(), b.size()));
            least.ifPresent(faults::addAll);
            return;
        }
        if (schema.has("enum") && !schema.get("enum").valueStream().toList().contains(value)) {
            faults.add(at + ": none of the values allowed, " + value);
        }
        switch (schema.path("type").isTextual() ? schema.path("type").asText() : "any") {
            case "object" -> object(value, schema, schemas, at, faults);
            case "array" -> {
                if (!value.isArray()) {
                    faults.add(at + ": no list");
                }
                int index = 0;
                for (var item : value) {
                    check(item, schema.path("items"), schemas, at + "[" + index++ + "]", faults);
                }
            }
            // CloudFormation takes a text for a number and the other way round.
            case "integer" -> {
                if (!value.isIntegralNumber() && !value.asText().matches("-?[0-9]+")) {
                    faults.add(at + ": no number, " + value);
                }
            }
            case "boolean" -> {
                if (!value.asText().matches("true|false")) {
                    faults.add(at + ": neither true nor false, " + value);
                }
            }
            case "string" -> {
                if (!value.isValueNode()) {
                    faults.add(at + ": no text");
                }
            }
            default -> {}
        }
    }

    private static void object(
            JsonNode value, JsonNode schema, JsonNode schemas, String at, List<String> faults) {
        if (!value.isObject()) {
            faults.add(at + ": no object");
            return;
        }
        schema.path("required")
                .forEach(name -> {
                    if (!value.has(name.asText())) {
                        faults.add(at + ": without " + name.asText());
                    }
                });
        value.properties()
                .forEach(member -> {
                    var known = schema.path("properties").path(member.getKey());
                    var any = schema.path("additionalProperties");
                    if (!known.isMissingNode()) {
                        check(
                                member.getValue(),
                                known,
                                schemas,
                                at + "." + member.getKey(),
                                faults);
                    } else if (any.isObject()) {
                        check(member.getValue(), any, schemas, at + "." + member.getKey(), faults);
                    } else {
                        faults.add(at + ": there is no " + member.getKey());
                    }
                });
    }

    private static boolean isFunction(JsonNode value) {
        return value.isObject()
                && value.size() == 1
                && value.fieldNames().next().startsWith("Fn::");
    }

    private static void references(JsonNode node, Set<String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(member -> {
                        var value = member.getValue();
                        switch (member.getKey()) {
                            case "Ref", "Condition" -> {
                                // Condition is a word of IAM's policies too, where it is an object.
                                if (value.isTextual()) {
                                    into.add(value.asText());
                                }
                            }
                            case "Fn::GetAtt" -> into.add(value.asText().replaceFirst("\\..*", ""));
                            case "Fn::If" -> into.add(value.get(0).asText());
                            case "Fn::Sub" ->
                                    IN_SUB.matcher(value.asText())
                                            .results()
                                            .forEach(match ->
                                                    into.add(
                                                            match.group(1)
                                                                    .replaceFirst("\\..*", "")));
                            case "DependsOn" -> into.add(value.asText());
                            default -> {}
                        }
                    });
        }
        node.forEach(child -> references(child, into));
    }

    private static JsonNode unrolled(JsonNode body, String name, String item) {
        try {
            return JSON.readTree(
                    body.toString()
                            .replace("&{" + name + "}", item.replaceAll("[^A-Za-z0-9]", ""))
                            .replace("${" + name + "}", item)
                            .replace("{\"Ref\":\"" + name + "\"}", "\"" + item + "\""));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Map<String, JsonNode> members(JsonNode node) {
        var members = new LinkedHashMap<String, JsonNode>();
        node.properties().forEach(entry -> members.put(entry.getKey(), entry.getValue()));
        return members;
    }

    private static JsonNode json(Node node) {
        var tag = node.getTag();
        var plain = plain(node);
        if (!tag.getValue().startsWith("!")) {
            return plain;
        }
        var name = tag.getValue().substring(1);
        var key = name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
        return NODES.objectNode().set(key, plain);
    }

    private static JsonNode plain(Node node) {
        return switch (node) {
            case MappingNode mapping -> {
                ObjectNode object = NODES.objectNode();
                mapping.getValue()
                        .forEach(tuple -> {
                            var key = ((ScalarNode) tuple.getKeyNode()).getValue();
                            if (object.has(key)) {
                                throw new IllegalArgumentException(
                                        "Twice: " + key + tuple.getKeyNode().getStartMark());
                            }
                            object.set(key, json(tuple.getValueNode()));
                        });
                yield object;
            }
            case SequenceNode sequence -> {
                var array = NODES.arrayNode();
                sequence.getValue().forEach(item -> array.add(json(item)));
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new IllegalArgumentException("An alias or an anchor: " + node);
        };
    }

    private static JsonNode scalar(ScalarNode scalar) {
        var text = scalar.getValue();
        var tag = scalar.getTag();
        if (tag.equals(Tag.INT)) {
            return NODES.numberNode(Long.parseLong(text));
        }
        return tag.equals(Tag.BOOL)
                ? NODES.booleanNode(Boolean.parseBoolean(text))
                : TextNode.valueOf(text);
    }
}
