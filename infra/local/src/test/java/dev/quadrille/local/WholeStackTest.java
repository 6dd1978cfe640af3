package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Topic;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PostgreSQL, Kafka and the mail sink, started once for all of these tests.
class WholeStackTest {

    private static final String FENCE = TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG;

    @TempDir private static Path folder;
    private static Launcher stack;

    @BeforeAll
    static void start() {
        PartLog.begin();
        stack =
                Launcher.up(
                                folder.resolve("home"),
                                Map.of("QUADRILLE_TOPIC_PREFIX", "t."),
                                "--only",
                                "postgres,kafka,mail")
                        .awaitReady();
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aRoleOwnsItsDatabase() throws SQLException {
        try (Connection order = connect("order", "order", "order");
                var statement = order.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS public.own (id int)");
            statement.execute("CREATE SCHEMA IF NOT EXISTS another");
            statement.execute("DROP TABLE public.own");
        }
    }

    @Test
    void aRoleIsShutOutOfTheOthersDatabases() {
        for (String database : List.of("inventory", "payment", "notification", "postgres")) {
            assertThatThrownBy(() -> connect("order", "order", database).close())
                    .as(database)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("no pg_hba.conf entry");
        }
    }

    @Test
    void evenWithAnOpenDoorARoleMayNotConnectToTheOthersDatabases() throws Exception {
        String asked =
                "SELECT has_database_privilege('order', d, 'CONNECT')"
                        + " FROM unnest(ARRAY['order', 'inventory', 'payment', 'notification']) d";
        try (Connection order = connect("order", "order", "order");
                var rows = order.createStatement().executeQuery(asked)) {
            var may = new java.util.ArrayList<Boolean>();
            while (rows.next()) {
                may.add(rows.getBoolean(1));
            }

            assertThat(may).containsExactly(true, false, false, false);
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThatThrownBy(() -> connect("order", "inventory", "order").close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> connect("postgres", "postgres", "postgres").close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void postgresIsNumber18AndDurable() throws SQLException {
        try (Connection order = connect("order", "order", "order")) {
            assertThat(setting(order, "server_version")).startsWith("18.");
            assertThat(setting(order, "fsync")).isEqualTo("on");
            assertThat(setting(order, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(order, "max_connections")).isEqualTo("200");
        }
    }

    @Test
    void theContractsTopicsAreThereAndNoOthers() throws Exception {
        try (Admin admin = admin()) {
            var names =
                    Arrays.stream(Topic.values()).map(topic -> "t." + topic.wireName()).toList();

            assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS))
                    .containsExactlyInAnyOrderElementsOf(names);
            assertThat(
                            admin.describeTopics(names)
                                    .allTopicNames()
                                    .get(10, TimeUnit.SECONDS)
                                    .values())
                    .allSatisfy(topic ->
                            assertThat(topic.partitions()).hasSize(Topic.DEFAULT_PARTITIONS));
            assertThat(configuration(admin, "t.products"))
                    .containsEntry(TopicConfig.CLEANUP_POLICY_CONFIG, "compact");
            assertThat(configuration(admin, "t.order-events"))
                    .containsEntry(TopicConfig.CLEANUP_POLICY_CONFIG, "delete")
                    .containsEntry(TopicConfig.RETENTION_MS_CONFIG, "604800000");
        }
    }

    @Test
    void aRecordThatComesTooLateIsRefused() throws Exception {
        try (var producer = producer()) {
            for (Topic topic : Topic.values()) {
                assertThat(producer.send(record(topic, Duration.ofSeconds(1))))
                        .succeedsWithin(Duration.ofSeconds(10));
                assertThat(producer.send(record(topic, Duration.ofSeconds(6))))
                        .failsWithin(Duration.ofSeconds(10))
                        .withThrowableThat()
                        .withCauseInstanceOf(InvalidTimestampException.class);
            }
        }
    }

    @Test
    void aRestartOfKafkaKeepsItsPortItsDataAndItsTopics() throws Exception {
        int port = stack.port(Port.KAFKA);
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, "t.payment-events");
        long end;
        try (var producer = producer();
                Admin admin = admin()) {
            end =
                    producer.send(record(Topic.PAYMENT_EVENTS, Duration.ZERO))
                            .get(10, TimeUnit.SECONDS)
                            .offset();
            // As it was before the launcher knew of the fence, and a wish of the person's own.
            admin.incrementalAlterConfigs(
                            Map.of(
                                    topic,
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(FENCE, ""),
                                                    AlterConfigOp.OpType.DELETE),
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            TopicConfig.RETENTION_MS_CONFIG,
                                                            "3600000"),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get(10, TimeUnit.SECONDS);
            assertThat(configuration(admin, topic.name())).doesNotContainEntry(FENCE, "3000");
        }

        try (var restart = run("restart", "kafka")) {
            assertThat(restart.awaitExit()).as(restart.output()).isZero();
        }

        assertThat(stack.port(Port.KAFKA)).isEqualTo(port);
        try (Admin admin = admin()) {
            assertThat(configuration(admin, topic.name()))
                    .containsEntry(FENCE, "3000")
                    .containsEntry(TopicConfig.RETENTION_MS_CONFIG, "3600000");
            assertThat(
                            admin.listOffsets(
                                            Map.of(
                                                    new TopicPartition(topic.name(), 0),
                                                    OffsetSpec.latest()))
                                    .all()
                                    .get(10, TimeUnit.SECONDS)
                                    .values())
                    .singleElement()
                    .satisfies(latest -> assertThat(latest.offset()).isEqualTo(end + 1));
        }
    }

    @Test
    void theShareOfAConsumerThatIsKilledMovesWithinTenSeconds() throws Exception {
        String server = "localhost:" + stack.port(Port.KAFKA);
        Process other =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx48m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                GroupMember.class.getName(),
                                server,
                                "hand-over",
                                "t.inventory-events")
                        .inheritIO()
                        .start();
        try (var survivor = GroupMember.join(server, "hand-over", "t.inventory-events")) {
            awaitShare(survivor, Topic.DEFAULT_PARTITIONS / 2, Duration.ofSeconds(30));

            other.destroyForcibly();

            awaitShare(survivor, Topic.DEFAULT_PARTITIONS, Duration.ofSeconds(10));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aMailToAnybodyCanBeRead() throws Exception {
        var properties = new Properties();
        properties.setProperty("mail.smtp.host", "localhost");
        properties.setProperty("mail.smtp.port", Integer.toString(stack.port(Port.SMTP)));
        properties.setProperty("mail.imap.host", "localhost");
        properties.setProperty("mail.imap.port", Integer.toString(stack.port(Port.IMAP)));
        Session session = Session.getInstance(properties);
        var mail = new MimeMessage(session);
        mail.setFrom("orders@example.com");
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress("ada@example.com"));
        mail.setSubject("Your order");
        mail.setText("It is on its way.");

        Transport.send(mail);

        try (Store store = session.getStore("imap")) {
            store.connect("ada@example.com", "anything");
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_WRITE);
                assertThat(inbox.getMessages())
                        .singleElement()
                        .satisfies(read -> {
                            assertThat(read.getSubject()).isEqualTo("Your order");
                            read.setFlag(Flags.Flag.DELETED, true);
                        });
            }
        }
    }

    @Test
    void aPartThatIsKilledIsStartedAgain() {
        for (Part part : List.of(Part.MAIL, Part.POSTGRES, Part.KAFKA)) {
            await().atMost(Duration.ofSeconds(40)).until(() -> stack.state().isReady());
            int before = stack.state().restarts(Instance.first(part));
            Pid killed = stack.partProcess(part);

            killed.kill(true);

            await().atMost(Duration.ofSeconds(40))
                    .until(() ->
                            stack.state().restarts(Instance.first(part)) == before + 1
                                    && stack.state().isReady());
            assertThat(stack.partProcess(part)).isNotEqualTo(killed);
            assertThat(stack.output())
                    .containsPattern(
                            part.title()
                                    + " +ended \\(killed\\); starting it again in [01]\\.[0-9] s")
                    .containsPattern(part.title() + " +ready again in ");
        }
        assertThatCode(() -> connect("order", "order", "order").close()).doesNotThrowAnyException();
    }

    @Test
    void itsStatusIsKnownFromElsewhere() throws InterruptedException {
        await().atMost(Duration.ofSeconds(40)).until(() -> stack.state().isReady());
        try (var status = run("status")) {
            assertThat(status.awaitExit()).as(status.output()).isZero();
            assertThat(status.output())
                    .containsPattern(
                            "postgres +READY +"
                                    + stack.partProcess(Part.POSTGRES).number()
                                    + " +"
                                    + stack.port(Port.POSTGRES))
                    .contains("process " + stack.pid());
        }
    }

    @Test
    void aSecondStackInTheSameHomeIsNotStarted() throws InterruptedException {
        await().atMost(Duration.ofSeconds(40)).until(() -> stack.state().isReady());
        try (var second = run("up", "--only", "mail")) {
            assertThat(second.awaitExit()).as(second.output()).isZero();
            assertThat(second.output())
                    .contains("already (process " + stack.pid() + ")")
                    .contains("postgresql://localhost:" + stack.port(Port.POSTGRES));
        }
        try (var fresh = run("up", "--fresh")) {
            assertThat(fresh.awaitExit()).isEqualTo(1);
            assertThat(fresh.onlyLine()).contains("Remedy: ./run.sh stop");
        }
    }

    @Test
    void theLogsCanBeRead() throws InterruptedException {
        try (var logs = run("logs", "postgres")) {
            assertThat(logs.awaitExit()).isZero();
            assertThat(logs.output()).contains("database system is ready to accept connections");
        }
        try (var logs = run("logs")) {
            assertThat(logs.awaitExit()).isZero();
            assertThat(logs.output()).contains("kafka.log <==", "Kafka Server started");
        }
    }

    private static Launcher run(String... arguments) {
        return Launcher.run(folder.resolve("home"), Map.of(), arguments);
    }

    private static Connection connect(String role, String password, String database)
            throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:%d/%s?connectTimeout=5&socketTimeout=10"
                        .formatted(stack.port(Port.POSTGRES), database),
                role,
                password);
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var rows = connection.createStatement().executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Admin admin() {
        return Admin.create(
                Map.of(
                        "bootstrap.servers",
                        "localhost:" + stack.port(Port.KAFKA),
                        "default.api.timeout.ms",
                        "10000",
                        "request.timeout.ms",
                        "3000"));
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers",
                        "localhost:" + stack.port(Port.KAFKA),
                        "delivery.timeout.ms",
                        "10000",
                        "request.timeout.ms",
                        "3000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /// @param age of its timestamp
    private static ProducerRecord<byte[], byte[]> record(Topic topic, Duration age) {
        return new ProducerRecord<>(
                "t." + topic.wireName(),
                0,
                Instant.now().minus(age).toEpochMilli(),
                new byte[] {1},
                new byte[] {2});
    }

    private static void awaitShare(
            KafkaConsumer<byte[], byte[]> consumer, int partitions, Duration atMost) {
        await().atMost(atMost)
                .pollInSameThread()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    consumer.poll(Duration.ofMillis(100));
                    return consumer.assignment().size() == partitions;
                });
    }

    private static Map<String, String> configuration(Admin admin, String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var entries = admin.describeConfigs(List.of(resource)).all().get(10, TimeUnit.SECONDS);
        var values = new java.util.HashMap<String, String>();
        entries.get(resource).entries().forEach(entry -> values.put(entry.name(), entry.value()));
        return values;
    }
}
