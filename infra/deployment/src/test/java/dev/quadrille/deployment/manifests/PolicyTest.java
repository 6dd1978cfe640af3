package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PolicyTest {

    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("quadrille.root")));
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void whatTheBuildWritesKeepsToEveryPolicy() throws IOException {
        for (String service : BuiltManifests.SERVICES) {
            List<ObjectNode> objects = ofBase(service);

            assertThat(Workload.of(objects)).singleElement().matches(Workload::isService);
            assertThat(Policy.violations(objects)).isEmpty();
        }
    }

    @Test
    void soDoesTheChart() throws IOException {
        List<ObjectNode> objects =
                parse(
                        new Helm(ROOT.resolve("kubernetes/chart"))
                                .template()
                                .withKubeVersion("1.34.0")
                                .call());

        assertThat(Workload.of(objects)).hasSize(4);
        assertThat(Policy.violations(objects)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> eachPolicyComplainsOfWhatBreaksIt() throws IOException {
        JsonNode broken =
                YAML.readTree(PolicyTest.class.getResourceAsStream("/manifests/broken.yaml"));

        return Stream.of(Policy.values())
                .map(policy ->
                        DynamicTest.dynamicTest(
                                policy.sentence,
                                () -> {
                                    JsonNode changes = broken.path(policy.name());
                                    assertThat(changes).as(policy.name()).isNotEmpty();
                                    for (JsonNode change : changes) {
                                        assertThat(complaining(change))
                                                .as("after %s", change)
                                                .containsExactly(policy);
                                    }
                                }));
    }

    /// The policies that complain of the order service once this is changed in its manifests.
    private static List<Policy> complaining(JsonNode change) throws IOException {
        List<ObjectNode> objects = ofBase("order");
        Map.Entry<String, JsonNode> ofKind = change.properties().iterator().next();
        Map.Entry<String, JsonNode> at = ofKind.getValue().properties().iterator().next();
        ObjectNode object =
                objects.stream()
                        .filter(each -> each.path("kind").asText().equals(ofKind.getKey()))
                        .findFirst()
                        .orElseThrow();

        JsonPointer pointer = JsonPointer.compile(at.getKey());
        JsonNode parent = object.at(pointer.head());
        JsonPointer last = pointer.last();
        switch (parent) {
            case ObjectNode node when at.getValue().isNull() ->
                    assertThat(node.remove(last.getMatchingProperty())).isNotNull();
            case ObjectNode node -> node.set(last.getMatchingProperty(), at.getValue());
            case ArrayNode node when at.getValue().isNull() -> node.remove(last.getMatchingIndex());
            case ArrayNode node -> node.set(last.getMatchingIndex(), at.getValue());
            default -> throw new IllegalArgumentException("There is no " + pointer.head());
        }

        List<String> violations = Policy.violations(objects);
        return Stream.of(Policy.values())
                .filter(policy ->
                        violations.stream()
                                .anyMatch(violation -> violation.contains(policy.sentence)))
                .toList();
    }

    private static List<ObjectNode> ofBase(String service) throws IOException {
        return parse(Files.readString(ROOT.resolve("kubernetes/base/" + service + ".yaml")));
    }

    private static List<ObjectNode> parse(String yaml) throws IOException {
        List<ObjectNode> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            documents.forEachRemaining(document -> {
                if (document instanceof ObjectNode object) {
                    objects.add(object);
                }
            });
        }
        return objects;
    }
}
