package dev.quadrille.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.migrations.Database;
import dev.quadrille.migrations.Migrations;
import dev.quadrille.testkit.TestStack;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MigratingTest {

    static Iterable<String> services() {
        return Migrations.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void theDatabaseGetsAsManyMigrationsAsTheServiceWaitsFor(String service) throws Exception {
        var database = TestDatabase.fresh();
        var wanted = wanted(service);

        var first = Ran.of(database.environment(), "migrate", service);
        var second = Ran.of(database.environment(), "migrate", service);

        assertThat(first.code()).as(first.toString()).isZero();
        assertThat(first.out())
                .singleElement()
                .asString()
                .startsWith(
                        "%s: %s migrations applied, %s in all".formatted(service, wanted, wanted));
        assertThat(second.code()).isZero();
        assertThat(second.out())
                .singleElement()
                .asString()
                .startsWith("%s: nothing to migrate, %s in all".formatted(service, wanted));
        assertThat(second.err()).isEmpty();
    }

    @Test
    void twoAtATimeDoItOnce() throws Exception {
        var database = TestDatabase.fresh();

        var other = CompletableFuture.supplyAsync(() -> migrate(database));
        var one = migrate(database);

        assertThat(one.code()).as(one.toString()).isZero();
        assertThat(other.get(2, TimeUnit.MINUTES).code()).isZero();
    }

    @Test
    void aRefusedLoginIsSaidAtOnceInOneLineWithoutThePassword() throws Exception {
        var database = TestDatabase.fresh();

        var ran =
                Ran.of(
                        database.environment(Map.of("QUARKUS_DATASOURCE_PASSWORD", "guessed")),
                        "migrate",
                        "order");

        assertThat(ran.code()).isEqualTo(1);
        // Each further attempt would be told here.
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .singleElement()
                .asString()
                .contains("The database of order is not migrated", "password authentication failed")
                .doesNotContain("guessed");
    }

    @Test
    void aDatabaseThatIsNotThereHasAnswered() throws Exception {
        var database = TestDatabase.fresh();
        var elsewhere =
                database.environment().get("QUARKUS_DATASOURCE_REACTIVE_URL") + "_not_there";

        var ran =
                Ran.of(
                        database.environment(Map.of("QUARKUS_DATASOURCE_REACTIVE_URL", elsewhere)),
                        "migrate",
                        "order");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).singleElement().asString().contains("not migrated");
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedForAndThatIsSaid() throws Exception {
        var said = new ArrayList<String>();
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var away = new Database("jdbc:postgresql://localhost:%d/order".formatted(port), "a", "b");

        assertThatThrownBy(() -> away.connect(said::add)).isInstanceOf(SQLException.class);

        assertThat(said)
                .hasSizeBetween(3, 8)
                .allMatch(line -> line.startsWith("Waits for the database: "));
    }

    private static Ran migrate(TestDatabase database) {
        try {
            return Ran.of(database.environment(), "migrate", "inventory");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String wanted(String service) throws Exception {
        var settings = new Properties();
        var file =
                TestStack.root()
                        .resolve(Path.of("services", service))
                        .resolve("src/main/resources/application.properties");
        try (var reader = Files.newBufferedReader(file)) {
            settings.load(reader);
        }
        return settings.getProperty("quadrille.schema.migrations");
    }
}
