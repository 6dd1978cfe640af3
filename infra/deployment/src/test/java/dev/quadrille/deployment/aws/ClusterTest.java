package dev.quadrille.deployment.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quadrille.deployment.Script;
import dev.quadrille.deployment.manifests.Kustomize;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterTest {

    /// Of an m7i.large, what EKS leaves to pods.
    private static final BigDecimal NODE_CPUS = new BigDecimal("1.93");

    private static final BigDecimal NODE_BYTES = Quantity.getAmountInBytes(new Quantity("7Gi"));

    private static final BigDecimal MOST = new BigDecimal("0.75");

    private static final YAMLMapper YAML =
            new YAMLMapper(
                    YAMLFactory.builder()
                            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
                            .build());

    @Test
    void eksctlUnderstandsTheClusterAndFindsWhatIsMisspelt() throws IOException {
        var cluster = read("cluster.yaml");

        assertThat(faults(cluster)).isEmpty();
        assertThat(faults(cluster.replace("privateNetworking", "privateNetwork"))).isNotEmpty();
        assertThat(faults(cluster.replace("serviceAccountName", "serviceAccount"))).isNotEmpty();
        assertThat(faults(cluster.replace("'1.36'", "latest"))).isNotEmpty();
    }

    /// What Fargate hands on is the container runtime's line, with the service's in it.
    @Test
    void aLineOfAServiceOnFargateIsParsedAndSoIsTheObjectInIt() throws IOException {
        var data =
                YAML.readerFor(JsonNode.class)
                        .<JsonNode>readValues(read("fargate-logging.yaml"))
                        .readAll()
                        .getLast()
                        .path("data");
        var line =
                Pattern.compile("Regex (.*)")
                        .matcher(data.path("parsers.conf").asText())
                        .results()
                        .map(found -> Pattern.compile(found.group(1)))
                        .findFirst()
                        .orElseThrow()
                        .matcher("2026-11-22T03:04:05.123456789Z stdout F {\"level\":\"INFO\"}");

        assertThat(line.matches()).isTrue();
        assertThat(line.group("log")).isEqualTo("{\"level\":\"INFO\"}");
        assertThat(
                        Pattern.compile("Parser (\\w+)")
                                .matcher(data.path("filters.conf").asText())
                                .results())
                .extracting(found -> found.group(1))
                .containsExactly("cri", "json");
    }

    @Test
    void theScriptFillsInWhatTheFilesLeaveOpen() throws IOException {
        var filled =
                Pattern.compile("\\\\\\$\\{([A-Z_]+)}")
                        .matcher(read("up.sh"))
                        .results()
                        .map(match -> match.group(1))
                        .toList();
        for (var file : List.of("cluster.yaml", "fargate-logging.yaml")) {
            // Those of the comment that tells of them have no name.
            assertThat(Pattern.compile("\\$\\{([A-Z_]+)}").matcher(read(file)).results())
                    .extracting(match -> match.group(1))
                    .isNotEmpty()
                    .allMatch(filled::contains);
        }
    }

    @Test
    void nodesArePrivateSpreadEncryptedAndGiveNoCredentialsToPods() throws IOException {
        var cluster = YAML.readTree(read("cluster.yaml"));

        assertThat(cluster.path("managedNodeGroups"))
                .isNotEmpty()
                .allSatisfy(group -> {
                    assertThat(group.path("privateNetworking").asBoolean()).isTrue();
                    assertThat(group.path("volumeEncrypted").asBoolean()).isTrue();
                    assertThat(group.path("disableIMDSv1").asBoolean()).isTrue();
                    assertThat(group.path("disablePodIMDS").asBoolean()).isTrue();
                    assertThat(group.path("minSize").asInt()).isGreaterThanOrEqualTo(3);
                    // In all zones: a group with zones or subnets of its own would be in those.
                    assertThat(group.has("availabilityZones") || group.has("subnets")).isFalse();
                });
        assertThat(cluster.path("secretsEncryption").path("keyARN").asText())
                .isEqualTo("${KEY_ARN}");
        assertThat(cluster.path("cloudWatch").path("clusterLogging").path("enableTypes"))
                .extracting(JsonNode::asText)
                .contains("api", "audit", "authenticator");
    }

    @Test
    void everyAddOnIsPinnedAndThoseThatAreNeededAreThere() throws IOException {
        var addons = YAML.readTree(read("cluster.yaml")).path("addons");

        assertThat(addons)
                .allMatch(addon ->
                        addon.path("version").asText().matches("v[0-9.]+-eksbuild\\.[0-9]+"));
        assertThat(addons)
                .extracting(addon -> addon.path("name").asText())
                .contains(
                        "vpc-cni",
                        "kube-proxy",
                        "coredns",
                        "eks-pod-identity-agent",
                        "aws-ebs-csi-driver",
                        "metrics-server");
        // Without it, NetworkPolicies are accepted and do nothing.
        assertThat(addons.get(0).path("configurationValues").asText())
                .contains("\"enableNetworkPolicy\": \"true\"");
    }

    @Test
    void notificationAloneSleepsOnFargate() throws IOException {
        var profiles = YAML.readTree(read("cluster.yaml")).path("fargateProfiles");

        assertThat(profiles).hasSize(1);
        assertThat(profiles.get(0).path("selectors"))
                .isNotEmpty()
                .allMatch(selector ->
                        selector.path("labels")
                                .path("app.kubernetes.io/name")
                                .asText()
                                .equals("notification"));
    }

    /// Strictly: a member that Kubernetes does not know is an exception here.
    @Test
    void whoDeploysMayDoSoInOneNamespaceAndReadsNoSecretOfProduction() throws IOException {
        var objects = objects(read("deployers.yaml"));
        var namespaces =
                of(objects, Namespace.class).map(one -> one.getMetadata().getName()).toList();
        var bindings = of(objects, RoleBinding.class).toList();

        assertThat(namespaces)
                .containsExactly("quadrille-dev", "quadrille-staging", "quadrille-production");
        assertThat(bindings)
                .hasSize(5)
                .allSatisfy(binding -> {
                    var namespace = binding.getMetadata().getNamespace();
                    assertThat(namespaces).contains(namespace);
                    assertThat(binding.getSubjects())
                            .singleElement()
                            .satisfies(subject ->
                                    assertThat(subject.getName())
                                            .isEqualTo(
                                                    namespace.replace(
                                                            "quadrille-", "quadrille-deployers-")));
                    if (binding.getRoleRef().getName().endsWith("of-secrets")) {
                        assertThat(namespace).isIn("quadrille-dev", "quadrille-staging");
                    }
                });
        var roles = of(objects, ClusterRole.class).toList();
        assertThat(roles)
                .filteredOn(role -> !role.getMetadata().getName().endsWith("of-secrets"))
                .allSatisfy(role ->
                        assertThat(role.getRules())
                                .allSatisfy(rule -> {
                                    assertThat(rule.getVerbs())
                                            .doesNotContain("*", "escalate", "bind", "impersonate");
                                    assertThat(rule.getResources()).doesNotContain("secrets");
                                    assertThat(rule.getApiGroups())
                                            .doesNotContain("*", "rbac.authorization.k8s.io");
                                }));
        // Cluster-wide, nothing but its own namespace's object.
        assertThat(
                        of(objects, ClusterRoleBinding.class)
                                .map(binding -> binding.getRoleRef().getName()))
                .allMatch(name -> name.endsWith("-namespace"))
                .allSatisfy(name ->
                        assertThat(roles)
                                .filteredOn(role -> role.getMetadata().getName().equals(name))
                                .singleElement()
                                .satisfies(role ->
                                        assertThat(role.getRules())
                                                .singleElement()
                                                .satisfies(rule ->
                                                        assertThat(rule.getResourceNames())
                                                                .containsExactly(
                                                                        name.replace(
                                                                                "-namespace",
                                                                                "")))));
    }

    /// Whoever adds a kind to an overlay adds it here too, or the pipeline may not apply it. As it
    /// is rendered: what a generator makes stands in no file.
    @ParameterizedTest
    @ValueSource(strings = {"dev", "staging", "production"})
    void everyKindOfAnOverlayMayBeAppliedByWhoDeploysIt(String environment) throws IOException {
        var objects = objects(read("deployers.yaml"));
        var here =
                of(objects, RoleBinding.class)
                        .filter(binding ->
                                binding.getMetadata()
                                        .getNamespace()
                                        .equals("quadrille-" + environment))
                        .map(binding -> binding.getRoleRef().getName());
        var everywhere =
                of(objects, ClusterRoleBinding.class)
                        .filter(binding ->
                                binding.getSubjects()
                                        .getFirst()
                                        .getName()
                                        .equals("quadrille-deployers-" + environment))
                        .map(binding -> binding.getRoleRef().getName());
        var names = Stream.concat(here, everywhere).toList();
        var rules =
                of(objects, ClusterRole.class)
                        .filter(role -> names.contains(role.getMetadata().getName()))
                        .flatMap(role -> role.getRules().stream())
                        .filter(rule -> rule.getVerbs().containsAll(List.of("get", "patch")))
                        .toList();

        assertThat(Kustomize.overlay(environment).manifests())
                .isNotEmpty()
                .allSatisfy(manifest ->
                        assertThat(rules)
                                .as(
                                        "%s in '%s', of %s",
                                        manifest.kind(), manifest.group(), environment)
                                .anyMatch(rule ->
                                        rule.getApiGroups().contains(manifest.group())
                                                && (rule.getResources()
                                                                .contains(plural(manifest.kind()))
                                                        || rule.getResources().contains("*"))
                                                // The namespace is there before any pipeline.
                                                && (rule.getVerbs().contains("create")
                                                        || manifest.kind().equals("Namespace")
                                                                && rule.getResourceNames()
                                                                        .contains(
                                                                                manifest.name()))));
    }

    /// At their fewest replicas, and with a quarter left for operators and the pods of a new
    /// version.
    @Test
    void theNodesHaveRoomForAllThreeEnvironments() throws IOException {
        var group = YAML.readTree(read("cluster.yaml")).path("managedNodeGroups").get(0);
        var nodes = BigDecimal.valueOf(group.path("desiredCapacity").asInt());
        var cpus = BigDecimal.ZERO;
        var bytes = BigDecimal.ZERO;
        for (var environment : Kustomize.ENVIRONMENTS) {
            for (var requests : Requests.of(Kustomize.overlay(environment))) {
                cpus = cpus.add(requests.cpus());
                bytes = bytes.add(requests.bytes());
            }
        }

        assertThat(group.path("instanceType").asText()).isEqualTo("m7i.large");
        assertThat(cpus).isBetween(BigDecimal.valueOf(4), nodes.multiply(NODE_CPUS).multiply(MOST));
        assertThat(bytes).isBetween(NODE_BYTES, nodes.multiply(NODE_BYTES).multiply(MOST));
    }

    @Test
    void aRoleIsMadeForWhatIsInstalledAlone() throws IOException {
        assertThat(YAML.readTree(read("cluster.yaml")).path("iam").path("podIdentityAssociations"))
                .extracting(association -> association.path("serviceAccountName").asText())
                .containsExactlyInAnyOrder("external-secrets", "fluent-bit");
    }

    /// Before 2.18, a fallback wants a metricType that the overlays do not name.
    @Test
    void theAutoscalerIsNewEnoughForTheOverlays() throws IOException {
        var version =
                Pattern.compile("keda\\|keda\\|([0-9]+)\\.([0-9]+)\\.")
                        .matcher(read("operators.sh"));

        assertThat(version.find()).isTrue();
        assertThat(Integer.parseInt(version.group(1))).isEqualTo(2);
        assertThat(Integer.parseInt(version.group(2))).isGreaterThanOrEqualTo(18);
    }

    @Test
    void theGroupsOfTheAccessEntriesAreThoseThatHaveTheRights() throws IOException {
        var groups = new HashSet<String>();
        Template.of(read("pipeline-access.yml"))
                .properties("AWS::EKS::AccessEntry", "KubernetesGroups")
                .forEach(list -> list.forEach(group -> groups.add(group.asText())));

        assertThat(
                        of(objects(read("deployers.yaml")), RoleBinding.class)
                                .flatMap(binding -> binding.getSubjects().stream())
                                .map(subject -> subject.getName()))
                .containsAll(groups)
                .allMatch(groups::contains);
    }

    /// By repository and environment, and never more than pulling from one and pushing to the next.
    @Test
    void aPipelinesRoleWritesToOneEnvironmentsRepositoriesAndIsAssumedFromOnePlace()
            throws IOException {
        var roles = Template.of(read("pipeline-access.yml")).resources();

        assertThat(pushes(roles.get("Publisher"))).containsExactly("dev");
        assertThat(pushes(roles.get("StagingPromoter"))).containsExactly("staging");
        assertThat(pushes(roles.get("ProductionPromoter"))).containsExactly("production");
        for (var role : List.of("DevDeployer", "StagingDeployer", "ProductionDeployer")) {
            assertThat(pushes(roles.get(role))).isEmpty();
        }
        assertThat(subjects(roles.get("Publisher")))
                .containsExactly(
                        "repo:${Repository}:ref:refs/heads/main",
                        "repo:${Repository}:ref:refs/tags/v*");
        assertThat(subjects(roles.get("ProductionPromoter")))
                .containsExactly("repo:${Repository}:environment:production");
        assertThat(subjects(roles.get("ProductionDeployer")))
                .containsExactly("repo:${Repository}:environment:production");
        roles.forEach((name, role) ->
                statements(role)
                        .forEach(statement -> {
                            var wide = statement.path("Resource").asText().equals("*");
                            assertThat(wide)
                                    .as(name)
                                    .isEqualTo(
                                            statement
                                                    .path("Action")
                                                    .asText()
                                                    .equals("ecr:GetAuthorizationToken"));
                            assertThat(statement.path("Action").toString())
                                    .as(name)
                                    .doesNotContain("*");
                        }));
    }

    private static String plural(String kind) {
        return kind.toLowerCase(Locale.ROOT).replaceFirst("([^aeiou])y$", "$1ie") + "s";
    }

    private static List<String> pushes(JsonNode role) {
        var environments = new ArrayList<String>();
        statements(role)
                .forEach(statement -> {
                    if (statement.path("Action").toString().contains("ecr:PutImage")) {
                        statement
                                .path("Resource")
                                .forEach(resource ->
                                        environments.add(
                                                resource.path("Fn::Sub")
                                                        .asText()
                                                        .replaceFirst(".*repository/", "")
                                                        .replace("/quadrille/*", "")));
                    }
                });
        return environments;
    }

    private static List<JsonNode> statements(JsonNode role) {
        var statements = new ArrayList<JsonNode>();
        role.path("Properties")
                .path("Policies")
                .forEach(policy ->
                        policy.path("PolicyDocument").path("Statement").forEach(statements::add));
        return statements;
    }

    private static List<String> subjects(JsonNode role) {
        return role.findValues("token.actions.githubusercontent.com:sub").stream()
                .flatMap(JsonNode::valueStream)
                .map(subject -> subject.path("Fn::Sub").asText())
                .toList();
    }

    private static List<String> faults(String cluster) throws IOException {
        try (var schema = ClusterTest.class.getResourceAsStream("eksctl.schema.json")) {
            var text = new String(Objects.requireNonNull(schema).readAllBytes(), UTF_8);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(text, InputFormat.JSON)
                    .validate(YAML.readTree(cluster).toString(), InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
    }

    private static List<KubernetesResource> objects(String yaml) throws IOException {
        var objects = new ArrayList<KubernetesResource>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNext()) {
                var document = documents.next();
                var type =
                        switch (document.path("kind").asText()) {
                            case "Namespace" -> Namespace.class;
                            case "ClusterRole" -> ClusterRole.class;
                            case "ClusterRoleBinding" -> ClusterRoleBinding.class;
                            case "RoleBinding" -> RoleBinding.class;
                            default -> throw new IllegalArgumentException(document.toString());
                        };
                var object = YAML.treeToValue(document, type);
                // What fabric8 does not know it keeps aside.
                assertThat(object.toString()).doesNotContainPattern("additionalProperties=\\{[^}]");
                objects.add(object);
            }
        }
        return objects;
    }

    private static <T> Stream<T> of(List<KubernetesResource> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast);
    }

    private static String read(String file) throws IOException {
        return Files.readString(Script.checkout().resolve("infra/aws").resolve(file));
    }
}
