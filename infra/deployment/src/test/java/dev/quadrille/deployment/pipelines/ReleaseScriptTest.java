package dev.quadrille.deployment.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each stage of `release.sh` calls, in which order, and what it does when one of them fails.
class ReleaseScriptTest {

    private static final String KUBECTL =
            """
            case "$*" in
              *'get rollouts.argoproj.io'*) echo "$ROLLOUTS" ;;
              *'get rollout.argoproj.io/'*'{.metadata.generation}'*) echo "7|7|$PHASE|the saga suffers" ;;
              *'get rollout.argoproj.io/'*'{.status.phase}'*) echo "$PHASE" ;;
              *'get configmap quadrille-verified'*) cat "$ROOT/verified.txt" ;;
              *port-forward*) echo 'Forwarding from 127.0.0.1:4711 -> 8081'; exec sleep 60 ;;
              'create configmap'*) echo 'kind: ConfigMap' ;;
              *'apply --filename -') cat >/dev/null ;;
            esac
            """;

    @TempDir private Path root;
    private Script script;

    @BeforeEach
    void aRelease() throws IOException {
        script = new Script(root, "infra/pipelines/release.sh");
        script.program("kubectl", KUBECTL)
                .program("trivy", "")
                .program("cosign", "")
                .program("skopeo", "cat >/dev/null")
                .program(
                        "aws",
                        """
                        case "$*" in
                          'ecr describe-repositories '*)
                            name=${4%/quadrille/order}
                            echo "1.dkr.ecr.eu-north-1.example/$name/quadrille/order" ;;
                          'ecr get-login-password'*) echo sesame ;;
                        esac
                        """)
                .script("test.sh", "")
                .script(
                        "infra/bakery/bake.sh",
                        "mkdir -p \"$ROOT/infra/bakery/target/sbom-1.2.3\"\n"
                                + "[ -n \"$EMPTY\" ] || echo 'order 1.2.3-native sha256:ab'"
                                + " >\"$ROOT/infra/bakery/target/digests-1.2.3.txt\"")
                .script("native-build.sh", "")
                .script("infra/bakery/version.sh", "echo 1.2.3")
                .script("infra/bakery/scan.sh", "exit \"$SCAN\"")
                .script("infra/bakery/sign.sh", "")
                .script("infra/bakery/promote.sh", "")
                .script(
                        "kubernetes/deploy.sh",
                        "echo \"registry $QUADRILLE_REGISTRY\" >>\"$ROOT/calls.txt\"\n"
                                + "exit \"$DEPLOY\"")
                .script("infra/pipelines/smoke.sh", "exit \"$SMOKE\"")
                .with("ROLLOUTS", "")
                .with("PHASE", "Healthy")
                .with("SCAN", "0")
                .with("DEPLOY", "0")
                .with("SMOKE", "0")
                .with("EMPTY", "")
                .with("QUADRILLE_SMOKE_PRODUCTION", "--sku TEA-01")
                .with("QUADRILLE_ROLLOUT_TIMEOUT", "10");
        Files.writeString(root.resolve("verified.txt"), "order 1.2.2-native sha256:aa\n");
    }

    @Test
    void everyStageComesOnceAndInOrderOnTheWayToProduction() throws Exception {
        var run = script.run("infra/pipelines/release.sh", "all", "production", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(scripts())
                .containsSubsequence(
                        "test.sh ",
                        "native-build.sh",
                        "infra/bakery/bake.sh",
                        "infra/bakery/scan.sh",
                        "infra/bakery/sign.sh",
                        "kubernetes/deploy.sh dev",
                        "infra/pipelines/smoke.sh",
                        "infra/bakery/promote.sh",
                        "kubernetes/deploy.sh staging",
                        "infra/pipelines/smoke.sh",
                        "infra/bakery/promote.sh",
                        "kubernetes/deploy.sh production",
                        "infra/pipelines/smoke.sh");
        assertThat(scripts())
                .filteredOn(call -> call.startsWith("infra/bakery/bake.sh"))
                .hasSize(1);
        assertThat(script.calls())
                .contains("registry 1.dkr.ecr.eu-north-1.example/production")
                .contains(
                        "infra/pipelines/smoke.sh http://127.0.0.1:4711 http://127.0.0.1:4711",
                        "infra/pipelines/smoke.sh http://127.0.0.1:4711 http://127.0.0.1:4711 --sku"
                                + " TEA-01");
        assertThat(run.said()).doesNotContain("sesame");
    }

    @Test
    void itFindsItselfWhereverItIsCalledFrom() throws Exception {
        var run = script.runBeside("infra/pipelines/release.sh", "all", "dev");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(scripts())
                .containsSubsequence("kubernetes/deploy.sh dev", "infra/pipelines/smoke.sh");
    }

    @Test
    void productionIsAskedForAndNobodyThereIsNo() throws Exception {
        var run = script.run("infra/pipelines/release.sh", "all", "production");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.said()).contains("Not to production, then.");
        assertThat(scripts())
                .contains("kubernetes/deploy.sh staging")
                .doesNotContain("kubernetes/deploy.sh production");
    }

    @Test
    void anImageThatTheScanRejectsGoesNowhere() throws Exception {
        script.with("SCAN", "1");

        var run = script.run("infra/pipelines/release.sh", "all", "dev");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(scripts()).last().asString().startsWith("infra/bakery/scan.sh");
    }

    @Test
    void aFailedSmokeTestBringsTheVerifiedDigestsBackAndEndsTheRelease() throws Exception {
        script.with("SMOKE", "1");

        var run = script.run("infra/pipelines/release.sh", "all", "production", "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("dev is not well with this version: it goes back.");
        assertThat(script.calls())
                .contains("kubernetes/deploy.sh dev .quadrille/release/verified-dev --yes")
                .noneMatch(call -> call.startsWith("infra/bakery/promote.sh"))
                .noneMatch(call -> call.contains("create configmap"));
    }

    @Test
    void aCanaryThatItsAnalysisAbortedFailsAtOnceAndRollingBackAbortsTheOthers() throws Exception {
        baked();
        script.with("ROLLOUTS", "rollout.argoproj.io/order").with("PHASE", "Degraded");

        var verified = script.run("infra/pipelines/release.sh", "verify", "production");
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.said())
                .contains("rollout.argoproj.io/order is degraded: the saga suffers");
        assertThat(script.calls()).noneMatch(call -> call.contains("smoke.sh"));
        script.with("PHASE", "Progressing");
        script.run("infra/pipelines/release.sh", "roll-back", "production");

        assertThat(script.calls())
                .anyMatch(call ->
                        call.contains(
                                "patch rollout.argoproj.io/order --subresource status --type merge"
                                        + " --patch {\"status\":{\"abort\":true}}"))
                .contains(
                        "kubernetes/deploy.sh production .quadrille/release/verified-production"
                                + " --yes");
    }

    @Test
    void aCanaryThatNeverEndsIsWaitedForWithinABound() throws Exception {
        baked();
        script.with("ROLLOUTS", "rollout.argoproj.io/order")
                .with("PHASE", "Paused")
                .with("QUADRILLE_ROLLOUT_TIMEOUT", "1");

        var run = script.run("infra/pipelines/release.sh", "verify", "staging");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("rollout.argoproj.io/order is not there after 1 s: Paused");
    }

    @Test
    void whereNothingWasEverVerifiedThereIsNothingToGoBackTo() throws Exception {
        Files.writeString(root.resolve("verified.txt"), "");

        var run = script.run("infra/pipelines/release.sh", "roll-back", "dev");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("Nothing was ever verified in dev", "Remedy:");
        assertThat(script.calls())
                .noneMatch(call -> call.startsWith("kubernetes/deploy.sh"))
                .noneMatch(call -> call.contains("rollout undo"));
    }

    @Test
    void whatIsOrderedInProductionSomebodyHasToSay() throws Exception {
        baked();
        script.with("QUADRILLE_SMOKE_PRODUCTION", "");
        for (var stage : List.of("promote", "deploy", "verify", "all")) {
            var run = script.run("infra/pipelines/release.sh", stage, "production");

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.said()).contains("How is production verified? Remedy:");
        }
        assertThat(script.calls()).isEmpty();
        script.with("QUADRILLE_SMOKE_PRODUCTION", "none");

        var run = script.run("infra/pipelines/release.sh", "verify", "production");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("No order is placed in production");
        assertThat(script.calls()).noneMatch(call -> call.contains("smoke.sh"));
    }

    @Test
    void promotionCopiesFromTheEnvironmentBefore() throws Exception {
        baked();

        var run = script.run("infra/pipelines/release.sh", "promote", "production");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(script.calls())
                .containsSubsequence(
                        "infra/bakery/promote.sh .quadrille/release/digests"
                                + " 1.dkr.ecr.eu-north-1.example/staging"
                                + " 1.dkr.ecr.eu-north-1.example/production"
                                + " order inventory payment notification jobs payment-sandbox",
                        "infra/bakery/sign.sh .quadrille/release/digests"
                                + " 1.dkr.ecr.eu-north-1.example/production"
                                + " order inventory payment notification jobs payment-sandbox");
        assertThat(script.run("infra/pipelines/release.sh", "promote", "dev").exitCode())
                .isEqualTo(2);
    }

    @Test
    void aMissingToolEndsItUnlessSomebodyHasSaidThatItMay() throws Exception {
        baked();
        script.with("SCAN", "3");

        assertThat(script.run("infra/pipelines/release.sh", "scan").exitCode()).isEqualTo(3);
        var run =
                script.with("QUADRILLE_OPTIONAL", "trivy")
                        .run("infra/pipelines/release.sh", "scan");
        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("Going on without trivy, as QUADRILLE_OPTIONAL says.");
        script.with("SCAN", "1");
        assertThat(script.run("infra/pipelines/release.sh", "scan").exitCode()).isEqualTo(1);
    }

    @Test
    void ownRegistriesNeedNoAws() throws Exception {
        script.with("QUADRILLE_REGISTRY_DEV", "localhost:5000");

        var run = script.run("infra/pipelines/release.sh", "registry", "dev");

        assertThat(run.said()).isEqualTo("localhost:5000\n");
        assertThat(script.calls()).isEmpty();
    }

    @Test
    void aStageWithoutWhatTheOneBeforeItWroteSaysSo() throws Exception {
        for (var stage : List.of("scan", "sign")) {
            assertThat(script.run("infra/pipelines/release.sh", stage).said())
                    .contains("Remedy: release.sh bake writes it");
        }
        assertThat(script.run("infra/pipelines/release.sh", "deploy", "dev").exitCode())
                .isEqualTo(1);
        script.with("EMPTY", "yes");
        assertThat(script.run("infra/pipelines/release.sh", "bake").exitCode()).isEqualTo(1);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        for (var arguments :
                List.of("", "tests", "deploy", "scan dev", "deploy qa", "scan sign", "--fast")) {
            var run =
                    script.run(
                            "infra/pipelines/release.sh",
                            arguments.isEmpty() ? new String[0] : arguments.split(" ", -1));
            assertThat(run.exitCode()).as(arguments).isEqualTo(2);
        }
        assertThat(
                        script.with("QUADRILLE_FLAVOUR", "fast")
                                .run("infra/pipelines/release.sh", "test")
                                .exitCode())
                .isEqualTo(2);
        assertThat(script.calls()).isEmpty();
    }

    private void baked() throws IOException {
        Files.createDirectories(root.resolve(".quadrille/release"));
        Files.writeString(
                root.resolve(".quadrille/release/digests"), "order 1.2.3-native sha256:ab\n");
    }

    /// Those of the repository, by name and environment.
    private List<String> scripts() throws IOException {
        return script.calls().stream()
                .filter(call -> call.contains(".sh "))
                .map(call ->
                        call.startsWith("kubernetes/deploy.sh")
                                ? call.replaceAll("(\\S+ \\S+).*", "$1")
                                : call.startsWith("test.sh") ? call : call.replaceAll(" .*", ""))
                .toList();
    }
}
