package dev.quadrille.contract;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The schemas and golden samples, as they lie in the jar.
final class Released {

    static final Path ROOT = root();

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    registry ->
                            registry.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .formatAssertionsEnabled(true)
                                            .build()));

    private Released() {}

    /// Relative to [#ROOT], with forward slashes, in order.
    static List<String> files() {
        return Stream.of("schemas", "samples").flatMap(Released::filesBelow).sorted().toList();
    }

    /// From 1 to the newest.
    static List<Integer> versions(EventType type) {
        return IntStream.rangeClosed(1, type.version()).boxed().toList();
    }

    static JsonNode schema(EventType type, int version) {
        return read(schemaFile(type, version));
    }

    static String schemaFile(EventType type, int version) {
        return "schemas/" + type.wireName() + "/" + version + ".json";
    }

    /// Asserts formats such as `uuid` too, which 2020-12 leaves to the reader.
    static Schema validator(JsonNode schema) {
        return SCHEMAS.getSchema(schema);
    }

    static Stream<GoldenSample> samples() {
        return files().stream().filter(file -> file.startsWith("samples/")).map(GoldenSample::of);
    }

    static GoldenSample sample(EventType type) {
        return GoldenSample.of("samples/" + type.wireName() + "/" + type.version() + ".json");
    }

    static JsonNode read(String file) {
        try {
            return JSON.readTree(Files.readString(ROOT.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> filesBelow(String folder) {
        try (var files = Files.walk(ROOT.resolve(folder))) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        try {
            var digests = Released.class.getResource("released.sha256");
            return Path.of(digests.toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
