package dev.quadrille.bakery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bases, baked into files: nothing here needs a network or an engine.
class BaseImageTest {

    private static final Instant MADE = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir private Path folder;

    @Test
    void theSameFilesGiveTheSameDigestWhateverTheyLookLikeHere() throws Exception {
        var first = digest("first", files("first", "rwx------", 1));
        var second = digest("second", files("second", "rwxrwxrwx", 2));

        assertThat(second).isEqualTo(first);
    }

    @Test
    void anotherByteAnotherTimeAndAnotherConfigurationGiveAnotherDigest() throws Exception {
        var files = files("files", "rwxr-xr-x", 1);
        var before = digest("before", files);

        Files.writeString(files.resolve("bin/program"), "another");

        assertThat(digest("byte", files)).isNotEqualTo(before);
        var same = digest("same", files);
        assertThat(digest("time", files, MADE.plusSeconds(1), "65532:65532")).isNotEqualTo(same);
        assertThat(digest("user", files, MADE, "0:0")).isNotEqualTo(same);
    }

    @Test
    void whatIsInTheFolderIsInTheImageAndBelongsToRoot() throws Exception {
        digest("image", files("files", "rwxrwxrwx", 1));

        var image = Contents.of(folder.resolve("image/images/base.tar"));

        assertThat(image.config().at("/config/User").asText()).isEqualTo("65532:65532");
        assertThat(image.files())
                .containsOnlyKeys("bin", "bin/link", "bin/program", "tmp", "notes.txt");
        assertThat(image.files().get("bin/program"))
                .isEqualTo(new Contents.Entry(0755, 0, 0, false, "", "run"));
        assertThat(image.files().get("notes.txt").mode()).isEqualTo(0644);
        assertThat(image.files().get("tmp").mode()).isEqualTo(01777);
        assertThat(image.files().get("bin/link").link()).isEqualTo("program");
        assertThat(image.at("/bin/link").orElseThrow().content()).isEqualTo("run");
    }

    private Path files(String name, String permissions, int time) throws IOException {
        var root = folder.resolve(name + "-files/base");
        var program = Files.createDirectories(root.resolve("bin")).resolve("program");
        Files.writeString(program, "run");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(permissions));
        Files.createSymbolicLink(root.resolve("bin/link"), Path.of("program"));
        Files.createDirectory(root.resolve("tmp"));
        Files.writeString(root.resolve("notes.txt"), "notes");
        Files.setLastModifiedTime(root.resolve("notes.txt"), FileTime.fromMillis(time));
        return root;
    }

    private String digest(String name, Path files) throws Exception {
        return digest(name, files, MADE, "65532:65532");
    }

    private String digest(String name, Path files, Instant made, String user) throws Exception {
        var work = Files.createDirectories(folder.resolve(name));
        var scratch = work.resolve("scratch");
        BaseImage.write(List.of(files), Map.of("User", user), "amd64", made, scratch);
        var wish =
                new Wish(
                        Wish.Kind.BASES,
                        List.of(),
                        folder,
                        work,
                        Optional.empty(),
                        "1.2.3",
                        "abc",
                        made,
                        Optional.empty(),
                        Optional.empty(),
                        "amd64");
        return new Oven(wish).bake("base", "1.2.3", () -> Bakery.base(scratch, made)).digest();
    }
}
