package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `deploy.sh` renders, says and does, and in which order, with a kubectl that renders as the
/// real one does and stands in for the cluster otherwise.
class DeployScriptTest {

    private static final List<String> SERVICES =
            List.of("order", "inventory", "payment", "notification");

    /// Writes down what it was called with, and what it was to apply.
    private static final String KUBECTL =
            """
            called="$*"
            [ "$1" = --context ] && shift 2
            [ "$1" = kustomize ] && exec "$REAL" "$@"
            echo "$called" >>"$ROOT/calls.txt"
            case "$*" in
              'config current-context') echo test-cluster ;;
              version) [ -z "$SILENT" ] || { echo 'refused' >&2; exit 1; } ;;
              'get namespace '*) [ -z "$NEW" ] || exit 1 ;;
              diff*) echo "+ new"; exit "$DIFFERS" ;;
              apply*)
                for each in "$@"; do [ -f "$each" ] && cp "$each" "$ROOT/applied.yaml"; done
                case "$*" in *"$REFUSES"*) echo 'denied by policy' >&2; exit 1 ;; esac
                echo 'configmap/order serverside-applied' ;;
              *' get jobs '*) printf 'migrate-order Complete\\nmigrate-payment %s\\n' "$MIGRATION" ;;
              *' logs '*) echo 'The database of payment is not migrated: no' ;;
              *' rollout status '*"/$BAD "*)
                [ -f "$ROOT/patched.txt" ] && [ -z "$LOST" ] && exit 0
                echo 'deployment exceeded its progress deadline' && exit 1 ;;
              *' patch '*) [ -z "$LOST" ] || exit 1
                touch "$ROOT/patched.txt"
                for each in "$@"; do [ -f "$each" ] && cat "$each" >>"$ROOT/patches.txt"; done ;;
              *"{.spec.template}"*) [ -z "$NEW" ] && printf '{"last":true}' ;;
              *' rollouts.argoproj.io '"$BAD "*)
                if [ -f "$ROOT/patched.txt" ]; then echo '8 8 Healthy'; else echo '7 7 Degraded aborted: success-rate'; fi ;;
              *' rollouts.argoproj.io '*) echo '7 7 Healthy' ;;
            esac
            exit 0
            """;

    @TempDir private Path root;
    private final Map<String, String> environment = new HashMap<>();
    private Path digests;

    private record Run(int exitCode, String said) {}

    @BeforeEach
    void aCheckoutAndAClusterThatTakesEverything() throws IOException {
        Kustomize.requireKubectl();
        for (var folder : List.of("kubernetes", "infra/observability")) {
            var original = Path.of(System.getProperty("quadrille.root"), folder);
            try (Stream<Path> files = Files.walk(original)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var copy = root.resolve(folder).resolve(original.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        var tools = Files.createDirectory(root.resolve("tools"));
        var kubectl = tools.resolve("kubectl");
        Files.writeString(kubectl, "#!/bin/sh\n" + KUBECTL);
        assertThat(kubectl.toFile().setExecutable(true)).isTrue();
        digests = root.resolve("digests.txt");
        var lines = new StringBuilder();
        for (var name : SERVICES) {
            lines.append("%s 1.2.3-native %s\n".formatted(name, digest(name)));
            lines.append("%s 1.2.3-jvm %s\n".formatted(name, digest(name + "-jvm")));
        }
        lines.append("jobs 1.2.3 %s\n".formatted(digest("jobs")));
        lines.append("payment-sandbox 1.2.3 %s\n".formatted(digest("payment-sandbox")));
        Files.writeString(digests, lines);
        environment.putAll(
                Map.of(
                        "PATH", tools + File.pathSeparator + System.getenv("PATH"),
                        "REAL", realKubectl().toString(),
                        "ROOT", root.toString(),
                        "HOME", root.toString(),
                        "DIFFERS", "1",
                        "REFUSES", "nothing at all",
                        "MIGRATION", "Complete",
                        "BAD", "none",
                        "QUADRILLE_POLL_SECONDS", "0",
                        "QUADRILLE_REGISTRY", "registry.example/shop"));
    }

    @Test
    void migrationsComeBeforeTheNewVersionAndWhatTheyStandOnBeforeThem() throws Exception {
        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("test-cluster").endsWith("staging runs the new version.\n");
        assertThat(calls().stream().filter(call -> call.matches("(apply|.* delete|.* rollout).*")))
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .endsWith("-l app.kubernetes.io/component=foundation"),
                        second -> assertThat(second).contains("delete jobs").contains("--wait"),
                        third ->
                                assertThat(third)
                                        .endsWith("-l app.kubernetes.io/component=migration"),
                        fourth ->
                                assertThat(fourth)
                                        .endsWith("-l app.kubernetes.io/component!=migration"),
                        order -> assertThat(order).contains("rollout status deployment/order"),
                        inventory -> assertThat(inventory).contains("deployment/inventory"),
                        payment -> assertThat(payment).contains("deployment/payment"),
                        notification ->
                                assertThat(notification).contains("deployment/notification"));
        assertThat(root.resolve(".quadrille")).isEmptyDirectory();
    }

    @Test
    void everyImageOfOursIsSetByItsDigest() throws Exception {
        run("dev", digests.toString(), "--yes");

        var images =
                Rendered.of(root.resolve("applied.yaml"))
                        .pods()
                        .flatMap(Pods::containers)
                        .map(container -> container.path("image").asText())
                        .filter(image -> image.contains("quadrille/"))
                        .distinct();
        assertThat(images)
                .containsExactlyInAnyOrder(
                        "registry.example/shop/quadrille/order@" + digest("order"),
                        "registry.example/shop/quadrille/inventory@" + digest("inventory"),
                        "registry.example/shop/quadrille/payment@" + digest("payment"),
                        "registry.example/shop/quadrille/notification@" + digest("notification"),
                        "registry.example/shop/quadrille/jobs@" + digest("jobs"),
                        "registry.example/shop/quadrille/payment-sandbox@"
                                + digest("payment-sandbox"));
    }

    @Test
    void theContextIsTheOneThatWasNamed() throws Exception {
        environment.put("QUADRILLE_CONTEXT", "elsewhere");

        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.said()).contains("to elsewhere, namespace").doesNotContain("test-cluster");
        assertThat(calls())
                // The others are the rest of a call whose template has a line break.
                .filteredOn(call -> call.contains("quadrille-"))
                .hasSizeGreaterThan(10)
                .allMatch(call -> call.startsWith("--context elsewhere "));
    }

    @Test
    void theFlavourPicksTheImage() throws Exception {
        environment.put("QUADRILLE_FLAVOUR", "jvm");

        var run = run("production", digests.toString(), "--dry-run");

        assertThat(run.said())
                .contains("quadrille/order@" + digest("order-jvm"))
                .doesNotContain("quadrille/order@" + digest("order"));
    }

    @Test
    void aDryRunShowsTheDifferenceAndChangesNothing() throws Exception {
        var run = run("production", digests.toString(), "--dry-run");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).endsWith("Compares with the cluster\n+ new\n");
        assertThat(calls()).noneMatch(call -> call.matches("apply.*|.* (patch|delete) .*"));
    }

    @Test
    void whereNothingDiffersNothingIsDone() throws Exception {
        environment.put("DIFFERS", "0");

        var run = run("dev", digests.toString(), "--yes");

        assertThat(run.exitCode()).isZero();
        assertThat(run.said()).endsWith("Nothing would change.\n");
        assertThat(calls()).noneMatch(call -> call.startsWith("apply"));
    }

    @Test
    void whatTheClusterWouldNotTakeIsSaidBefore() throws Exception {
        environment.put("DIFFERS", "2");

        var run = run("dev", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("The cluster would not take it");
        assertThat(calls()).noneMatch(call -> call.startsWith("apply"));
    }

    @Test
    void aFailedMigrationLeavesTheServicesAlone() throws Exception {
        environment.put("MIGRATION", "Failed");

        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("migrate-payment said:\nThe database of payment is not migrated: no")
                .endsWith(
                        "Migrations failed. The services run as they did; mend the cause and deploy"
                                + " again.\n");
        assertThat(calls())
                .noneMatch(call -> call.endsWith("!=migration") && call.startsWith("apply"));
    }

    @Test
    void migrationsThatDoNotEndAreNotWaitedForForEver() throws Exception {
        environment.putAll(Map.of("MIGRATION", "", "QUADRILLE_MIGRATION_SECONDS", "1"));

        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("Not done after 1 s: migrate-payment");
    }

    @Test
    void aVersionThatDoesNotComeUpGoesAgain() throws Exception {
        environment.put("BAD", "payment");

        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("It does not come up: payment: deployment exceeded its progress deadline")
                .contains("order gets its last version back")
                .endsWith(
                        "staging runs its last version again. The migrations stay: it lives with"
                                + " them.\n");
        assertThat(root.resolve("patches.txt"))
                .content()
                .startsWith(
                        "[{\"op\":\"replace\",\"path\":\"/spec/template\",\"value\":{\"last\":true}}]");
    }

    @Test
    void soDoesACanaryThatIsAborted() throws Exception {
        environment.put("BAD", "inventory");

        var run = run("production", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("inventory: aborted: success-rate")
                .contains("production runs its last version again.");
        assertThat(calls())
                .filteredOn(call -> call.contains(" patch rollouts.argoproj.io "))
                .hasSize(4);
    }

    @Test
    void aWayBackThatIsClosedIsSaidByItsExitCode() throws Exception {
        environment.putAll(Map.of("BAD", "order", "LOST", "yes"));

        var lost = run("staging", digests.toString(), "--yes");
        environment.putAll(Map.of("NEW", "yes", "LOST", ""));
        var first = run("staging", digests.toString(), "--yes");

        assertThat(lost.exitCode()).isEqualTo(4);
        assertThat(first.exitCode()).isEqualTo(4);
        assertThat(first.said())
                .contains("all of it is new")
                .contains("order has no last version.");
    }

    @Test
    void whatIsRefusedWhileItIsAppliedGoesBackToo() throws Exception {
        environment.put("REFUSES", "component!=migration");

        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("denied by policy")
                .contains("staging runs its last version again.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                     | 2 | Which environment?
                    test                   | 2 | There is no environment 'test'. There are: dev staging production.
                    dev                    | 2 | Which images? Remedy: name the file of digests
                    dev nowhere.txt        | 2 | There is no file 'nowhere.txt'. Remedy:
                    dev DIGESTS other      | 2 | One environment and one file of digests, and 'other' came too.
                    dev DIGESTS --force    | 2 | There is no option '--force'.
                    dev DIGESTS            | 2 | Nobody is there to be asked. Remedy: --yes
                    """)
    void whatMakesNoSenseIsRefused(String arguments, int exitCode, String sentence)
            throws Exception {
        var run =
                run(
                        Stream.of(arguments.replace("DIGESTS", digests.toString()).split(" "))
                                .filter(word -> !word.isEmpty())
                                .toArray(String[]::new));

        assertThat(run.exitCode()).as(run.said()).isEqualTo(exitCode);
        assertThat(run.said()).contains(sentence);
    }

    @Test
    void anImageWithoutADigestIsNotDeployedByItsTag() throws Exception {
        Files.writeString(digests, "order 1.2.3-native %s\n".formatted(digest("order")));

        var run = run("production", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.said())
                .contains("No digest for: quadrille/inventory:")
                .contains("quadrille/jobs:")
                .contains("Remedy:");
        assertThat(root.resolve("calls.txt")).doesNotExist();
    }

    @Test
    void whatIsNoDigestIsNotTakenForOne() throws Exception {
        Files.writeString(digests, "order 1.2.3-native latest\n");

        assertThat(run("dev", digests.toString(), "--yes").said())
                .contains("The digest of order in")
                .contains("is none: 'latest'.");
    }

    @Test
    void aClusterThatDoesNotAnswerIsSaid() throws Exception {
        environment.put("SILENT", "yes");

        var run = run("dev", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.said()).contains("The cluster does not answer: refused");
    }

    private static String digest(String of) {
        return "sha256:" + "%08x".formatted(of.hashCode()).repeat(8);
    }

    private static Path realKubectl() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(root.resolve("calls.txt"));
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add("/bin/bash");
        command.add(root.resolve("kubernetes/deploy.sh").toString());
        command.addAll(List.of(arguments));
        var console = root.resolve("console.txt");
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(console.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        var process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(console));
    }
}
