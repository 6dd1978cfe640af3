package dev.quadrille.migrations;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Brings the database of one service up to date, as a job that runs before the service's new
/// version does. It reads the service's own settings:
///
/// | variable | |
/// |---|---|
/// | `QUARKUS_DATASOURCE_REACTIVE_URL` | such as `postgresql://localhost:15432/order` |
/// | `QUARKUS_DATASOURCE_USERNAME`, `QUARKUS_DATASOURCE_PASSWORD` | of a role that may create tables |
/// | `QUADRILLE_ROOT` | where the migrations lie; the working folder if not set |
///
/// Exit codes: 0 the database is up to date, 1 it is not, 2 wrong use.
public final class Migrate {

    private static final String URL = "QUARKUS_DATASOURCE_REACTIVE_URL";

    private Migrate() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.getenv()));
    }

    static int run(List<String> arguments, Map<String, String> environment) {
        var url = environment.getOrDefault(URL, "");
        if (arguments.size() != 1 || !Migrations.services().contains(arguments.getFirst())) {
            System.err.println(
                    "Migrate takes one service: " + String.join(", ", Migrations.services()) + ".");
            return 2;
        }
        if (!url.startsWith("postgresql://")) {
            System.err.println(
                    URL + " must be set, as it is for the service: postgresql://host:port/name.");
            return 2;
        }
        var service = arguments.getFirst();
        long begun = System.nanoTime();
        try {
            var outcome =
                    new Migrations(Path.of(environment.getOrDefault("QUADRILLE_ROOT", "")))
                            .run(
                                    service,
                                    "jdbc:" + url,
                                    environment.getOrDefault("QUARKUS_DATASOURCE_USERNAME", ""),
                                    environment.getOrDefault("QUARKUS_DATASOURCE_PASSWORD", ""));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s, %d in all, in %.1f s%n",
                    service,
                    outcome.applied() == 0
                            ? "nothing to migrate"
                            : outcome.applied() + " migrations applied",
                    outcome.all(),
                    (System.nanoTime() - begun) / 1e9);
            return 0;
        } catch (MigrationFault fault) {
            System.err.println(fault.getMessage());
            return 1;
        }
    }
}
