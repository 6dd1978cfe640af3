package dev.quadrille.deployment.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.builder.AstBuilder;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.TupleExpression;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelinesTest {

    private static final Pattern STAGE =
            Pattern.compile("infra/pipelines/release\\.sh ([a-z -]+[a-z])");

    private static final String WHERE_IT_FAILED =
            "(failure() || cancelled()) && steps.deploy.outcome != 'skipped'";

    private static final YAMLMapper YAML =
            new YAMLMapper(
                    YAMLFactory.builder()
                            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
                            .build());

    @Test
    void gitHubUnderstandsTheWorkflowAndSeesWhatIsMisspelt() throws IOException {
        var workflow = read("github-actions.yml");

        assertThat(faults(workflow)).isEmpty();
        assertThat(faults(workflow.replace("runs-on:", "run-on:"))).isNotEmpty();
        assertThat(faults(workflow.replace("id-token: write", "id-token: always"))).isNotEmpty();
        assertThat(faults(workflow.replace("timeout-minutes: 90", "timeout: 90"))).isNotEmpty();
    }

    @Test
    void bothPipelinesRunTheSameStagesInTheSameOrder() throws IOException {
        var stages = stages(commands());

        assertThat(stages(jenkinsfile()))
                .isEqualTo(stages)
                .containsExactly(
                        "test",
                        "bake",
                        "scan",
                        "sign",
                        "deploy dev",
                        "verify dev",
                        "roll-back dev",
                        "promote staging",
                        "deploy staging",
                        "verify staging",
                        "roll-back staging",
                        "promote production",
                        "deploy production",
                        "verify production",
                        "roll-back production");
    }

    /// With the words that the script itself takes.
    @Test
    void everyStageIsOneThatTheScriptHas() throws Exception {
        var help = run("infra/pipelines/release.sh");

        assertThat(stages(commands()))
                .allMatch(stage -> help.contains("\n  " + stage.replaceAll(" .*", "") + " "));
    }

    @Test
    void whatRollsBackDoesSoOnlyWhereSomethingWasDeployedAndFailed() throws IOException {
        jobs().properties()
                .forEach(job ->
                        job.getValue()
                                .path("steps")
                                .forEach(step -> {
                                    if (step.path("run").asText().contains("roll-back")) {
                                        assertThat(step.path("if").asText())
                                                .isEqualTo(WHERE_IT_FAILED);
                                    } else if (!step.has("uses")) {
                                        assertThat(step.has("if")).isFalse();
                                    }
                                }));
    }

    /// Else the session may end in the middle of it, with pods of two versions.
    @Test
    void theWayBackHasASessionOfItsOwn() throws IOException {
        for (var environment : List.of("dev", "staging", "production")) {
            var steps = jobs().path(environment).path("steps").valueStream().toList();
            var before = steps.get(steps.size() - 2);
            var deploys =
                    steps.stream()
                            .filter(step -> role(step).endsWith("-deploy-" + environment))
                            .toList();

            assertThat(steps.getLast().path("run").asText())
                    .isEqualTo("infra/pipelines/release.sh roll-back " + environment);
            assertThat(deploys).hasSize(2).last().isEqualTo(before);
            assertThat(deploys.getFirst().has("if")).isFalse();
            assertThat(before.path("if").asText()).isEqualTo(WHERE_IT_FAILED);
            assertThat(before.path("with")).isEqualTo(deploys.getFirst().path("with"));
        }
    }

    /// `deploy.sh` waits for old jobs to go, for migrations, for the new version, and where that
    /// does not come for the last one. Before that a canary pauses, and then its pods start.
    @Test
    void aDeploymentAndItsWayBackFitIntoASessionAndACanaryIntoItsTime() throws IOException {
        var jenkins = read("Jenkinsfile");
        var workflow = YAML.readTree(read("github-actions.yml"));
        int migration = seconds("QUADRILLE_MIGRATION_SECONDS = '([0-9]+)'", jenkins);
        int rollout = seconds("QUADRILLE_ROLLOUT_SECONDS = '([0-9]+)'", jenkins);
        int deployment = 120 + migration + 2 * rollout;
        var canary =
                Files.readString(
                        Script.checkout()
                                .resolve("kubernetes/components/canary/kustomization.yaml"));
        int pauses =
                found("pause: \\{duration: ([0-9]+)m}", canary).stream()
                        .mapToInt(minutes -> Integer.parseInt(minutes) * 60)
                        .sum();

        assertThat(pauses).isPositive();
        assertThat(rollout).isGreaterThan(pauses + 300);
        assertThat(deployment).isLessThan(seconds("--duration-seconds ([0-9]+)", jenkins) - 300);
        assertThat(workflow.path("env").path("QUADRILLE_MIGRATION_SECONDS").asInt())
                .isEqualTo(migration);
        assertThat(workflow.path("env").path("QUADRILLE_ROLLOUT_SECONDS").asInt())
                .isEqualTo(rollout);
        // A job ends what it runs when its time is over, the way back too.
        for (var environment : List.of("dev", "staging", "production")) {
            assertThat(workflow.path("jobs").path(environment).path("timeout-minutes").asInt() * 60)
                    .isGreaterThan(2 * deployment);
        }
    }

    @Test
    void theWorkflowTakesNoMoreThanItNeeds() throws IOException {
        var workflow = YAML.readTree(read("github-actions.yml"));

        assertThat(workflow.path("permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
        jobs().properties()
                .forEach(entry -> {
                    var job = entry.getValue();
                    var roles = job.findValuesAsText("role-to-assume");
                    assertThat(job.path("timeout-minutes").asInt()).as(entry.getKey()).isPositive();
                    assertThat(job.path("permissions").has("id-token"))
                            .as(entry.getKey())
                            .isEqualTo(!roles.isEmpty());
                    if (!List.of("test", "build", "check").contains(entry.getKey())) {
                        assertThat(job.path("environment").asText()).isEqualTo(entry.getKey());
                        assertThat(job.path("concurrency").path("group").asText())
                                .isEqualTo(entry.getKey());
                        assertThat(
                                        job.path("concurrency")
                                                .path("cancel-in-progress")
                                                .asBoolean(true))
                                .isFalse();
                    }
                });
        assertThat(jobs().path("production").path("needs").asText()).isEqualTo("staging");
    }

    @Test
    void everyActionIsACommitAndSaysOfWhichVersion() throws IOException {
        var lines =
                read("github-actions.yml").lines().filter(line -> line.contains("uses:")).toList();

        assertThat(lines)
                .isNotEmpty()
                .allMatch(
                        line -> line.matches(" +- uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+"));
    }

    /// In both pipelines: those that `infra/aws/pipeline-access.yml` makes.
    @Test
    void everyRoleThatIsAskedForIsMade() throws IOException {
        var made =
                found(
                        "RoleName: !Sub '\\$\\{Cluster}-([a-z-]+)'",
                        Files.readString(
                                Script.checkout().resolve("infra/aws/pipeline-access.yml")));

        assertThat(found("vars\\.CLUSTER }}-([a-z-]+)", read("github-actions.yml")))
                .isNotEmpty()
                .allMatch(made::contains);
        assertThat(found("as_role\\('([a-z-]+)'", read("Jenkinsfile")))
                .isNotEmpty()
                .allMatch(made::contains);
    }

    @Test
    void jenkinsParsesItsFileAndItsStagesAreNamed() throws IOException {
        assertThat(stagesOfJenkins(read("Jenkinsfile")))
                .containsExactly(
                        "test", "bake", "scan", "sign", "dev", "staging", "approval", "production");
        assertThatThrownBy(
                        () -> stagesOfJenkins(read("Jenkinsfile").replace("stages {", "stages ")))
                .isInstanceOf(MultipleCompilationErrorsException.class);
    }

    @Test
    void productionWaitsForSomebody() throws IOException {
        assertThat(read("Jenkinsfile").indexOf("input message:"))
                .isBetween(
                        read("Jenkinsfile").indexOf("verify staging"),
                        read("Jenkinsfile").indexOf("promote production"));
        assertThat(jobs().path("production").path("environment").asText()).isEqualTo("production");
    }

    /// A first line of its own: Jenkins prints every command of a shell that has none, and with it
    /// what it assigns.
    @Test
    void jenkinsDoesNotPrintCredentials() throws IOException {
        assertThat(read("Jenkinsfile")).contains("script: \"\"\"#!/usr/bin/env bash\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"infra/pipelines", "infra/aws"})
    void nothingNamesARegistryAnAccountAKeyOrWhateverIsLatest(String folder) throws IOException {
        try (var files = Files.list(Script.checkout().resolve(folder))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = Files.readString(file);
                assertThat(secrets(text)).as(file.toString()).isEmpty();
            }
        }
    }

    @Test
    void aSecretAHostAndAMovingTagWouldBeSeen() {
        assertThat(secrets("123456789012.dkr.ecr.eu-north-1.amazonaws.com")).isNotEmpty();
        assertThat(secrets("image: quay.io/strimzi/kafka")).isNotEmpty();
        assertThat(secrets("AKIAIOSFODNN7EXAMPLE")).isNotEmpty();
        assertThat(secrets("image: postgres:latest")).isNotEmpty();
        assertThat(secrets("runs-on: ubuntu-latest")).isNotEmpty();
        assertThat(secrets("role: arn:aws:iam::123456789012:role/x")).isNotEmpty();
        assertThat(secrets("${{ secrets.AWS_SECRET_ACCESS_KEY }}")).isNotEmpty();
    }

    @Test
    void everyFileThatAStageCallsIsThere() throws IOException {
        var named =
                found("\"\\$root/([a-z/-]+\\.sh)\"", read("release.sh")).stream()
                        .distinct()
                        .toList();

        assertThat(named)
                .contains(
                        "test.sh",
                        "native-build.sh",
                        "infra/bakery/bake.sh",
                        "kubernetes/deploy.sh")
                .allSatisfy(file -> assertThat(Script.checkout().resolve(file)).isExecutable());
    }

    private static List<String> secrets(String text) {
        return Stream.of(
                        "[0-9]{12}\\.dkr\\.ecr",
                        "(quay|ghcr|gcr|docker)\\.io",
                        "public\\.ecr\\.aws",
                        "registry\\.k8s",
                        "AKIA[0-9A-Z]{16}",
                        "iam::[0-9]{12}",
                        "[:-]latest\\b",
                        "secrets\\.[A-Z]",
                        "(?i)BEGIN [A-Z ]*PRIVATE KEY")
                .flatMap(pattern -> Pattern.compile(pattern).matcher(text).results())
                .map(MatchResult::group)
                .toList();
    }

    private static List<String> stages(List<String> commands) {
        return commands.stream()
                .flatMap(command -> STAGE.matcher(command).results())
                .map(match -> match.group(1))
                .toList();
    }

    /// In the order of the jobs, which need one another.
    private static List<String> commands() throws IOException {
        var commands = new ArrayList<String>();
        jobs().forEach(job ->
                job.path("steps").forEach(step -> commands.add(step.path("run").asText())));
        return commands;
    }

    private static JsonNode jobs() throws IOException {
        return YAML.readTree(read("github-actions.yml")).path("jobs");
    }

    private static List<String> jenkinsfile() throws IOException {
        return read("Jenkinsfile").lines().filter(line -> !line.strip().startsWith("//")).toList();
    }

    private static List<String> stagesOfJenkins(String file) {
        var names = new ArrayList<String>();
        var visitor =
                new CodeVisitorSupport() {
                    @Override
                    public void visitMethodCallExpression(MethodCallExpression call) {
                        if (call.getMethodAsString().equals("stage")
                                && call.getArguments() instanceof TupleExpression arguments
                                && arguments.getExpression(0) instanceof ConstantExpression name) {
                            names.add(name.getText());
                        }
                        super.visitMethodCallExpression(call);
                    }
                };
        new AstBuilder()
                .buildFromString(CompilePhase.CONVERSION, false, file)
                .forEach(node -> {
                    if (!(node instanceof org.codehaus.groovy.ast.ClassNode)) {
                        node.visit(visitor);
                    }
                });
        return names;
    }

    private static List<String> faults(String workflow) throws IOException {
        try (var schema = PipelinesTest.class.getResourceAsStream("github-workflow.schema.json")) {
            var text = new String(Objects.requireNonNull(schema).readAllBytes(), UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(text, InputFormat.JSON)
                    .validate(YAML.readTree(workflow).toString(), InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    private static String role(JsonNode step) {
        return step.path("with").path("role-to-assume").asText();
    }

    private static int seconds(String pattern, String text) {
        return Integer.parseInt(found(pattern, text).getFirst());
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String run(String script) throws Exception {
        var process =
                new ProcessBuilder("bash", Script.checkout().resolve(script).toString(), "--help")
                        .start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    private static String read(String file) throws IOException {
        return Files.readString(Script.checkout().resolve("infra/pipelines").resolve(file));
    }
}
