package dev.quadrille.contract;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Once released, a schema or a sample is never edited: somebody's reader was built on it. A new
/// shape is a new version, in new files.
class ReleasedFilesTest {

    @Test
    void noReleasedFileWasEdited() throws Exception {
        for (var released : digests().entrySet()) {
            var file = Released.ROOT.resolve(released.getKey());

            assertThat(file).as("released, so it stays").exists();
            assertThat(digest(released.getKey()))
                    .as("%s was released: never edit it, add a version", released.getKey())
                    .isEqualTo(released.getValue());
        }
    }

    @Test
    void everyFileHasItsDigest() throws Exception {
        var digests = digests();

        for (var file : Released.files()) {
            assertThat(digests)
                    .as("add to released.sha256: %s  %s", digest(file), file)
                    .containsKey(file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyVersionOfATypeHasASchemaAndASample(EventType type) {
        var files = Released.files();

        for (int version : Released.versions(type)) {
            assertThat(files)
                    .contains(
                            Released.schemaFile(type, version),
                            "samples/" + type.wireName() + "/" + version + ".json");
        }
    }

    @Test
    void everyFileBelongsToAVersionOfAType() {
        assertThat(Released.files())
                .allSatisfy(file -> {
                    var name = file.split("/");
                    var type = EventType.named(name[1]);
                    assertThat(type).as("type of %s", file).isPresent();
                    var version = Integer.parseInt(name[2].split("[-.]", 2)[0]);
                    assertThat(Released.versions(type.get())).contains(version);
                });
    }

    private static Map<String, String> digests() throws IOException {
        try (Stream<String> lines = Files.lines(Released.ROOT.resolve("released.sha256"))) {
            return lines.map(line -> line.split(" {2}"))
                    .collect(toMap(line -> line[1], line -> line[0]));
        }
    }

    private static String digest(String file) throws IOException, NoSuchAlgorithmException {
        var bytes = Files.readAllBytes(Released.ROOT.resolve(file));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
