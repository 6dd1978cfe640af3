package dev.quadrille.deployment.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `up.sh` and `down.sh` would do to an account, which stand-ins write down.
class UpAndDownScriptTest {

    /// An account without a cluster, whose EKS offers what cluster.yaml pins.
    private static final String AWS =
            """
            case "$*" in
              'sts get-caller-identity'*) printf '123\\tarn:aws:iam::123:user/ada\\n' ;;
              'configure get region') echo eu-north-1 ;;
              'eks describe-cluster '*supportType*) echo "$SUPPORT" ;;
              'eks describe-cluster '*) [ -e "$ROOT/cluster" ] || exit 254 ;;
              'eks list-pod-identity-associations '*) printf 'external-secrets\\texternal-secrets\\n' ;;
              'eks describe-addon-versions '*)
                echo "v1.22.3-eksbuild.1 v1.36.0-eksbuild.13 v1.14.3-eksbuild.3 v1.3.10-eksbuild.3"
                echo "$OFFERED" ;;
              *OutputKey==*KeyArn*) echo arn:key ;;
              *OutputKey==*FargateRoleArn*) echo arn:fargate ;;
              *OutputKey==*Host*) echo db.example ;;
              *OutputKey==*Port*) echo 5432 ;;
              *OutputKey==*MasterSecretArn*) echo arn:master ;;
              'cloudformation describe-stacks '*) [ -e "$ROOT/cluster" ] || exit 254 ;;
              *'get-secret-value'*) echo '{"username":"u","password":"open-sesame"}' ;;
              'ec2 describe-volumes '*) echo "$LEFT" ;;
              'rds describe-db-snapshots '*) echo "$SNAPSHOTS" ;;
              'logs describe-log-groups '*) echo /quadrille/services ;;
            esac
            """;

    @TempDir private Path root;
    private Script script;

    @BeforeEach
    void anAccount() throws IOException {
        script =
                new Script(
                        root,
                        "infra/aws/common.sh",
                        "infra/aws/up.sh",
                        "infra/aws/down.sh",
                        "infra/aws/databases.sh",
                        "infra/aws/databases.sql",
                        "infra/aws/cluster.yaml",
                        "infra/aws/deployers.yaml",
                        "infra/aws/fargate-logging.yaml");
        script.program("aws", AWS)
                .program(
                        "eksctl",
                        """
                        case "$1 $2" in
                          'create cluster') cat "$4" >"$ROOT/config.yaml" ;;
                          'create podidentityassociation') cat "$4" >"$ROOT/identities.yaml" ;;
                        esac
                        """)
                .program(
                        "kubectl",
                        """
                        case "$*" in
                          *' apply -f -') cat >>"$ROOT/applied.yaml" ;;
                          *' get job '*) echo "$JOB" ;;
                          *' logs '*) echo 'order: there' ;;
                          *' delete kafkatopics.'*) exit "$STUCK" ;;
                          *' get kafkatopics.'*) echo kafkatopic.kafka.strimzi.io/order-events ;;
                        esac
                        """)
                .program("curl", "printf 'BEGIN\\nEND\\n'")
                .with("OFFERED", "v1.63.1-eksbuild.1 v0.8.1-eksbuild.10")
                .with("SUPPORT", "EXTENDED")
                .with("JOB", "Complete")
                .with("STUCK", "0")
                .with("LEFT", "")
                .with("SNAPSHOTS", "None");
    }

    @Test
    void withoutYesItSaysWhatItWouldDoAndDoesNothing() throws Exception {
        var run = script.run("infra/aws/up.sh", "--repository", "acme/quadrille");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said())
                .contains("In eu-north-1, in account 123, as arn:aws:iam::123:user/ada:")
                .containsPattern("cluster +EKS cluster quadrille: .* by the hour, most of the bill")
                .containsPattern("access +.*roles for acme/quadrille")
                .contains("Nothing was done. With --yes it is.");
        assertThat(script.calls())
                .containsExactly(
                        "aws configure get region",
                        "aws sts get-caller-identity --query [Account, Arn] --output text");
    }

    @Test
    void withYesTheStepsFollowEachOtherAndTheClusterGetsWhatTheFileLeavesOpen() throws Exception {
        var run =
                script.run(
                        "infra/aws/up.sh",
                        "--region",
                        "eu-west-1",
                        "--repository",
                        "acme/q",
                        "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(
                        script.calls().stream()
                                .filter(call ->
                                        call.contains("cloudformation deploy")
                                                || call.startsWith("eksctl"))
                                .map(call ->
                                        call.replaceAll(
                                                ".*(--stack-name|^eksctl create) (\\S+).*", "$2")))
                .containsExactly(
                        "quadrille-registry-dev",
                        "quadrille-registry-staging",
                        "quadrille-registry-production",
                        "quadrille-foundation",
                        "cluster",
                        "quadrille-database",
                        "quadrille-access");
        assertThat(script.calls())
                .anyMatch(call -> call.contains("supportType=STANDARD"))
                .anyMatch(call ->
                        call.contains(
                                "--enable-termination-protection --stack-name"
                                        + " quadrille-registry-production"))
                .allMatch(call ->
                        !call.startsWith("aws cloudformation")
                                || call.contains("--region eu-west-1"));
        assertThat(root.resolve("config.yaml"))
                .content()
                .contains("  name: quadrille\n  region: eu-west-1\n")
                .contains("keyARN: arn:key")
                .contains("fargatePodExecutionRoleARN: arn:fargate")
                .doesNotContainPattern("\\$\\{[A-Z]");
        assertThat(root.resolve("applied.yaml")).content().contains("region eu-west-1");
    }

    /// eksctl takes an association that is there for a failure, but neither nodes nor profiles.
    @Test
    void aClusterThatIsThereGetsWhatItLacksAndIsBroughtUpToDate() throws Exception {
        Files.createFile(root.resolve("cluster"));

        var run = script.run("infra/aws/up.sh", "cluster", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(
                        script.calls().stream()
                                .filter(call -> call.startsWith("eksctl"))
                                .map(call -> call.replaceAll(" -f .*", "")))
                .containsExactly(
                        "eksctl create nodegroup",
                        "eksctl create fargateprofile",
                        "eksctl create addon",
                        "eksctl create podidentityassociation",
                        "eksctl update podidentityassociation",
                        "eksctl update addon");
        assertThat(script.calls()).anyMatch(call -> call.contains("supportType=STANDARD"));
        assertThat(root.resolve("identities.yaml"))
                .content()
                .contains("  name: quadrille\n", "    - namespace: monitoring\n", "/quadrille/*'")
                .contains("\nfargateProfiles:")
                .doesNotContain("- namespace: external-secrets", "secretsmanager", "kms:Decrypt");
    }

    @Test
    void whatTheClusterHasIsNotMadeAgain() throws Exception {
        Files.createFile(root.resolve("cluster"));
        var cluster = root.resolve("infra/aws/cluster.yaml");
        var others = Pattern.compile("(?s)    - namespace: monitoring\n.*?\n\n");
        Files.writeString(cluster, others.matcher(Files.readString(cluster)).replaceFirst("\n"));

        var run = script.with("SUPPORT", "STANDARD").run("infra/aws/up.sh", "cluster", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(script.calls())
                .noneMatch(call -> call.startsWith("eksctl create podidentityassociation"))
                .noneMatch(call -> call.contains("update-cluster-config"))
                .anyMatch(call -> call.startsWith("eksctl update podidentityassociation"));
    }

    @Test
    void passwordsTravelByAPipeAndAreSaidNowhere() throws Exception {
        var run = script.run("infra/aws/up.sh", "database", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).contains("order: there").doesNotContain("sesame");
        assertThat(String.join("\n", script.calls())).doesNotContain("sesame");
        // In base64.
        assertThat(root.resolve("applied.yaml")).content().contains("  payment: b3Blbi1zZXNhbWU=");
        assertThat(script.calls())
                .last()
                .asString()
                .contains("delete namespace quadrille-databases");
    }

    @Test
    void aJobThatFailsIsSaidAndItsNamespaceGoes() throws Exception {
        script.with("JOB", "Failed");

        var run = script.run("infra/aws/databases.sh", "--region", "eu-west-1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("The Job that makes the databases failed. It said:");
        assertThat(script.calls())
                .last()
                .asString()
                .contains("delete namespace quadrille-databases");
    }

    @Test
    void anAddOnThatEksNoLongerOffersEndsItBeforeAnythingIsBuilt() throws Exception {
        script.with("OFFERED", "v1.63.1-eksbuild.1 v0.8.2-eksbuild.1");

        var run = script.run("infra/aws/up.sh", "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains(
                        "EKS offers metrics-server v0.8.1-eksbuild.10 no longer for Kubernetes"
                                + " 1.36. Remedy:");
        assertThat(script.calls())
                .noneMatch(call -> call.contains("deploy") || call.startsWith("eksctl"));
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAwsIsAsked() throws Exception {
        assertThat(script.run("infra/aws/up.sh", "everything").said())
                .contains("There is no step 'everything'. There are: registry foundation cluster");
        assertThat(script.run("infra/aws/up.sh", "access").exitCode()).isEqualTo(2);
        assertThat(script.run("infra/aws/up.sh", "--region").exitCode()).isEqualTo(2);
        assertThat(script.run("infra/aws/up.sh", "--cluster", "a b").exitCode()).isEqualTo(2);
        assertThat(script.run("infra/aws/down.sh", "--now").exitCode()).isEqualTo(2);
        assertThat(script.calls()).isEmpty();
    }

    @Test
    void theWayBackBeginsWithWhatOutlivesTheClusterAndEndsWithALook() throws Exception {
        Files.createFile(root.resolve("cluster"));

        var plan = script.run("infra/aws/down.sh");
        assertThat(plan.said())
                .contains("Nothing was done. With --yes it is, and nobody can bring it back.");
        assertThat(script.calls()).noneMatch(call -> call.contains("delete"));
        var run = script.run("infra/aws/down.sh", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said()).endsWith("Nothing is left that costs.\n");
        assertThat(script.calls())
                .anyMatch(call -> call.startsWith("eksctl delete cluster --region eu-north-1"));
        assertThat(
                        script.calls().stream()
                                .filter(call -> call.contains("delete"))
                                .filter(call ->
                                        !call.contains("wait")
                                                && !call.contains("log-group")
                                                && !call.contains("kafkatopics"))
                                .map(call ->
                                        call.replaceAll(".*(quadrille-\\S+|cluster) .*", "$1")
                                                .replaceAll(".* ", "")))
                .containsExactly(
                        "quadrille-dev",
                        "quadrille-staging",
                        "quadrille-production",
                        "quadrille-access",
                        "quadrille-database",
                        "quadrille-foundation",
                        "quadrille-registry-dev",
                        "quadrille-registry-staging",
                        "quadrille-registry-production");
    }

    /// From the eighth day on, nobody could restore it.
    @Test
    void aSnapshotKeepsTheKeyThatItIsEncryptedWith() throws Exception {
        Files.createFile(root.resolve("cluster"));
        var run = script.run("infra/aws/down.sh", "--yes", "--keep-snapshot");
        script.with("SNAPSHOTS", "quadrille-last-1");
        assertThat(script.run("infra/aws/down.sh").said())
                .contains("key, log group: no, the snapshot needs the key");
        var again = script.run("infra/aws/down.sh", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said())
                .containsPattern(
                        "Stack quadrille-foundation stays, for its key: there is"
                                + " quadrille-last-\\d{14}")
                .contains("Nothing is left that costs but what was to be kept");
        assertThat(again.said()).contains("stays, for its key: there is quadrille-last-1");
        assertThat(script.calls())
                .anyMatch(call -> call.contains("create-db-snapshot"))
                .noneMatch(call -> call.contains("delete-stack") && call.contains("-foundation"))
                .noneMatch(call ->
                        call.endsWith(
                                "delete-log-group --region eu-north-1 --log-group-name"
                                        + " /quadrille/services"));
    }

    /// With its namespace a topic's operator goes, and who else takes the finalizer away?
    @Test
    void topicsGoBeforeTheirNamespaceAndWithoutTheirOperatorWhereItDoesNotAnswer()
            throws Exception {
        Files.createFile(root.resolve("cluster"));

        var run = script.run("infra/aws/down.sh", "--yes");

        assertThat(run.exitCode()).as(run.said()).isZero();
        for (var environment : List.of("dev", "staging", "production")) {
            assertThat(script.calls())
                    .containsSubsequence(
                            "kubectl --context quadrille -n quadrille-"
                                    + environment
                                    + " delete kafkatopics.kafka.strimzi.io --all"
                                    + " --ignore-not-found --timeout 5m",
                            "kubectl --context quadrille delete namespace quadrille-"
                                    + environment
                                    + " --ignore-not-found --timeout 10m");
        }
        assertThat(script.calls()).noneMatch(call -> call.contains("finalizers"));
        script.with("STUCK", "1").run("infra/aws/down.sh", "--yes");

        assertThat(script.calls())
                .containsSubsequence(
                        "kubectl --context quadrille -n quadrille-production patch"
                                + " kafkatopic.kafka.strimzi.io/order-events --type merge --patch"
                                + " {\"metadata\":{\"finalizers\":null}}",
                        "kubectl --context quadrille delete namespace quadrille-production"
                                + " --ignore-not-found --timeout 10m");
    }

    @Test
    void whatIsLeftAndCostsIsNamed() throws Exception {
        script.with("LEFT", "vol-1 vol-2");

        var run = script.run("infra/aws/down.sh", "--yes");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("These are left, and cost:").contains("vol-1");
    }
}
