package dev.quadrille.local;

import dev.quadrille.migrations.MigrationFault;
import dev.quadrille.migrations.Migrations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/// Brings the services' databases up to date before the services start. In a process of its own:
/// what Flyway needs would stay in the launcher's memory.
final class Migrating {

    private static final int HEAP_MEGABYTES = 64;

    private Migrating() {}

    /// The process: all databases at the same time, a line for each.
    ///
    /// @param arguments the checkout, the port of PostgreSQL, the services
    public static void main(String[] arguments) {
        PartLog.begin();
        var migrations = new Migrations(Path.of(arguments[0]));
        String server = "jdbc:postgresql://localhost:" + arguments[1] + "/";
        var good = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Stream.of(arguments)
                    .skip(2)
                    .forEach(service ->
                            threads.execute(() -> {
                                if (!migrate(migrations, server, service)) {
                                    good.set(false);
                                }
                            }));
        }
        System.exit(good.get() ? 0 : 1);
    }

    /// A service's database, its role and the role's password all have the service's name.
    private static boolean migrate(Migrations migrations, String server, String service) {
        try {
            var outcome = migrations.run(service, server + service, service, service);
            System.out.printf(
                    "%s: %d applied, %d in all%n", service, outcome.applied(), outcome.all());
            return true;
        } catch (MigrationFault fault) {
            System.out.println("ERROR " + fault.getMessage());
            return false;
        }
    }

    /// Whose databases a stack brings up to date: those of the services that it starts, and if it
    /// starts PostgreSQL those of all, because who runs a service in dev mode counts on it.
    static List<String> services(Command.Up wish, Settings settings) {
        var migrations = new Migrations(settings.root());
        return Part.services()
                .filter(service ->
                        wish.parts().contains(Part.POSTGRES) || wish.parts().contains(service))
                .map(Part::title)
                .filter(migrations::has)
                .toList();
    }

    /// Runs the process to its end.
    ///
    /// @throws StartFault if a database is not up to date
    static void run(List<String> services, Settings settings, Guardian guardian)
            throws StartFault, IOException, InterruptedException {
        if (services.isEmpty()) {
            return;
        }
        var log = new LogFile(settings.home().migrationsLog());
        log.begin();
        Process process =
                guardian.start(
                        invocation(services, settings.root(), settings.port(Port.POSTGRES)),
                        log.path(),
                        Signal.TERM);
        try {
            if (process.waitFor() != 0) {
                throw new StartFault(
                        "%s. Log: %s. Remedy: mend the migration, or begin with empty data: ./run.sh --fresh."
                                .formatted(LogFile.telling(log.tail()), log.path()));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static Invocation invocation(List<String> services, Path root, int port) {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "-cp",
                                JavaProgram.classPath(),
                                Migrating.class.getName(),
                                root.toString(),
                                Integer.toString(port)));
        arguments.addAll(services);
        return new Invocation(
                Program.java(HEAP_MEGABYTES, List.copyOf(arguments)), Program.SMALL, root);
    }
}
