package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A native image has of a class only what its metadata asks for, and says so no sooner than an
/// event is read.
class NativeImageTest {

    private static final JsonNode METADATA =
            Released.read(
                    "../../../META-INF/native-image/dev.quadrille/quadrille-contract/"
                            + "reachability-metadata.json");

    @Test
    void everyTypeThatJacksonReflectsOnIsRegisteredAndNoOther() {
        assertThat(METADATA.get("reflection").valueStream().map(entry -> text(entry, "type")))
                .containsExactlyInAnyOrderElementsOf(
                        reflectedTypes().stream().map(Class::getName).toList());
    }

    @Test
    void recordIsMadeAndReadAndAnEnumIsRead() throws ClassNotFoundException {
        for (var entry : METADATA.get("reflection")) {
            var type = Class.forName(text(entry, "type"));

            assertThat(entry.path("allDeclaredMethods").booleanValue()).as("%s", type).isTrue();
            assertThat(entry.path("allDeclaredFields").booleanValue())
                    .as("%s", type)
                    .isEqualTo(!type.isInterface());
            assertThat(entry.path("allDeclaredConstructors").booleanValue())
                    .as("%s", type)
                    .isEqualTo(type.isRecord());
        }
    }

    @Test
    void everySchemaAndTheDocumentOfTheTopicsAreKept() {
        var globs = METADATA.get("resources").valueStream().map(entry -> text(entry, "glob"));
        var matchers =
                globs.map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob)).toList();

        var kept =
                Stream.concat(Released.files().stream(), Stream.of("asyncapi.yaml"))
                        .filter(file ->
                                matchers.stream()
                                        .anyMatch(matcher ->
                                                matcher.matches(
                                                        Path.of("dev/quadrille/contract", file))));

        assertThat(kept)
                .containsAll(
                        Released.files().stream().filter(it -> it.startsWith("schemas/")).toList())
                .contains("asyncapi.yaml");
    }

    /// The records of the events with all they are made of and all they inherit, as far as it is
    /// the contract's own; Jackson knows the types of the JDK without reflection.
    private static Set<Class<?>> reflectedTypes() {
        var found = new HashSet<Class<?>>();
        for (var type : EventType.values()) {
            collect(type.recordClass(), found);
        }
        return found;
    }

    private static void collect(Type type, Set<Class<?>> found) {
        switch (type) {
            case ParameterizedType generic ->
                    Stream.of(generic.getActualTypeArguments()).forEach(it -> collect(it, found));
            case Class<?> own when own.getPackage() == EventType.class.getPackage() -> {
                if (found.add(own)) {
                    Stream.of(own.getInterfaces()).forEach(it -> collect(it, found));
                    if (own.isRecord()) {
                        Stream.of(own.getRecordComponents())
                                .forEach(it -> collect(it.getGenericType(), found));
                    }
                }
            }
            default -> {}
        }
    }

    private static String text(JsonNode entry, String member) {
        return entry.get(member).textValue();
    }
}
