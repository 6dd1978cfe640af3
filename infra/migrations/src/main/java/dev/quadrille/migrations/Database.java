package dev.quadrille.migrations;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;

/// A service's database, and who may change its tables.
///
/// @param url of JDBC
public record Database(String url, String user, String password) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final String CONNECT_TIMEOUT_SECONDS = "5";
    private static final String LOGIN_TIMEOUT_SECONDS = "10";

    /// Connects, and waits for a database that does not answer; one that refuses the login, or
    /// knows no such database, has answered.
    ///
    /// @param said is told at once, and every few seconds from then on, what is waited for
    /// @throws SQLException as of the last try
    public Connection connect(Consumer<String> said) throws SQLException, InterruptedException {
        long begun = System.nanoTime();
        long lines = 0;
        while (true) {
            try {
                return connectOnce();
            } catch (SQLException e) {
                long waited = System.nanoTime() - begun;
                if (isAnswer(e) || waited > PATIENCE.toNanos()) {
                    throw e;
                }
                if (waited >= lines * BETWEEN_LINES.toNanos()) {
                    said.accept("Waits for the database: " + inOneLine(e));
                    lines = waited / BETWEEN_LINES.toNanos() + 1;
                }
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    private Connection connectOnce() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", LOGIN_TIMEOUT_SECONDS);
        return DriverManager.getConnection(url, properties);
    }

    private static String inOneLine(SQLException e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    /// Of the classes of PostgreSQL's error codes: 28 is a refused login, 3D a database that is not
    /// there, 42 one that may not be entered.
    private static boolean isAnswer(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("28") || state.startsWith("3D") || state.startsWith("42");
    }

    /// Without the password.
    @Override
    public String toString() {
        return "Database[" + url + ", " + user + "]";
    }
}
