package dev.quadrille.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `native-build.sh` chooses, says and hands to Maven, on a PATH that has nothing but a
/// shell's tools and what the test puts there. Nothing is built: Maven is a stand-in too.
class NativeBuildScriptTest {

    /// Writes down what it was called with, and leaves a binary as Quarkus does.
    private static final String MAVEN =
            """
            echo "$@" >>"$ROOT/maven.txt"
            env | grep -E '^(GRAALVM_HOME|QUARKUS_)' >"$ROOT/environment.txt" || true
            case " $* " in *" -pl $BREAKS "*)
              echo '[ERROR] the universe is too small' && exit 1 ;;
            esac
            for service in order inventory payment notification; do
              case " $* " in *" -pl services/$service "*)
                echo '[INFO] noise'
                echo '[1/8] Initializing...      (2.8s @ 0.15GB)'
                echo ' Java version: 25'
                echo '[8/8] Creating image...    (2.1s @ 1.04GB)'
                mkdir -p "$ROOT/services/$service/target"
                head -c 91234567 /dev/zero >"$ROOT/services/$service/target/$service-1.0-runner" ;;
              esac
            done
            """;

    private static final String ENGINE =
            """
            case "$*" in
              info) exit 0 ;;
              'info --format {{.MemTotal}}' | 'info --format {{.Host.MemTotal}}') echo "$MEMORY" ;;
              'info --format {{.NCPU}}' | 'info --format {{.Host.CPUs}}') echo "$CPUS" ;;
              images*) echo "reg/quarkus-mandrel-builder-image:jdk-21 reg/old@sha256:00"
                echo "reg/quarkus-mandrel-builder-image:jdk-25 reg/builder@sha256:ab12" ;;
            esac
            """;

    private static final long GIB = 1L << 30;

    @TempDir private Path root;
    private Script script;

    @BeforeEach
    void aCheckout() throws IOException {
        script =
                new Script(
                        root, "native-build.sh", "infra/local/jdk.sh", "infra/bakery/version.sh");
        script.program("mvn", MAVEN)
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("BREAKS", "nothing")
                .with("QUADRILLE_VERSION", "1.2.3")
                .with("MEMORY", Long.toString(12 * GIB))
                .with("CPUS", "4");
    }

    @Test
    void withoutGraalVmAndEngineItSaysWhatToDo() throws Exception {
        var run = run("order");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.said().lines())
                .containsExactly(
                        "Nothing to build with. Remedy: install Mandrel or GraalVM 25 and set"
                                + " GRAALVM_HOME to it, or start docker or podman.");
        assertThat(root.resolve("maven.txt")).doesNotExist();
    }

    @Test
    void anEngineThatDoesNotAnswerIsNone() throws Exception {
        script.program("docker", "exit 1");

        var run = run();

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.said()).contains("docker is installed and does not answer. Remedy:");
    }

    @Test
    void aServiceThatIsNoneGetsTheList() throws Exception {
        graalVm("25.0.1");

        var run = run("order", "orders");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.said().lines())
                .containsExactly(
                        "There is no service 'orders'. There are: order inventory payment"
                                + " notification.");
        assertThat(run("--quick").exitCode()).isEqualTo(2);
        assertThat(run("--push").exitCode()).isEqualTo(2);
    }

    @Test
    void graalVmIsTakenBeforeAContainerAndIsNamed() throws Exception {
        script.program("docker", ENGINE);
        var graalVm = graalVm("25.0.1");

        var run = run("order", "payment", "order");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said())
                .contains("Builds with " + graalVm + "/bin/native-image (GRAALVM_HOME:")
                .contains("native-image 25.0.1 2025-10-21");
        assertThat(maven())
                .hasSize(3)
                .last()
                .asString()
                .contains("-pl services/payment package")
                .contains("-Dquarkus.native.enabled=true")
                .contains("-Dquarkus.native.container-build=false");
        assertThat(root.resolve("environment.txt")).content().contains("GRAALVM_HOME=" + graalVm);
    }

    @Test
    void graalVmThatIsTooOldIsSaidAndTheContainerTaken() throws Exception {
        script.program("podman", ENGINE);
        graalVm("21.0.2");

        var run = run("order");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said())
                .contains("Not taken, since 25 or newer is needed:")
                .contains("version 21 (GRAALVM_HOME)")
                .contains(
                        "Builds in a container with podman, since there is no GraalVM or Mandrel 25"
                                + " here");
        assertThat(maven().getLast())
                .contains("-Dquarkus.native.container-build=true")
                .contains("-Dquarkus.native.container-runtime=podman");
    }

    @Test
    void memoryAndThreadsAreThoseOfTheEngineWithinBounds() throws Exception {
        script.program("docker", ENGINE);

        run("order");
        script.with("MEMORY", Long.toString(64 * GIB)).with("CPUS", "32");
        run("order");
        script.with("MEMORY", Long.toString(3 * GIB)).with("CPUS", "1");
        var little = run("order");

        assertThat(maven().stream().filter(line -> line.contains("-pl services/order")))
                .satisfiesExactly(
                        half -> assertThat(half).contains("-xmx=6144m").contains("lism=4,"),
                        most -> assertThat(most).contains("-xmx=8192m").contains("lism=16,"),
                        least -> assertThat(least).contains("-xmx=3072m").contains("lism=1,"));
        assertThat(little.said()).contains("a build is likely to fail");
    }

    @Test
    void theFirstBuildPinsTheBuilderAndTheNextTakesWhatIsPinned() throws Exception {
        script.program("docker", ENGINE);

        var first = run("order");
        var second = run("order");
        script.with("QUADRILLE_BUILDER_IMAGE", "mine:latest");
        var third = run("order");

        assertThat(first.said())
                .contains("the one that Quarkus names, not pinned yet")
                .contains("was reg/builder@sha256:ab12, and will be: commit infra/native/");
        assertThat(second.said()).contains("Builder image: reg/builder@sha256:ab12");
        assertThat(third.said()).contains("mine:latest, which is not pinned by a digest");
        assertThat(maven().stream().filter(line -> line.contains("-pl services/order")))
                .satisfiesExactly(
                        one -> assertThat(one).contains("builder-image=mandrel"),
                        two ->
                                assertThat(two)
                                        .contains("builder-image=reg/builder@sha256:ab12")
                                        .contains("builder-image.pull=missing"),
                        three -> assertThat(three).contains("builder-image=mine:latest"));
    }

    @Test
    void phasesAreShownAndATableEndsIt() throws Exception {
        graalVm("25.0.1");

        var run = run();

        assertThat(run.said())
                .contains("  [1/8] Initializing...      (2.8s @ 0.15GB)\n  [8/8] Creating image...")
                .doesNotContain("noise")
                .doesNotContain("Java version")
                .containsPattern("image +size +built +binary\n")
                .containsPattern(
                        "order +91\\.2 MB +0 min [0-9]{2} s"
                                + " +services/order/target/order-1.0-runner\n")
                .containsPattern("notification +91\\.2 MB ");
        assertThat(root.resolve(".quadrille/logs/native-order.log")).content().contains("noise");
    }

    @Test
    void aBuildThatFailsSaysWhyAndEndsIt() throws Exception {
        graalVm("25.0.1");
        script.with("BREAKS", "services/inventory");

        var run = run();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("native-inventory.log. It said:\n[ERROR] the universe is too small")
                .doesNotContain("payment (log");
    }

    @Test
    void imagesArePushedWithThePasswordOfEcrInTheEnvironmentAlone() throws Exception {
        graalVm("25.0.1");
        script.program(
                "aws", "[ \"$*\" = 'ecr get-login-password --region eu-north-1' ] && echo sesame");

        var run = run("order", "--push", "1.dkr.ecr.eu-north-1.example/shop", "--tag", "7");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(maven().getLast())
                .contains("-Dquarkus.container-image.build=true")
                .contains("-Dquarkus.container-image.push=true")
                .contains("-Dquarkus.container-image.registry=1.dkr.ecr.eu-north-1.example ")
                .contains("-Dquarkus.container-image.group=shop")
                .contains("-Dquarkus.container-image.tag=7")
                .doesNotContain("sesame");
        assertThat(root.resolve("environment.txt"))
                .content()
                .contains("QUARKUS_CONTAINER_IMAGE_USERNAME=AWS")
                .contains("QUARKUS_CONTAINER_IMAGE_PASSWORD=sesame")
                .doesNotContain("QUARKUS_JIB_BASE");
        assertThat(run.said()).doesNotContain("sesame").contains("if they do not start there");
    }

    @Test
    void theBaseOfThisVersionIsPulledWithTheSamePassword() throws Exception {
        graalVm("25.0.1");
        script.program("aws", "echo sesame");
        var digests = root.resolve("infra/bakery/target/digests-1.2.3.txt");
        Files.createDirectories(digests.getParent());
        Files.writeString(
                digests,
                "base 1.2.3 sha256:00\nbase-native 1.2.3 sha256:ab\nbase-native 1.2.2 sha256:11\n");
        var ecr = "1.dkr.ecr.eu-north-1.example";

        var run = run("order", "--push", ecr + "/dev/quadrille");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said())
                .contains("Base image: " + ecr + "/dev/quadrille/base-native@sha256:ab\n")
                .doesNotContain("sesame");
        assertThat(maven().getLast())
                .contains("-Dquarkus.jib.base-native-image=" + ecr + "/dev/quadrille/base-native@")
                .contains("-Dquarkus.container-image.tag=1.2.3-native")
                .doesNotContain("sesame");
        assertThat(root.resolve("environment.txt"))
                .content()
                .contains("QUARKUS_JIB_BASE_REGISTRY_USERNAME=AWS")
                .contains("QUARKUS_JIB_BASE_REGISTRY_PASSWORD=sesame");
    }

    @Test
    void anImageWithoutAVersionIsRefused() throws Exception {
        graalVm("25.0.1");
        script.with("QUADRILLE_VERSION", "latest");

        var run = run("order", "--push", "registry.example");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.said()).contains("QUADRILLE_VERSION is no semantic version");
        assertThat(root.resolve("maven.txt")).doesNotExist();
    }

    @Test
    void withoutAwsOrAnEngineAnImageHasNowhereToGo() throws Exception {
        graalVm("25.0.1");

        var ecr = run("order", "--push", "1.dkr.ecr.eu-north-1.example");
        var local = run("order", "--image");

        assertThat(ecr.exitCode()).isEqualTo(2);
        assertThat(ecr.said()).contains("there is no aws to log in with. Remedy:");
        assertThat(local.exitCode()).isEqualTo(3);
        assertThat(local.said()).contains("--image hands the images to docker or podman.");
        assertThat(root.resolve("maven.txt")).doesNotExist();
    }

    private Path graalVm(String version) throws IOException {
        var home = "graalvm-" + version;
        script.script(
                home + "/bin/native-image",
                "echo 'native-image " + version + " 2025-10-21'; echo 'Mandrel'");
        script.with("GRAALVM_HOME", root.resolve(home).toString());
        return root.resolve(home);
    }

    private List<String> maven() throws IOException {
        return Files.readAllLines(root.resolve("maven.txt"));
    }

    private Script.Run run(String... arguments) throws IOException, InterruptedException {
        return script.run("native-build.sh", arguments);
    }
}
