package dev.quadrille.testkit;

import dev.quadrille.migrations.Database;
import dev.quadrille.migrations.MigrationFault;
import dev.quadrille.migrations.Migrations;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/// Gives the service under test a database and topics of its own on the [TestStack], so that the
/// modules of a build do not see each other's data. For
/// `@QuarkusTestResource(ServiceOnStack.class)`.
public final class ServiceOnStack implements QuarkusTestResourceLifecycleManager {

    private static final String SUPERUSER = "postgres";
    // The tests see these classes through a class loader of their own.
    private static final String DATABASE = "quadrille.test.database";

    @Override
    public Map<String, String> start() {
        var stack = TestStack.running();
        // A test profile starts the service anew, with empty tables and topics.
        var run = "t" + ProcessHandle.current().pid() + "_" + Instant.now().toEpochMilli();
        createDatabase(stack, run);
        migrate(stack, run);
        System.setProperty(DATABASE, run);
        var wire = Wire.create(stack.kafka(), run + ".");
        var settings = new HashMap<String, String>();
        var address = "://localhost:" + stack.port("postgres.port") + "/" + run;
        settings.put("quarkus.datasource.reactive.url", "postgresql" + address);
        settings.put("quarkus.datasource.username", SUPERUSER);
        settings.put("quarkus.datasource.password", stack.superuserPassword());
        settings.put("kafka.bootstrap.servers", stack.kafka());
        settings.put("quadrille.topic-prefix", wire.topicPrefix());
        settings.put(
                "quadrille.payment.provider.url",
                "http://localhost:" + stack.port("payment-sandbox.port"));
        settings.put("quadrille.payment.provider.key", "sk_test_quadrille");
        settings.put("quadrille.payment.provider.webhook-secret", "whsec_quadrille");
        settings.put("quarkus.mailer.host", "localhost");
        settings.put("quarkus.mailer.port", Integer.toString(stack.port("mail.port")));
        settings.put("quarkus.http.test-port", "0");
        return settings;
    }

    @Override
    public void stop() {
        // The database and the topics go with the stack.
    }

    /// The database of the service under test, past the service.
    public static Connection database() {
        return TestStack.running().connect(System.getProperty(DATABASE));
    }

    private static void migrate(TestStack stack, String database) {
        var settings = settings();
        int wanted = Integer.parseInt(settings.getProperty("quadrille.schema.migrations", "0"));
        try {
            var outcome =
                    new Migrations.InCheckout(TestStack.root())
                            .run(
                                    settings.getProperty("quarkus.application.name"),
                                    new Database(
                                            stack.jdbcUrl(database),
                                            SUPERUSER,
                                            stack.superuserPassword()),
                                    System.out::println);
            if (outcome.all() != wanted) {
                throw new IllegalStateException(
                        "The service waits for %d migrations, and has %d. Set quadrille.schema.migrations=%d"
                                .formatted(wanted, outcome.all(), outcome.all()));
            }
        } catch (MigrationFault fault) {
            throw new IllegalStateException(fault);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Of the service under test.
    private static Properties settings() {
        try (var in = ServiceOnStack.class.getResourceAsStream("/application.properties")) {
            var settings = new Properties();
            settings.load(Objects.requireNonNull(in, "application.properties"));
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createDatabase(TestStack stack, String name) {
        try (var connection = stack.connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("no database for the tests", e);
        }
    }
}
