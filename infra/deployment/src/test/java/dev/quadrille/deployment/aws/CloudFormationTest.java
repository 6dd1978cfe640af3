package dev.quadrille.deployment.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudFormationTest {

    private static final List<String> IMAGES =
            List.of(
                    "order",
                    "inventory",
                    "payment",
                    "notification",
                    "jobs",
                    "payment-sandbox",
                    "base",
                    "base-jvm",
                    "base-native");

    /// What eksctl's stack of a cluster exports, of its documentation.
    private static final List<String> OF_EKSCTL =
            List.of(
                    "eksctl-${Cluster}-cluster::VPC",
                    "eksctl-${Cluster}-cluster::SubnetsPrivate",
                    "eksctl-${Cluster}-cluster::ClusterSecurityGroupId");

    @ParameterizedTest
    @ValueSource(
            strings = {"registry.yml", "foundation.yml", "database.yml", "pipeline-access.yml"})
    void everyPropertyIsOneOfItsResource(String file) throws IOException {
        var template = Template.of(read(file));

        assertThat(template.resources()).isNotEmpty();
        assertThat(template.faults(schemas())).isEmpty();
        assertThat(template.dangling()).isEmpty();
    }

    @Test
    void aMisspeltPropertyAWrongValueAndAMissingOneAreFound() throws IOException {
        var repository = read("registry.yml");
        var database = read("database.yml");

        assertThat(faults(repository.replace("ScanOnPush", "ScanOnPull")))
                .hasSize(IMAGES.size())
                .allMatch(fault ->
                        fault.endsWith(".ImageScanningConfiguration: there is no ScanOnPull"));
        assertThat(faults(repository.replace(": IMMUTABLE_WITH_EXCLUSION", ": FROZEN")))
                .allMatch(fault -> fault.endsWith("none of the values allowed, \"FROZEN\""))
                .hasSize(IMAGES.size());
        assertThat(faults(database.replace("DBSubnetGroupDescription", "Description")))
                .contains("Subnets: without DBSubnetGroupDescription");
        assertThat(faults(database.replace("FromPort: 5432", "FromPort: postgres")))
                .containsExactly(
                        "FromCluster.SecurityGroupIngress[0].FromPort: no number, \"postgres\"");
        assertThat(Template.of(database.replace("!Ref Database\n", "!Ref Databases\n")).dangling())
                .containsExactly("Databases");
        assertThatThrownBy(() ->
                        Template.of(
                                database.replace(
                                        "MultiAZ: true", "MultiAZ: true\n      MultiAZ: false")))
                .hasMessageContaining("Twice: MultiAZ");
    }

    @Test
    void whatAStackImportsAnotherOneExports() throws IOException {
        var exported =
                Template.of(read("foundation.yml")).outputs().values().stream()
                        .map(output -> output.path("Export").path("Name").path("Fn::Sub").asText())
                        .filter(name -> !name.isEmpty());

        assertThat(Stream.concat(exported, OF_EKSCTL.stream()))
                .containsAll(Template.of(read("database.yml")).imports());
    }

    @Test
    void whatTheScriptsAskAStackForIsAmongItsOutputs() throws IOException {
        for (var script : List.of("up.sh", "databases.sh")) {
            assertThat(
                            Pattern.compile("\\(stack_output \"\\$cluster-(\\w+)\" (\\w+)\\)")
                                    .matcher(read(script))
                                    .results())
                    .isNotEmpty()
                    .allSatisfy(asked ->
                            assertThat(Template.of(read(asked.group(1) + ".yml")).outputs())
                                    .containsKey(asked.group(2)));
        }
    }

    @Test
    void aRepositoryOnGitHubIsNamedAsTheSubjectOfItsTokensNamesIt() throws IOException {
        var name =
                Template.of(read("pipeline-access.yml"))
                        .parameters()
                        .getOrDefault("Repository", MissingNode.getInstance())
                        .path("AllowedPattern")
                        .asText();

        assertThat(List.of("acme/quadrille", "acme@17/quadrille@4711"))
                .allMatch(repository -> repository.matches(name));
        assertThat(List.of("acme", "acme@*/quadrille@*", "acme/quadrille:ref"))
                .noneMatch(repository -> repository.matches(name));
    }

    @Test
    void everyImageHasARepositoryWhoseTagsNeverChangeAndWhichIsScanned() throws IOException {
        var template = Template.of(read("registry.yml"));

        assertThat(template.properties("AWS::ECR::Repository", "RepositoryName"))
                .extracting(name -> name.path("Fn::Sub").asText())
                .containsExactlyElementsOf(
                        IMAGES.stream().map(image -> "${Environment}/quadrille/" + image).toList());
        assertThat(template.properties("AWS::ECR::Repository", "ImageTagMutability"))
                .allMatch(mutability -> mutability.asText().equals("IMMUTABLE_WITH_EXCLUSION"));
        // A base is signed anew with each version, and cosign's tag is of its digest.
        assertThat(
                        template.properties(
                                "AWS::ECR::Repository", "ImageTagMutabilityExclusionFilters"))
                .hasSize(IMAGES.size())
                .allSatisfy(filters ->
                        assertThat(filters)
                                .extracting(filter ->
                                        filter.path("ImageTagMutabilityExclusionFilterValue")
                                                .asText())
                                .singleElement()
                                .satisfies(pattern -> {
                                    assertThat(matches(pattern, "sha256-0123.sig")).isTrue();
                                    assertThat(matches(pattern, "1.2.3-native")).isFalse();
                                }));
        assertThat(template.properties("AWS::ECR::Repository", "ImageScanningConfiguration"))
                .allMatch(scanning -> scanning.path("ScanOnPush").asBoolean());
    }

    /// The names are said here, in the template and in the pipelines' script; what is built is in
    /// the folders.
    @Test
    void thereAreRepositoriesForAllThatIsBuilt() throws IOException {
        var built = new TreeSet<String>(List.of("jobs", "payment-sandbox"));
        try (var services = Files.list(Script.checkout().resolve("services"));
                var bakery = bases()) {
            services.filter(folder ->
                            Files.exists(
                                    folder.resolve("src/main/resources/application.properties")))
                    .filter(folder -> !folder.endsWith("chassis"))
                    .forEach(folder -> built.add(folder.getFileName().toString()));
            bakery.forEach(built::add);
        }

        assertThat(IMAGES).containsAll(built);
        assertThat(Files.readString(Script.checkout().resolve("infra/pipelines/release.sh")))
                .contains("services='order inventory payment notification'")
                .contains("deployed=\"$services jobs payment-sandbox\"");
    }

    @Test
    void lifecycleRulesExpireWhatIsBetweenReleasesAndNothingElse() throws IOException {
        var policies =
                Template.of(read("registry.yml"))
                        .properties("AWS::ECR::Repository", "LifecyclePolicy");

        assertThat(policies)
                .hasSize(IMAGES.size())
                .allSatisfy(policy -> {
                    // Production has none.
                    assertThat(policy.path("Fn::If").get(0).asText()).isEqualTo("Expires");
                    assertThat(policy.path("Fn::If").get(2))
                            .isEqualTo(node("{\"Ref\":\"AWS::NoValue\"}"));
                    assertThat(expires(rules(policy), "0.1.0-dev.412.g0123456789ab-native"))
                            .isTrue();
                    assertThat(expires(rules(policy), "0.1.0-dev.412.g0123456789ab")).isTrue();
                    assertThat(expires(rules(policy), "1.2.3-native")).isFalse();
                    assertThat(expires(rules(policy), "1.2.3-jvm")).isFalse();
                    assertThat(expires(rules(policy), "1.2.3")).isFalse();
                    assertThat(expires(rules(policy), "1.2.3-rc.1-native")).isFalse();
                    assertThat(expires(rules(policy), "sha256-0123.sig")).isFalse();
                });
    }

    @Test
    void aRuleThatWouldExpireAReleaseIsSeen() throws IOException {
        var spoiled = read("registry.yml").replace("\"*-dev.*\"", "\"*.*\"");

        var policy =
                Template.of(spoiled)
                        .properties("AWS::ECR::Repository", "LifecyclePolicy")
                        .getFirst();

        assertThat(expires(rules(policy), "1.2.3-native")).isTrue();
        var untagged =
                node(
                        "{\"rules\":[{\"selection\":{\"tagStatus\":\"any\"},\"action\":{\"type\":\"expire\"}}]}");
        assertThat(expires(untagged, "1.2.3")).isTrue();
    }

    @Test
    void theDatabaseIsInTwoZonesEncryptedPrivateAndBackedUp() throws IOException {
        var database =
                Template.of(read("database.yml")).resources().get("Database").path("Properties");

        assertThat(database.path("MultiAZ").asBoolean()).isTrue();
        assertThat(database.path("StorageEncrypted").asBoolean()).isTrue();
        assertThat(database.path("PubliclyAccessible").asBoolean(true)).isFalse();
        assertThat(database.path("DeletionProtection").asBoolean()).isTrue();
        assertThat(database.path("ManageMasterUserPassword").asBoolean()).isTrue();
        assertThat(database.has("MasterUserPassword")).isFalse();
        assertThat(database.path("BackupRetentionPeriod").has("Ref")).isTrue();
    }

    /// The keys by which `kubernetes/components/external-secrets` reads them.
    @Test
    void thereIsASecretForEachServicesDatabaseAndForWhatOthersGive() throws IOException {
        assertThat(
                        Template.of(read("database.yml"))
                                .properties("AWS::SecretsManager::Secret", "Name"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "quadrille/production/order-database",
                        "quadrille/production/inventory-database",
                        "quadrille/production/payment-database",
                        "quadrille/production/notification-database",
                        "quadrille/production/database-ca",
                        "quadrille/production/payment-provider",
                        "quadrille/production/mail-server");
    }

    @Test
    void whatTheOverlayReadsFromSecretsManagerIsThere() throws IOException {
        var folder = Script.checkout().resolve("kubernetes/components/external-secrets");
        var names =
                Template.of(read("database.yml"))
                        .properties("AWS::SecretsManager::Secret", "Name")
                        .stream()
                        .map(JsonNode::asText)
                        .toList();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(
                                Pattern.compile("key: (quadrille/\\S+)")
                                        .matcher(Files.readString(file))
                                        .results()
                                        .map(match -> match.group(1)))
                        .allMatch(names::contains);
            }
        }
    }

    private static Stream<String> bases() throws IOException {
        return Files.list(Script.checkout().resolve("infra/bakery"))
                .filter(Files::isDirectory)
                .map(folder -> folder.getFileName().toString())
                .filter(name -> name.startsWith("base"));
    }

    /// As ECR does it: a rule with a pattern selects by the whole tag, one for `any` selects all.
    private static boolean expires(JsonNode policy, String tag) {
        return policy.path("rules")
                .valueStream()
                .filter(rule -> rule.path("action").path("type").asText().equals("expire"))
                .map(rule -> rule.path("selection"))
                .anyMatch(selection ->
                        switch (selection.path("tagStatus").asText()) {
                            case "untagged" -> false;
                            case "any" -> true;
                            default ->
                                    selection
                                                    .path("tagPatternList")
                                                    .valueStream()
                                                    .anyMatch(pattern ->
                                                            matches(pattern.asText(), tag))
                                            || selection
                                                    .path("tagPrefixList")
                                                    .valueStream()
                                                    .anyMatch(prefix ->
                                                            tag.startsWith(prefix.asText()));
                        });
    }

    private static boolean matches(String pattern, String tag) {
        return tag.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
    }

    private static JsonNode rules(JsonNode policy) throws IOException {
        var text =
                policy.path("Fn::If").get(1).path("LifecyclePolicyText").path("Fn::Sub").asText();
        return node(text.replace("${DevelopmentImages}", "50"));
    }

    private static JsonNode node(String json) throws IOException {
        return new ObjectMapper()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(json);
    }

    private static List<String> faults(String yaml) throws IOException {
        return Template.of(yaml).faults(schemas());
    }

    private static JsonNode schemas() throws IOException {
        try (var schema =
                CloudFormationTest.class.getResourceAsStream("cloudformation.schema.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(schema));
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(Script.checkout().resolve("infra/aws").resolve(file));
    }
}
