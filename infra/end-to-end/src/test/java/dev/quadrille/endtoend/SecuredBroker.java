package dev.quadrille.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.FreePort;
import dev.quadrille.testkit.TestStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/// A broker as `kubernetes/components/kafka` describes one: TLS, users by SCRAM, and of what a user
/// may do no more than its KafkaUser says. Beside that door it has one for its administrator.
final class SecuredBroker implements AutoCloseable {

    private static final String PASSWORD = "nobody-else-knows";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final int inside = FreePort.next();
    private final int scram = FreePort.next();
    private final Process process;

    /// @param folder for its data, its certificate and its log
    SecuredBroker(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        certify();
        Path properties = Files.writeString(folder.resolve("kafka.properties"), properties());
        process =
                new ProcessBuilder(
                                java("java"),
                                "-Xmx256m",
                                "-cp",
                                TestStack.root().resolve("infra/local/target/lib") + "/*",
                                "dev.quadrille.local.KafkaBroker",
                                properties.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("kafka.log").toFile())
                        .start();
    }

    /// Creates the topics, and the users with what they may do.
    ///
    /// @param users KafkaUsers, as YAML
    void provision(Path users) throws Exception {
        List<UserScramCredentialUpsertion> upsertions = new ArrayList<>();
        List<AclBinding> acls = new ArrayList<>();
        try (var documents =
                new YAMLMapper()
                        .readerFor(JsonNode.class)
                        .<JsonNode>readValues(Files.readString(users))) {
            while (documents.hasNext()) {
                JsonNode user = documents.next();
                String name = user.at("/metadata/name").asText();
                upsertions.add(
                        new UserScramCredentialUpsertion(
                                name,
                                new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                PASSWORD));
                for (JsonNode acl : user.at("/spec/authorization/acls")) {
                    acls.addAll(bindings("User:" + name, acl));
                }
            }
        }
        assertThat(acls).hasSizeGreaterThan(10);

        try (Admin admin =
                Admin.create(
                        Map.of(
                                "bootstrap.servers",
                                "127.0.0.1:" + inside,
                                "default.api.timeout.ms",
                                Long.toString(LIMIT.toMillis())))) {
            admin.createTopics(
                            Arrays.stream(Topic.values())
                                    .map(topic ->
                                            new NewTopic(
                                                            topic.wireName(),
                                                            Optional.of(2),
                                                            Optional.of((short) 1))
                                                    .configs(
                                                            Map.of(
                                                                    TopicConfig
                                                                            .MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
                                                                    "3000")))
                                    .toList())
                    .all()
                    .get(LIMIT.toSeconds(), SECONDS);
            admin.alterUserScramCredentials(List.copyOf(upsertions))
                    .all()
                    .get(LIMIT.toSeconds(), SECONDS);
            admin.createAcls(acls).all().get(LIMIT.toSeconds(), SECONDS);
        }
    }

    /// What a user's client needs to be told, each as Kafka names it.
    Map<String, String> configuration(String user) {
        return Map.of(
                "bootstrap.servers",
                "localhost:" + scram,
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                        + " username=\"%s\" password=\"%s\";".formatted(user, PASSWORD),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                folder.resolve("ca.crt").toString());
    }

    /// The same, as a service finds it in its environment.
    Map<String, String> environment(String user) {
        return configuration(user).entrySet().stream()
                .collect(
                        Collectors.toMap(
                                entry ->
                                        "KAFKA_"
                                                + entry.getKey()
                                                        .toUpperCase(Locale.ROOT)
                                                        .replace('.', '_'),
                                Map.Entry::getValue));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static List<AclBinding> bindings(String principal, JsonNode acl) {
        JsonNode resource = acl.path("resource");
        var pattern =
                new ResourcePattern(
                        ResourceType.fromString(resource.path("type").asText()),
                        resource.path("name").asText("kafka-cluster"),
                        resource.path("patternType").asText("literal").equals("prefix")
                                ? PatternType.PREFIXED
                                : PatternType.LITERAL);
        List<AclBinding> bindings = new ArrayList<>();
        for (JsonNode operation : acl.path("operations")) {
            String name = operation.asText().replaceAll("(?<=[a-z])(?=[A-Z])", "_");
            bindings.add(
                    new AclBinding(
                            pattern,
                            new AccessControlEntry(
                                    principal,
                                    "*",
                                    AclOperation.fromString(name),
                                    AclPermissionType.ALLOW)));
        }
        return bindings;
    }

    private void certify() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String store = folder.resolve("broker.p12").toString();
        run(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                PASSWORD);
        run(
                "-exportcert",
                "-rfc",
                "-alias",
                "broker",
                "-keystore",
                store,
                "-storepass",
                PASSWORD,
                "-file",
                folder.resolve("ca.crt").toString());
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java("keytool")));
        command.addAll(List.of(arguments));
        var keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.waitFor(LIMIT.toSeconds(), SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }

    private String properties() {
        return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%1$d
        listeners=INSIDE://127.0.0.1:%2$d,SCRAM://127.0.0.1:%3$d,CONTROLLER://127.0.0.1:%1$d
        advertised.listeners=INSIDE://127.0.0.1:%2$d,SCRAM://localhost:%3$d
        listener.security.protocol.map=INSIDE:PLAINTEXT,SCRAM:SASL_SSL,CONTROLLER:PLAINTEXT
        inter.broker.listener.name=INSIDE
        controller.listener.names=CONTROLLER
        log.dirs=%4$s
        sasl.enabled.mechanisms=SCRAM-SHA-512
        listener.name.scram.scram-sha-512.sasl.jaas.config=\
        org.apache.kafka.common.security.scram.ScramLoginModule required;
        listener.name.scram.ssl.keystore.type=PKCS12
        listener.name.scram.ssl.keystore.location=%5$s
        listener.name.scram.ssl.keystore.password=%6$s
        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
        super.users=User:ANONYMOUS
        auto.create.topics.enable=false
        default.replication.factor=1
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=4
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        num.network.threads=2
        num.io.threads=2
        log.cleaner.dedupe.buffer.size=4194304
        """
                .formatted(
                        FreePort.next(),
                        inside,
                        scram,
                        folder.resolve("data"),
                        folder.resolve("broker.p12"),
                        PASSWORD);
    }
}
