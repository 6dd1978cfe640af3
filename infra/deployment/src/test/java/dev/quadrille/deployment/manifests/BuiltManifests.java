package dev.quadrille.deployment.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the builds of the services have written for Kubernetes, as the files that are committed:
/// path below the project's root, and content.
///
/// Quarkus writes the members of some maps in an order that changes from build to build (it
/// iterates over immutable maps, which the JVM salts). Here they are sorted, so that the same
/// sources give the same bytes.
final class BuiltManifests {

    static final List<String> SERVICES = List.of("order", "inventory", "payment", "notification");

    private static final String HEADER =
            """
            # Written by ./kubernetes/update.sh from the build of services/%s: change its application.properties, the
            # chassis' microprofile-config.properties or its src/main/kubernetes, and run that.
            """;

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .build();
    private static final ObjectWriter JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writer();

    private BuiltManifests() {}

    static SortedMap<String, String> of(Path root) {
        SortedMap<String, String> files = new TreeMap<>();
        for (String service : SERVICES) {
            Path target = root.resolve("services").resolve(service).resolve("target");
            files.put(
                    "kubernetes/base/" + service + ".yaml",
                    HEADER.formatted(service)
                            + manifests(read(target.resolve("kubernetes/kubernetes.yml"))));

            Path chart = target.resolve("helm/kubernetes").resolve(service);
            for (Path file : filesOf(chart)) {
                String name = chart.relativize(file).toString();
                String content = read(file);
                String path = "kubernetes/chart/charts/" + service + "/" + name;
                if (name.startsWith("templates/") && name.endsWith(".yaml")) {
                    files.put(path, HEADER.formatted(service) + template(content));
                } else if (name.endsWith(".yaml")) {
                    files.put(path, HEADER.formatted(service) + write(values(parse(content))));
                } else if (name.endsWith(".json")) {
                    files.put(path, json(values(parse(content))));
                }
            }
        }
        return files;
    }

    /// The objects by kind, each with sorted members.
    static String manifests(String yaml) {
        List<ObjectNode> objects = new ArrayList<>();
        for (String document : yaml.split("(?m)^---$")) {
            if (!document.isBlank()) {
                objects.add((ObjectNode) sorted(parse(document)));
            }
        }
        objects.sort(Comparator.comparing(object -> object.path("kind").textValue()));
        StringBuilder text = new StringBuilder();
        for (ObjectNode object : objects) {
            text.append("---\n").append(write(object));
        }
        return text.toString();
    }

    /// A template is no YAML: only the labels in it are sorted, which stand in lines of their own.
    static String template(String text) {
        Pattern label = Pattern.compile(" *app\\.kubernetes\\.io/[a-z-]+: .*");
        List<String> lines = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (String line : text.strip().lines().toList()) {
            if (label.matcher(line).matches()) {
                labels.add(line);
                continue;
            }
            labels.stream().sorted().forEach(lines::add);
            labels.clear();
            if (!line.isBlank()) {
                lines.add(line);
            }
        }
        labels.stream().sorted().forEach(lines::add);
        return String.join("\n", lines) + "\n";
    }

    /// quarkus-helm lists every variable of the container among the values, those from Secrets too,
    /// and then has no use for them in its templates: who set one there would wait for its effect.
    private static JsonNode values(JsonNode content) {
        if (content.path("app") instanceof ObjectNode app) {
            app.remove("envs");
        }
        if (content.path("properties").path("app").path("properties") instanceof ObjectNode app) {
            app.remove("envs");
            refuseUnknown((ObjectNode) content);
        }
        return sorted(content);
    }

    /// A value that does not exist is a misspelt one, but for those that Helm itself hands down.
    private static void refuseUnknown(ObjectNode schema) {
        JsonNode properties = schema.path("properties");
        if (properties.has("app")) {
            ((ObjectNode) properties).putObject("global").put("type", "object");
        }
        if (properties instanceof ObjectNode) {
            schema.put("additionalProperties", false);
            for (JsonNode property : properties) {
                if (property.has("properties")) {
                    refuseUnknown((ObjectNode) property);
                }
            }
        }
    }

    private static JsonNode sorted(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = object.objectNode();
                Map<String, JsonNode> members = new TreeMap<>();
                object.properties()
                        .forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
                members.forEach(copy::set);
                yield copy;
            }
            case ArrayNode array -> {
                List<JsonNode> elements = new ArrayList<>();
                array.forEach(element -> elements.add(sorted(element)));
                // Variables, mounts and volumes are lists whose order means nothing.
                if (elements.stream().allMatch(element -> element.has("name"))) {
                    elements.sort(Comparator.comparing(element -> element.path("name").asText()));
                }
                yield array.arrayNode().addAll(elements);
            }
            default -> node;
        };
    }

    private static List<Path> filesOf(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw unbuilt(folder, e);
        }
    }

    /// Where no registry is given, Quarkus names one that nobody has chosen. What is committed
    /// names none: an overlay or a chart's values put the real one in.
    private static String read(Path file) {
        try {
            return Files.readString(file)
                    .replaceAll("[a-z0-9.-]+\\.[a-z]+/quadrille/", "quadrille/");
        } catch (IOException e) {
            throw unbuilt(file, e);
        }
    }

    private static UncheckedIOException unbuilt(Path path, IOException cause) {
        return new UncheckedIOException(
                path + " is not there. Remedy: build the services first, as ./test.sh does", cause);
    }

    private static JsonNode parse(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The build has written what is no YAML: " + text, e);
        }
    }

    private static String write(JsonNode node) {
        try {
            return YAML.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String json(JsonNode node) {
        try {
            return JSON.writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
