package dev.quadrille.deployment.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /// Writes down what it was to apply.
    private static final String KUBECTL =
            """
            [ "$1" = --context ] && shift 2
            [ "$1" = kustomize ] && exec "$REAL" "$@"
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
                : >"$ROOT/patched.txt"
                for each in "$@"; do [ -f "$each" ] && cat "$each" >>"$ROOT/patches.txt"; done ;;
              *"{.spec.template}"*) [ -z "$NEW" ] && printf '{"last":true}' ;;
              *' rollouts.argoproj.io '"$BAD "*)
                if [ -f "$ROOT/patched.txt" ]; then echo '8 8 Healthy'; else echo '7 7 Degraded aborted: success-rate'; fi ;;
              *' rollouts.argoproj.io '*) echo '7 7 Healthy' ;;
            esac
            exit 0
            """;

    @TempDir private Path root;
    private Script script;
    private Path digests;

    @BeforeEach
    void aCheckoutAndAClusterThatTakesEverything() throws IOException {
        script = new Script(root, "kubernetes", "infra/observability");
        script.program("kubectl", KUBECTL)
                .with("REAL", Kustomize.kubectl().toString())
                .with("SILENT", "")
                .with("NEW", "")
                .with("LOST", "")
                .with("DIFFERS", "1")
                .with("REFUSES", "nothing at all")
                .with("MIGRATION", "Complete")
                .with("BAD", "none")
                .with("QUADRILLE_POLL_SECONDS", "0")
                .with("QUADRILLE_REGISTRY", "registry.example/shop");
        digests = root.resolve("digests.txt");
        var lines = new StringBuilder();
        for (var name : SERVICES) {
            lines.append("%s 1.2.3-native %s\n".formatted(name, digest(name)));
            lines.append("%s 1.2.3-jvm %s\n".formatted(name, digest(name + "-jvm")));
        }
        lines.append("jobs 1.2.3 %s\n".formatted(digest("jobs")));
        lines.append("payment-sandbox 1.2.3 %s\n".formatted(digest("payment-sandbox")));
        Files.writeString(digests, lines);
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
        script.with("QUADRILLE_CONTEXT", "elsewhere");

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
        script.with("QUADRILLE_FLAVOUR", "jvm");

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
        script.with("DIFFERS", "0");

        var run = run("dev", digests.toString(), "--yes");

        assertThat(run.exitCode()).isZero();
        assertThat(run.said()).endsWith("Nothing would change.\n");
        assertThat(calls()).noneMatch(call -> call.startsWith("apply"));
    }

    @Test
    void whatTheClusterWouldNotTakeIsSaidBefore() throws Exception {
        script.with("DIFFERS", "2");

        var run = run("dev", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("The cluster would not take it");
        assertThat(calls()).noneMatch(call -> call.startsWith("apply"));
    }

    @Test
    void aFailedMigrationLeavesTheServicesAlone() throws Exception {
        script.with("MIGRATION", "Failed");

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
        script.with("MIGRATION", "").with("QUADRILLE_MIGRATION_SECONDS", "1");

        var run = run("staging", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("Not done after 1 s: migrate-payment");
    }

    @Test
    void aVersionThatDoesNotComeUpGoesAgain() throws Exception {
        script.with("BAD", "payment");

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
        script.with("BAD", "inventory");

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
        script.with("BAD", "order").with("LOST", "yes");

        var lost = run("staging", digests.toString(), "--yes");
        script.with("NEW", "yes").with("LOST", "");
        var first = run("staging", digests.toString(), "--yes");

        assertThat(lost.exitCode()).isEqualTo(4);
        assertThat(first.exitCode()).isEqualTo(4);
        assertThat(first.said())
                .contains("all of it is new")
                .contains("order has no last version.");
    }

    @Test
    void whatIsRefusedWhileItIsAppliedGoesBackToo() throws Exception {
        script.with("REFUSES", "component!=migration");

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
        assertThat(calls()).isEmpty();
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
        script.with("SILENT", "yes");

        var run = run("dev", digests.toString(), "--yes");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.said()).contains("The cluster does not answer: refused");
    }

    private static String digest(String of) {
        return "sha256:" + "%08x".formatted(of.hashCode()).repeat(8);
    }

    /// What the cluster was asked and told.
    private List<String> calls() throws IOException {
        return script.calls().stream()
                .filter(call -> !call.startsWith("kubectl kustomize "))
                .map(call -> call.replaceFirst("^kubectl ", ""))
                .toList();
    }

    private Script.Run run(String... arguments) throws IOException, InterruptedException {
        return script.run("kubernetes/deploy.sh", arguments);
    }
}
