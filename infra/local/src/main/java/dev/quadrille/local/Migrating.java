package dev.quadrille.local;

import dev.quadrille.migrations.Database;
import dev.quadrille.migrations.MigrationFault;
import dev.quadrille.migrations.Migrations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

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
        var services = List.of(arguments).subList(2, arguments.length);
        boolean good =
                migrate(
                        new Migrations.InCheckout(Path.of(arguments[0])),
                        Integer.parseInt(arguments[1]),
                        services,
                        System.out::println);
        System.exit(good ? 0 : 1);
    }

    /// For who has written a migration while the stack runs.
    ///
    /// @return the exit code: 0 if all databases are up to date
    static int again(Settings settings, Console console) {
        var stack = StackState.read(settings.home().folder());
        var port = stack.map(found -> found.port("postgres.port")).orElse(OptionalInt.empty());
        if (port.isEmpty()) {
            console.line(
                    "No PostgreSQL runs in " + settings.home().folder() + ". ./run.sh starts it.");
            return Running.NOT_RUNNING;
        }
        PartLog.begin();
        var migrations = new Migrations.InCheckout(settings.root());
        var services = Part.services().map(Part::title).filter(migrations::has).toList();
        return migrate(migrations, port.getAsInt(), services, console::line) ? 0 : 1;
    }

    private static boolean migrate(
            Migrations migrations, int port, List<String> services, Consumer<String> said) {
        var good = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String service : services) {
                threads.execute(() -> {
                    try {
                        said.accept(line(migrations, port, service, said));
                    } catch (MigrationFault fault) {
                        said.accept("ERROR " + fault.getMessage());
                        good.set(false);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        good.set(false);
                    }
                });
            }
        }
        return good.get();
    }

    /// A service's database, its role and the role's password all have the service's name.
    private static String line(
            Migrations migrations, int port, String service, Consumer<String> said)
            throws MigrationFault, InterruptedException {
        var url = "jdbc:postgresql://localhost:%d/%s".formatted(port, service);
        var outcome = migrations.run(service, new Database(url, service, service), said);
        return "%s: %d applied, %d in all".formatted(service, outcome.applied(), outcome.all());
    }

    /// Whose databases a stack brings up to date: those of the services that it starts, and if it
    /// starts PostgreSQL those of all, because who runs a service in dev mode counts on it.
    static List<String> services(Command.Up wish, Settings settings) {
        var migrations = new Migrations.InCheckout(settings.root());
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
