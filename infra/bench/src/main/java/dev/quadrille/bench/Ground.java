package dev.quadrille.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/// PostgreSQL, Kafka and the mail sink, in a temporary folder; and on them one service at a time.
final class Ground implements AutoCloseable {

    private final Path folder;
    private final Map<String, String> environment;
    private final String javaOptions;
    private final boolean keep;
    private final Launcher launcher;
    private final Broker broker;
    private int services;

    private Ground(
            Path folder,
            Map<String, String> environment,
            String javaOptions,
            boolean keep,
            Launcher launcher) {
        this.folder = folder;
        this.environment = environment;
        this.javaOptions = javaOptions;
        this.keep = keep;
        this.launcher = launcher;
        this.broker = new Broker("localhost:" + launcher.port("kafka.port"));
    }

    static Ground start(Place place, String javaOptions, boolean keep)
            throws Fault, InterruptedException {
        try {
            Path folder = Files.createTempDirectory("quadrille-bench-");
            var environment =
                    Map.of(
                            "QUADRILLE_ROOT", place.root().toString(),
                            "QUADRILLE_CACHE", place.cache().toString());
            var launcher =
                    Launcher.begin(folder.resolve("ground"), environment, "postgres,kafka,mail");
            return new Ground(folder, environment, javaOptions, keep, launcher.ready());
        } catch (IOException e) {
            throw new Fault("There is no temporary folder: " + e);
        }
    }

    Path folder() {
        return folder;
    }

    Broker broker() {
        return broker;
    }

    /// A service's database, seen by the superuser.
    Database database(String service) throws Fault {
        try {
            String password =
                    Files.readString(launcher.home().resolve("data/postgres.password")).strip();
            return Database.open(launcher.port("postgres.port"), service, password);
        } catch (IOException e) {
            throw new Fault("The superuser's password cannot be read: " + e);
        }
    }

    /// Begins to start a service.
    ///
    /// @param options of its JVM, beside those that were asked for
    Service begin(String service, String options) throws Fault, InterruptedException {
        var all = new HashMap<>(environment);
        all.put("QUADRILLE_POSTGRES_PORT", Integer.toString(launcher.port("postgres.port")));
        all.put("QUADRILLE_KAFKA_PORT", Integer.toString(launcher.port("kafka.port")));
        all.put("QUADRILLE_SMTP_PORT", Integer.toString(launcher.port("mail.port")));
        all.put("QUADRILLE_JAVA_OPTS", (javaOptions + " " + options).strip());
        services++;
        var started = Launcher.begin(folder.resolve(service + "-" + services), all, service);
        return new Service(started, service, started.awaitPid(service), this);
    }

    Load load(long servicePid) throws Fault, InterruptedException {
        try {
            return Load.of(servicePid, launcher.awaitPid("postgres"), launcher.awaitPid("kafka"));
        } catch (IOException e) {
            throw new Fault("CPU times cannot be read: " + e);
        }
    }

    void restartPostgres() throws Fault, InterruptedException {
        launcher.restart("postgres");
    }

    /// A service that runs, or is about to.
    record Service(Launcher launcher, String name, long pid, Ground ground)
            implements AutoCloseable {

        Service ready() throws Fault, InterruptedException {
            launcher.ready();
            return this;
        }

        String url() {
            return "http://127.0.0.1:" + launcher.port(name + ".port");
        }

        Load load() throws Fault, InterruptedException {
            return ground.load(pid);
        }

        @Override
        public void close() throws Fault {
            launcher.close();
        }
    }

    @Override
    public void close() throws Fault {
        broker.close();
        launcher.close();
        if (!keep) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new Fault(folder + " cannot be deleted: " + e);
            }
        }
    }
}
