package dev.quadrille.migrations;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The migrations of the services: as they lie in a checkout, or as a build has packed them.
public sealed interface Migrations {

    /// @param applied by this run
    /// @param all that the database has now
    record Outcome(int applied, int all) {}

    /// @param root where `shared-events` and `services` are
    record InCheckout(Path root) implements Migrations {

        /// Whether this checkout has the service's migrations.
        public boolean has(String service) {
            return Files.isDirectory(folder("services/" + service));
        }

        @Override
        public String location(String module) {
            return "filesystem:" + folder(module);
        }

        Path folder(String module) {
            return root.resolve(module).resolve("src/main/migrations");
        }
    }

    /// On the class path, in `migrations` and the path of their module.
    record Packed() implements Migrations {
        @Override
        public String location(String module) {
            return "classpath:migrations/" + module;
        }
    }

    /// Where a module's lie, in Flyway's words.
    String location(String module);

    /// Where services have a database, in the order of their names.
    static List<String> services() {
        return Modules.OF_SERVICE.keySet().stream().sorted().toList();
    }

    /// Brings a database up to date. Any number may do so at the same time: one works, and the
    /// others wait for it and find nothing left.
    ///
    /// @param said is told what is waited for, while the database does not answer
    /// @throws IllegalArgumentException if there is no such service
    /// @throws MigrationFault if a migration fails, the login is refused, or the database does not
    ///   answer for half a minute; what was applied before stays, and a further run goes on behind
    ///   it
    default Outcome run(String service, Database database, Consumer<String> said)
            throws MigrationFault, InterruptedException {
        var locations = Modules.of(service).stream().map(this::location).toArray(String[]::new);
        // It says at length what it does; who calls says it in a line.
        Modules.FLYWAY.setLevel(Level.SEVERE);
        try {
            database.connect(said).close();
            var flyway =
                    Flyway.configure()
                            .dataSource(database.url(), database.user(), database.password())
                            .locations(locations)
                            .failOnMissingLocations(true)
                            .outOfOrder(true)
                            .load();
            int applied = flyway.migrate().migrationsExecuted;
            return new Outcome(applied, flyway.info().applied().length);
        } catch (SQLException | FlywayException e) {
            throw new MigrationFault(service, e);
        }
    }
}
