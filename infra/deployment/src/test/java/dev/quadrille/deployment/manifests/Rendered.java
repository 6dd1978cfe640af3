package dev.quadrille.deployment.manifests;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Everything that is deployed together: what Kustomize or Helm has rendered.
public record Rendered(List<Manifest> manifests) {

    static final ObjectMapper YAML =
            YAMLMapper.builder(
                            // Without it, a key that stands twice would be heard once.
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    public Rendered {
        manifests = List.copyOf(manifests);
    }

    /// @param yaml any number of documents; a List counts as what is in it
    static Rendered of(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Rendered(
                    documents.readAll().stream()
                            .filter(JsonNode::isObject)
                            .flatMap(Rendered::manifests)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Rendered of(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<Manifest> all(String kind) {
        return manifests.stream().filter(manifest -> manifest.is(kind));
    }

    Stream<Manifest> all(String group, String kind) {
        return manifests.stream().filter(manifest -> manifest.is(group, kind));
    }

    boolean has(String kind, String name) {
        return all(kind).anyMatch(manifest -> manifest.name().equals(name));
    }

    Stream<Pods> pods() {
        return manifests.stream().flatMap(manifest -> Pods.of(manifest).stream());
    }

    private static Stream<Manifest> manifests(JsonNode document) {
        return document.path("kind").asText().equals("List")
                ? Manifest.each(document.path("items")).map(Manifest::new)
                : Stream.of(new Manifest(document));
    }
}
