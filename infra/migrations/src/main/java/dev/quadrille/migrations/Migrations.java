package dev.quadrille.migrations;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The migrations of the services, as they lie in the checkout.
public final class Migrations {

    private static final Path DELIVERY = Path.of("shared-events/delivery");
    private static final Path CHASSIS = Path.of("services/chassis");

    /// A service's own, and those of the parts it is made of. Each module counts its migrations for
    /// itself, so that one may come after another's that has a higher number.
    private static final Map<String, List<Path>> MODULES =
            Map.of(
                    "order", List.of(DELIVERY, CHASSIS, Path.of("services/order")),
                    "inventory", List.of(DELIVERY, CHASSIS, Path.of("services/inventory")),
                    "payment", List.of(DELIVERY, Path.of("services/payment")),
                    "notification", List.of(DELIVERY, Path.of("services/notification")));

    private static final int CONNECT_RETRIES = 30;
    private static final Duration BETWEEN_RETRIES = Duration.ofSeconds(1);

    // Kept, because a logger that nobody holds forgets its level.
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private final Path root;

    /// @param root the checkout
    public Migrations(Path root) {
        this.root = root;
        // It says at length what it does; who calls says it in a line.
        FLYWAY.setLevel(Level.SEVERE);
    }

    /// @param applied by this run
    /// @param all that the database has now
    public record Outcome(int applied, int all) {}

    /// Where services have a database, in the order of their names.
    public static List<String> services() {
        return MODULES.keySet().stream().sorted().toList();
    }

    /// Whether this checkout has the service's migrations.
    public boolean has(String service) {
        return Files.isDirectory(folder(Path.of("services", service)));
    }

    /// Brings a database up to date. Any number may do so at the same time: one works, and the
    /// others wait for it and find nothing left.
    ///
    /// @param url of JDBC
    /// @throws IllegalArgumentException if there is no such service
    /// @throws MigrationFault if a migration fails, or the database does not answer for half a
    ///   minute; what was applied before stays, and a further run goes on behind it
    public Outcome run(String service, String url, String user, String password)
            throws MigrationFault {
        var flyway =
                Flyway.configure()
                        .dataSource(url, user, password)
                        .locations(
                                folders(service).stream()
                                        .map(folder -> "filesystem:" + folder)
                                        .toArray(String[]::new))
                        .failOnMissingLocations(true)
                        .outOfOrder(true)
                        .connectRetries(CONNECT_RETRIES)
                        .connectRetriesInterval((int) BETWEEN_RETRIES.toSeconds())
                        .load();
        try {
            int applied = flyway.migrate().migrationsExecuted;
            return new Outcome(applied, flyway.info().applied().length);
        } catch (FlywayException e) {
            throw new MigrationFault(service, e);
        }
    }

    /// Where the migrations of a service's database lie.
    List<Path> folders(String service) {
        var modules = MODULES.get(service);
        if (modules == null) {
            throw new IllegalArgumentException(
                    "There is no service '%s', but %s"
                            .formatted(service, String.join(", ", services())));
        }
        return modules.stream().map(this::folder).toList();
    }

    private Path folder(Path module) {
        return root.resolve(module).resolve("src/main/migrations");
    }
}
