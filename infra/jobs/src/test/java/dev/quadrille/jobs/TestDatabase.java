package dev.quadrille.jobs;

import dev.quadrille.testkit.TestStack;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A database on the test stack, and what the environment of a job says of it. Its owner, the
/// owner's password and the database have one name, as on the local stack.
record TestDatabase(String name) {

    private static final AtomicInteger COUNT = new AtomicInteger();

    static TestDatabase fresh() throws SQLException {
        var name = "jobs%d_%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());
        try (var connection = TestStack.running().connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute("create role %s login password '%s'".formatted(name, name));
            statement.execute("create database %s owner %s".formatted(name, name));
        }
        return new TestDatabase(name);
    }

    Map<String, String> environment() {
        return environment(Map.of());
    }

    Map<String, String> environment(Map<String, String> more) {
        var all = new HashMap<String, String>();
        all.put("QUARKUS_DATASOURCE_REACTIVE_URL", url(TestStack.running().port("postgres.port")));
        all.put("QUARKUS_DATASOURCE_USERNAME", name);
        all.put("QUARKUS_DATASOURCE_PASSWORD", name);
        all.putAll(more);
        return all;
    }

    String url(int port) {
        return "postgresql://localhost:%d/%s".formatted(port, name);
    }

    Connection connect() {
        return TestStack.running().connect(name);
    }
}
