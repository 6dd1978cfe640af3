package dev.quadrille.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service's database.
final class Database implements AutoCloseable {

    private static final int LOOKS_UNTIL_QUICK = 20;

    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    static Database open(int port, String name, String password) throws Fault {
        try {
            return new Database(
                    DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable"
                                    .formatted(port, name),
                            "postgres",
                            password));
        } catch (SQLException e) {
            throw new Fault("The database " + name + " cannot be reached: " + e.getMessage());
        }
    }

    void run(String sql) throws Fault {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new Fault("PostgreSQL refused '" + sql + "': " + e.getMessage());
        }
    }

    /// A query for a number that is asked over and over: parsed and planned once. To be used by one
    /// thread at a time, as the database itself.
    interface Look {
        long number() throws Fault;
    }

    /// @param parameters of the query, each a `?` in it
    Look look(String query, Object... parameters) throws Fault {
        try {
            var statement = connection.prepareStatement(query);
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            Look look =
                    () -> {
                        try (var rows = statement.executeQuery()) {
                            rows.next();
                            return rows.getLong(1);
                        } catch (SQLException e) {
                            throw new Fault(
                                    "PostgreSQL refused '" + query + "': " + e.getMessage());
                        }
                    };
            // From the fifth time on the driver has it prepared, from the sixth PostgreSQL keeps
            // its plan.
            for (int i = 0; i < LOOKS_UNTIL_QUICK; i++) {
                look.number();
            }
            return look;
        } catch (SQLException e) {
            throw new Fault("PostgreSQL refused '" + query + "': " + e.getMessage());
        }
    }

    long number(String query) throws Fault {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new Fault("PostgreSQL refused '" + query + "': " + e.getMessage());
        }
    }

    String text(String query) throws Fault {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new Fault("PostgreSQL refused '" + query + "': " + e.getMessage());
        }
    }

    /// @param query a text and a timestamp
    Map<String, Instant> times(String query) throws Fault {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var times = new HashMap<String, Instant>();
            while (rows.next()) {
                times.put(rows.getString(1), rows.getObject(2, OffsetDateTime.class).toInstant());
            }
            return times;
        } catch (SQLException e) {
            throw new Fault("PostgreSQL refused '" + query + "': " + e.getMessage());
        }
    }

    /// Runs a statement once for many rows.
    ///
    /// @param sql with a `?` for each column, an array of text
    void columns(String sql, List<List<@Nullable String>> columns) throws Fault {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                statement.setArray(
                        i + 1, connection.createArrayOf("text", columns.get(i).toArray()));
            }
            statement.execute();
        } catch (SQLException e) {
            throw new Fault("PostgreSQL refused the rows: " + e.getMessage());
        }
    }

    /// Empties tables, of which some may not be there, and leaves the server with nothing to catch
    /// up on.
    void empty(String... tables) throws Fault {
        for (String table : tables) {
            if (number("select count(*) from pg_class where relname = '%s'".formatted(table)) > 0) {
                run("truncate " + table + " cascade");
            }
        }
    }

    void settle(String... tables) throws Fault {
        for (String table : tables) {
            run("vacuum (analyze) " + table);
        }
        run("checkpoint");
    }

    /// What the server has done so far. A backend reports within a second, or when it ends.
    Work work() throws Fault {
        return new Work(
                number(
                        "select xact_commit from pg_stat_database where datname ="
                                + " current_database()"),
                number("select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"));
    }

    /// @param commits of this database
    /// @param walBytes of the whole server
    record Work(long commits, long walBytes) {}

    @Override
    public void close() throws Fault {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new Fault("PostgreSQL: " + e.getMessage());
        }
    }
}
