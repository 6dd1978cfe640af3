package dev.quadrille.bakery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images upon bases, baked into files of a checkout that has nothing but what they are made of.
class BakeryTest {

    private static final Path ROOT = Path.of(System.getProperty("quadrille.root"));
    private static final Instant MADE = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<String> SERVICES =
            List.of("order", "inventory", "payment", "notification");

    @TempDir private Path root;

    @BeforeEach
    void aCheckoutThatIsBuiltAndBasesThatAreBaked() throws Exception {
        copy("infra/bakery/images.properties");
        copy("services/chassis/src/main/resources/META-INF/microprofile-config.properties");
        for (var service : SERVICES) {
            copy("services/" + service + "/src/main/resources/application.properties");
            write("services/" + service + "/target/" + service + "-1.0-runner", "binary");
            write(
                    "services/" + service + "/target/" + service + "-1.0-runner-cyclonedx.json",
                    "{}");
        }
        write("infra/jobs/target/lib/jobs.jar", "jar");
        write("infra/payment-sandbox/target/lib/library.jar", "jar");
        write("infra/payment-sandbox/target/sandbox.jar", "jar");
        write("infra/jobs/target/sbom.json", "{}");
        write("infra/payment-sandbox/target/sbom.json", "{}");
        for (var base : List.of("base-native", "base-jvm")) {
            BaseImage.write(
                    List.of(ground()),
                    Map.of("User", Structure.USER),
                    "amd64",
                    MADE,
                    Files.createDirectories(work().resolve("images")).resolve(base + ".scratch"));
            new Digests(work().resolve("digests-1.2.3.txt"))
                    .put(base, "1.2.3", "sha256:" + "a".repeat(64));
        }
    }

    @Test
    void withNativeServicesTheProgramsAreBakedOnTheJvm() throws Exception {
        assertThat(bake("native")).isZero();

        assertThat(base("order-native")).isEqualTo("quadrille/base-native:1.2.3");
        assertThat(base("jobs")).isEqualTo("quadrille/base-jvm:1.2.3");
        assertThat(base("payment-sandbox")).isEqualTo("quadrille/base-jvm:1.2.3");
        assertThat(Files.readAllLines(work().resolve("digests-1.2.3.txt")))
                .extracting(line -> line.substring(0, line.indexOf(" sha256:")))
                .contains("order 1.2.3-native", "jobs 1.2.3", "payment-sandbox 1.2.3");
    }

    @Test
    void aProgramThatIsNotBuiltIsRefusedInEveryFlavour() throws Exception {
        Files.move(
                root.resolve("infra/jobs/target/lib"), root.resolve("infra/jobs/target/elsewhere"));

        assertThat(bake("native", "--images", "jobs")).isEqualTo(2);
        assertThat(bake("jvm", "--images", "jobs")).isEqualTo(2);
    }

    @Test
    void aBinaryIsLookedForInTheFolderOfTheBuildAlone() throws Exception {
        write("services/order/target/quarkus-app/order-0.9-runner", "of yesterday");

        assertThat(bake("native", "--images", "order")).isZero();

        write("services/order/target/order-0.9-runner", "another");
        assertThat(bake("native", "--images", "order")).isEqualTo(2);
    }

    @Test
    void whatHasNoSbomIsRefused() throws Exception {
        Files.delete(root.resolve("services/order/target/order-1.0-runner-cyclonedx.json"));
        Files.delete(root.resolve("infra/jobs/target/sbom.json"));

        assertThat(bake("native", "--images", "order")).isEqualTo(2);
        assertThat(bake("native", "--images", "jobs")).isEqualTo(2);
        assertThat(bake("native", "--images", "payment")).isZero();
    }

    private int bake(String kind, String... options) throws Exception {
        var arguments =
                new ArrayList<>(
                        List.of(
                                kind,
                                "--root",
                                root.toString(),
                                "--work",
                                work().toString(),
                                "--version",
                                "1.2.3",
                                "--revision",
                                "abc",
                                "--created",
                                MADE.toString(),
                                "--architecture",
                                "amd64"));
        arguments.addAll(List.of(options));
        return Bakery.run(arguments);
    }

    private String base(String image) throws IOException {
        return Contents.of(work().resolve("images/" + image + ".tar"))
                .config()
                .path("config")
                .path("Labels")
                .path("org.opencontainers.image.base.name")
                .asText();
    }

    /// What every image is held to have.
    private Path ground() throws Exception {
        write("ground/etc/passwd", "nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n");
        write("ground/etc/group", "nonroot:x:65532:\n");
        write("ground/etc/os-release", "ID=debian\n");
        write("ground/etc/ssl/certs/ca-certificates.crt", StructureTest.certificates());
        for (var zone : List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")) {
            write("ground/usr/share/zoneinfo/" + zone, "TZif2");
        }
        write("ground/var/lib/dpkg/status.d/libc6", "Package: libc6\n");
        var java = write("ground/opt/java/bin/java", "run");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.createDirectories(root.resolve("ground/tmp"));
        return root.resolve("ground");
    }

    private Path work() {
        return root.resolve("infra/bakery/target");
    }

    private void copy(String file) throws IOException {
        write(file, Files.readString(ROOT.resolve(file)));
    }

    private Path write(String file, String content) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        return Files.writeString(root.resolve(file), content);
    }
}
