package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a stack begins and ends. With the parts that start fastest, and a stand-in for the services.
class LauncherTest {

    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir private Path folder;
    private Path home;

    @BeforeEach
    void home() {
        home = folder.resolve("home");
    }

    @Test
    void dataSurviveARestartAndAFreshStartDeletesThem() throws Exception {
        try (var first = up("--only", "postgres").awaitReady()) {
            execute(first, "CREATE TABLE kept (id int)");
        }

        try (var second = up("--only", "postgres").awaitReady()) {
            execute(second, "INSERT INTO kept VALUES (1)");
            assertThat(keptTables(second)).isEqualTo(1);
        }

        try (var third = up("--only", "postgres", "--fresh").awaitReady()) {
            assertThat(keptTables(third)).isZero();
        }
    }

    @Test
    void aLauncherThatIsKilledLeavesNoOrphanAndTheNextOneStarts() throws Exception {
        try (var first = up("--only", "postgres,mail").awaitReady()) {
            execute(first, "CREATE TABLE kept (id int)");
            StackState last = first.state();
            List<Pid> parts =
                    List.of(first.partProcess(Part.POSTGRES), first.partProcess(Part.MAIL));

            first.kill();

            await().atMost(SOON)
                    .untilAsserted(() -> {
                        assertThat(parts).noneMatch(Pid::isAlive);
                        assertThat(last.guardian().isAlive()).isFalse();
                    });
            assertThat(StackState.read(home)).isEmpty();
        }

        try (var second = up("--only", "postgres,mail").awaitReady()) {
            assertThat(keptTables(second)).isEqualTo(1);
        }
    }

    @Test
    void evenWithoutItsGuardianTheNextLauncherStarts() throws Exception {
        try (var first = up("--only", "mail").awaitReady()) {
            Pid mail = first.partProcess(Part.MAIL);
            first.state().guardian().kill(true);
            first.state().guardian().awaitEnd(SOON);
            first.kill();
            assertThat(first.awaitExit()).isNotZero();
            assertThat(mail.isAlive()).isTrue();

            try (var second = up("--only", "mail").awaitReady()) {
                assertThat(mail.isAlive()).isFalse();
                assertThat(second.partProcess(Part.MAIL).isAlive()).isTrue();
            }
        }
    }

    @Test
    void aTakenPortIsSaidInOneLineBeforeAnythingStarts() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(socket.getLocalPort());
            try (var launcher =
                    Launcher.up(
                            home, Map.of("QUADRILLE_IMAP_PORT", port), "--only", "postgres,mail")) {
                assertThat(launcher.awaitExit()).isEqualTo(1);
                assertThat(launcher.onlyLine())
                        .isEqualTo(
                                "mail cannot start: port %s is taken by java (process %d). Remedy: end that program, or set QUADRILLE_IMAP_PORT to a port that is free."
                                        .formatted(port, ProcessHandle.current().pid()));
                assertThat(home.resolve("data/postgres")).doesNotExist();
            }
        }
    }

    @Test
    void aServiceGetsItsEnvironment() throws Exception {
        StandIn.buildIn(folder, Part.PAYMENT);
        try (var launcher =
                Launcher.up(home, Map.of("QUADRILLE_ROOT", folder.toString()), "--only", "payment")
                        .awaitReady()) {
            assertThat(home.resolve("logs/payment.log"))
                    .content()
                    .contains("QUARKUS_HTTP_PORT=" + launcher.port(Port.PAYMENT) + "\n")
                    .containsPattern(
                            "QUARKUS_DATASOURCE_REACTIVE_URL=postgresql://localhost:[0-9]+/payment\n")
                    .contains("QUARKUS_DATASOURCE_USERNAME=payment\n")
                    .contains("QUARKUS_DATASOURCE_PASSWORD=payment\n")
                    .containsPattern("KAFKA_BOOTSTRAP_SERVERS=localhost:[0-9]+\n")
                    .containsPattern("QUADRILLE_PAYMENT_PROVIDER_URL=http://localhost:[0-9]+\n")
                    .contains("QUADRILLE_PAYMENT_PROVIDER_WEBHOOK_SECRET=whsec_quadrille\n");
        }
    }

    @Test
    void replicasAreProcessesOfTheirOwnOnOneDatabase() throws Exception {
        StandIn.buildIn(folder, Part.ORDER);
        var second = new Instance(Part.ORDER, 2);
        var environment =
                Map.of(
                        "QUADRILLE_ROOT",
                        folder.toString(),
                        "QUADRILLE_JAVA_OPTS",
                        "-Dstandin.all=1",
                        "QUADRILLE_ORDER_JAVA_OPTS",
                        "-Dstandin.order=2",
                        "QUADRILLE_PAYMENT_JAVA_OPTS",
                        "-Dstandin.payment=3");
        try (var launcher =
                Launcher.up(home, environment, "--only", "mail,order", "--replicas", "2")
                        .awaitReady()) {
            assertThat(launcher.state().instances())
                    .extracting(Instance::title)
                    .containsExactly("mail", "order", "order-2");
            assertThat(launcher.process(second)).isNotEqualTo(launcher.partProcess(Part.ORDER));
            assertThat(launcher.port(second)).isNotEqualTo(launcher.port(Port.ORDER));
            for (Instance instance : List.of(Instance.first(Part.ORDER), second)) {
                assertThat(home.resolve("logs/" + instance.title() + ".log"))
                        .content()
                        .contains("QUARKUS_HTTP_PORT=" + launcher.port(instance) + "\n")
                        .containsPattern(
                                "QUARKUS_DATASOURCE_REACTIVE_URL=postgresql://localhost:[0-9]+/order\n")
                        .contains("QUARKUS_LOG_CONSOLE_JSON_ENABLED=false\n")
                        .contains("\nstandin.all=1\n", "\nstandin.order=2\n")
                        .doesNotContain("\nstandin.payment=3\n");
            }
            try (var status = Launcher.run(home, Map.of(), "status")) {
                assertThat(status.awaitExit()).as(status.output()).isZero();
                assertThat(status.output())
                        .containsPattern("order +READY +[0-9]+ +" + launcher.port(Port.ORDER))
                        .containsPattern("order-2 +READY +[0-9]+ +" + launcher.port(second));
            }
        }
    }

    @Test
    void aReplicaIsRestartedAloneAndOneThatIsKilledComesBackOnItsPort() throws Exception {
        StandIn.buildIn(folder, Part.ORDER);
        var second = new Instance(Part.ORDER, 2);
        var environment = Map.of("QUADRILLE_ROOT", folder.toString());
        try (var launcher =
                Launcher.up(home, environment, "--only", "order", "--replicas=2").awaitReady()) {
            Pid firstProcess = launcher.partProcess(Part.ORDER);
            Pid secondProcess = launcher.process(second);
            int port = launcher.port(second);

            try (var restart = Launcher.run(home, Map.of(), "restart", "order-2")) {
                assertThat(restart.awaitExit()).as(restart.output()).isZero();
            }
            assertThat(launcher.process(second)).isNotEqualTo(secondProcess);
            assertThat(launcher.partProcess(Part.ORDER)).isEqualTo(firstProcess);

            Pid restarted = launcher.process(second);
            restarted.kill(true);
            await().atMost(SOON)
                    .until(() ->
                            launcher.state().isReady() && launcher.state().restarts(second) == 2);
            assertThat(launcher.port(second)).isEqualTo(port);
            assertThat(launcher.state().restarts(Instance.first(Part.ORDER))).isZero();

            try (var more = Launcher.run(home, environment, "up", "--replicas", "3")) {
                assertThat(more.awaitExit()).isEqualTo(1);
                assertThat(more.onlyLine())
                        .contains("already (process " + launcher.pid() + "), without order-3.");
            }
        }
    }

    @Test
    void aReplicasPortThatIsTakenIsSaidInOneLine() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int taken = socket.getLocalPort();
            try (var launcher =
                    Launcher.run(
                            home,
                            Map.of("QUADRILLE_ORDER_PORT", Integer.toString(taken - 100)),
                            "up",
                            "--only",
                            "order",
                            "--replicas",
                            "2")) {
                assertThat(launcher.awaitExit()).isEqualTo(1);
                assertThat(launcher.onlyLine())
                        .startsWith("order-2 cannot start: port " + taken + " is taken by java")
                        .endsWith(
                                "or set QUADRILLE_ORDER_PORT, from which it follows, to another.");
            }
        }
    }

    @Test
    void aPartThatDoesNotComeUpIsSaidInOneLineAndEverythingEnds() throws Exception {
        StandIn.buildIn(folder, Part.ORDER);
        try (var launcher =
                Launcher.up(
                        home,
                        Map.of(
                                "QUADRILLE_ROOT",
                                folder.toString(),
                                "QUADRILLE_JAVA_OPTS",
                                "-Dstandin.broken=true"),
                        "--only",
                        "mail,order")) {
            assertThat(launcher.awaitExit()).isEqualTo(1);
            assertThat(launcher.output().lines().filter(line -> line.startsWith("order")))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "order did not come up: it ended (exit code 1). It said: ERROR the"
                                    + " database is on fire. Log: "
                                    + home.resolve("logs/order.log"))
                    .contains("Remedy: ");
            assertThat(launcher.output()).containsPattern("mail +ended");
            assertThat(StackState.read(home)).isEmpty();
        }
    }

    @Test
    void aServiceThatIsNotBuiltIsSaidInOneLine() throws Exception {
        try (var launcher =
                Launcher.up(home, Map.of("QUADRILLE_ROOT", folder.toString()), "--only", "order")) {
            assertThat(launcher.awaitExit()).isEqualTo(1);
            assertThat(launcher.output()).contains("quarkus-run.jar is missing: it is not built");
        }
    }

    @Test
    void aServiceStartsFromTheCacheThatItRecordedAndSaysWhenItCannot() throws Exception {
        StandIn.buildIn(folder, Part.ORDER);
        var root = Map.of("QUADRILLE_ROOT", folder.toString());
        var jar = folder.resolve("services/order/target/quarkus-app/quarkus-run.jar");
        try (var launcher = Launcher.up(home, root, "--only", "order", "--record").awaitReady()) {
            assertThat(launcher.output()).containsPattern("order +ready in +[0-9.]+ s\\n");

            Signal.TERM.send(launcher.pid());
            assertThat(launcher.awaitExit()).isZero();
        }
        assertThat(jar.resolveSibling("app.aot")).isNotEmptyFile();

        try (var launcher = Launcher.up(home, root, "--only", "order").awaitReady()) {
            assertThat(launcher.output())
                    .containsPattern("order +ready in +[0-9.]+ s \\(AOT cache\\)\\n");
        }

        try (var launcher =
                Launcher.up(home, root, "--only", "order", "--native", "--record").awaitReady()) {
            assertThat(launcher.output())
                    .contains("No native image of order: the jars run instead.")
                    .containsPattern("order +ready in +[0-9.]+ s\\n");
        }

        var other =
                Map.of(
                        "QUADRILLE_ROOT",
                        folder.toString(),
                        "QUADRILLE_JAVA_OPTS",
                        "-XX:-UseCompactObjectHeaders");
        try (var launcher = Launcher.up(home, other, "--only", "order").awaitReady()) {
            assertThat(launcher.output())
                    .containsPattern(
                            "order +ready in .*\\(its AOT cache was rejected:"
                                    + " .*UseCompactObjectHeaders");
        }
    }

    @Test
    void interruptedItEndsTheServicesFirstAndPostgresLast() throws Exception {
        StandIn.buildIn(folder, Part.ORDER);
        try (var launcher =
                Launcher.up(
                                home,
                                Map.of("QUADRILLE_ROOT", folder.toString()),
                                "--only",
                                "postgres,mail,order")
                        .awaitReady()) {
            Signal.INT.send(launcher.pid());

            assertThat(launcher.awaitExit()).isZero();
            assertThat(launcher.output())
                    .containsPattern(
                            "(?s)Asked to end: .*order +ended.*mail +ended.*postgres +ended");
        }
    }

    @Test
    void itEndsWithItsOwner() throws Exception {
        Process owner = new ProcessBuilder("sleep", "60").start();
        try (var launcher = up("--only=mail", "--owner=" + owner.pid())) {
            launcher.awaitReady();

            owner.destroy();

            assertThat(launcher.awaitExit()).isZero();
            assertThat(launcher.output()).contains("the owner, is gone");
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void detachedItReturnsOnceReadyAndCanBeStoppedFromElsewhere() throws Exception {
        try (var launcher = up("--only", "mail", "--detach")) {
            assertThat(launcher.awaitExit()).isZero();
            assertThat(launcher.output()).contains("Ready in ");
            Pid mail = launcher.partProcess(Part.MAIL);

            try (var stop = Launcher.run(home, Map.of(), "stop")) {
                assertThat(stop.awaitExit()).isZero();
                assertThat(stop.output()).contains("The stack has ended in ");
            }

            assertThat(mail.isAlive()).isFalse();
            assertThat(StackState.read(home)).isEmpty();
        }
    }

    @Test
    void aDetachedStackThatDoesNotComeUpGivesItsLineAndExitCode() throws Exception {
        try (var launcher =
                Launcher.up(
                        home,
                        Map.of("QUADRILLE_ROOT", folder.toString()),
                        "--only",
                        "order",
                        "--detach")) {
            assertThat(launcher.awaitExit()).isEqualTo(1);
            assertThat(launcher.output()).contains("order did not come up");
        }
    }

    @Test
    void postgresCanBeRestartedAndSendsItsClientsAway() throws Exception {
        try (var launcher = up("--only", "postgres").awaitReady();
                Connection idle = connect(launcher);
                var _ = idle.createStatement().executeQuery("SELECT 1")) {
            Pid before = launcher.partProcess(Part.POSTGRES);

            try (var restart = Launcher.run(home, Map.of(), "restart", "postgres")) {
                assertThat(restart.awaitExit()).as(restart.output()).isZero();
            }

            assertThat(launcher.partProcess(Part.POSTGRES)).isNotEqualTo(before);
            assertThat(idle.isValid(5)).isFalse();
            execute(launcher, "SELECT 1");
        }
    }

    @Test
    void theDatabasesAreUpToDateBeforeAServiceStarts() throws Exception {
        StandIn.buildIn(folder, Part.PAYMENT);
        migration("shared-events/delivery", "V0001__one.sql", "create table one (id int)");
        migration("services/payment", "V0100__two.sql", "create table two (id int)");
        var root = Map.of("QUADRILLE_ROOT", folder.toString());
        try (var launcher = Launcher.up(home, root, "--only", "postgres,payment").awaitReady()) {
            assertThat(launcher.output()).containsPattern("(?s)migrations +ready .*payment +ready");
            assertThat(home.resolve("logs/migrations.log"))
                    .content()
                    .contains("payment: 2 applied, 2 in all");
        }

        // Of a module that counts for itself, and has come later.
        migration("shared-events/delivery", "V0003__three.sql", "create table three (id int)");
        try (var launcher = Launcher.up(home, root, "--only", "postgres,payment").awaitReady()) {
            assertThat(home.resolve("logs/migrations.log"))
                    .content()
                    .contains("payment: 1 applied, 3 in all");
        }
    }

    @Test
    void aMigrationThatFailsIsSaidInOneLineAndNoServiceStarts() throws Exception {
        StandIn.buildIn(folder, Part.PAYMENT);
        migration("shared-events/delivery", "V0001__one.sql", "create table one (id int)");
        migration("services/payment", "V0100__two.sql", "create tabel two (id int)");
        try (var launcher =
                Launcher.up(
                        home,
                        Map.of("QUADRILLE_ROOT", folder.toString()),
                        "--only",
                        "postgres,payment")) {
            assertThat(launcher.awaitExit()).isEqualTo(1);
            assertThat(launcher.output().lines().filter(line -> line.contains("not migrated")))
                    .singleElement()
                    .asString()
                    .startsWith("ERROR The database of payment is not migrated: ")
                    .contains("V0100__two.sql")
                    .contains("Remedy: mend the migration");
            assertThat(launcher.output()).doesNotContainPattern("payment +ready");
        }
    }

    @Test
    void withoutAStackTheCommandsSaySo() throws Exception {
        try (var stop = Launcher.run(home, Map.of(), "stop");
                var status = Launcher.run(home, Map.of(), "status");
                var logs = Launcher.run(home, Map.of(), "logs");
                var wrong = Launcher.run(home, Map.of("QUADRILLE_KAFKA_PORT", "x"), "status")) {
            assertThat(stop.awaitExit()).isZero();
            assertThat(stop.onlyLine()).startsWith("Nothing runs in ");
            assertThat(status.awaitExit()).isEqualTo(3);
            assertThat(status.onlyLine()).startsWith("Nothing runs in ");
            assertThat(logs.awaitExit()).isEqualTo(1);
            assertThat(logs.onlyLine()).startsWith("There is no log in ");
            assertThat(wrong.awaitExit()).isEqualTo(2);
            assertThat(wrong.onlyLine()).startsWith("QUADRILLE_KAFKA_PORT is 'x'");
        }
    }

    private void migration(String module, String name, String sql) throws IOException {
        Path file = folder.resolve(module).resolve("src/main/migrations").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, sql);
    }

    private Launcher up(String... arguments) {
        return Launcher.up(home, Map.of(), arguments);
    }

    private static void execute(Launcher launcher, String statement) throws SQLException {
        try (Connection connection = connect(launcher)) {
            connection.createStatement().execute(statement);
        }
    }

    private static int keptTables(Launcher launcher) throws SQLException {
        try (Connection connection = connect(launcher);
                var rows =
                        connection
                                .createStatement()
                                .executeQuery(
                                        "SELECT count(*) FROM pg_tables WHERE tablename ="
                                                + " 'kept'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static Connection connect(Launcher launcher) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:%d/order?connectTimeout=5&socketTimeout=10"
                        .formatted(launcher.port(Port.POSTGRES)),
                "order",
                "order");
    }
}
