package dev.quadrille.bench;

import static java.util.Objects.requireNonNull;

import dev.quadrille.local.Flavour;
import dev.quadrille.local.ServiceStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// PostgreSQL, Kafka and what else the services need, in a temporary folder; and on them services.
final class Ground implements AutoCloseable {

    /// As the launcher's `--free-ports`: below what systems give to outgoing connections.
    private static final int FREE_FROM = 20_000;

    private static final int FREE_TO = 30_000;
    private static final int ATTEMPTS = 1000;

    private final Place place;
    private final Path folder;
    private final Map<String, String> environment;
    private final Map<Candidate, Integer> ports;
    private final String javaOptions;
    private final boolean keep;
    private final Launcher launcher;
    private final Broker broker;
    private int services;

    private Ground(
            Place place,
            Path folder,
            Map<String, String> environment,
            Map<Candidate, Integer> ports,
            String javaOptions,
            boolean keep,
            Launcher launcher) {
        this.place = place;
        this.folder = folder;
        this.environment = environment;
        this.ports = ports;
        this.javaOptions = javaOptions;
        this.keep = keep;
        this.launcher = launcher;
        this.broker = new Broker("localhost:" + launcher.port("kafka.port"));
    }

    /// @param withProvider whether the payment sandbox is needed too
    static Ground start(Place place, String javaOptions, boolean keep, boolean withProvider)
            throws Fault, InterruptedException {
        try {
            Path folder = Files.createTempDirectory("quadrille-bench-");
            var environment =
                    Map.of(
                            "QUADRILLE_ROOT", place.root().toString(),
                            "QUADRILLE_CACHE", place.cache().toString());
            var ports = freePorts();
            var all = new HashMap<>(environment);
            // Where the provider calls back.
            all.put(
                    variable(Candidate.PAYMENT),
                    Integer.toString(requireNonNull(ports.get(Candidate.PAYMENT))));
            var launcher =
                    Launcher.begin(
                            folder.resolve("ground"),
                            all,
                            "postgres,kafka,mail" + (withProvider ? ",payment-sandbox" : ""));
            return new Ground(
                    place, folder, environment, ports, javaOptions, keep, launcher.ready());
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
        var all = environmentOfServices(options);
        services++;
        var started = Launcher.begin(folder.resolve(service + "-" + services), all, service);
        return new Service(started, service, started.awaitPid(service), this);
    }

    /// The process of a service, as the launcher would start it.
    ServiceStart process(Candidate service, Flavour flavour) {
        var all = environmentOfServices("");
        ports.forEach((one, port) -> all.put(variable(one), Integer.toString(port)));
        return ServiceStart.of(service.title(), flavour, all, place.root());
    }

    /// What has to be built for it.
    static Optional<Path> artefact(Place place, Candidate service, Flavour flavour) {
        return flavour.artefact(place.root(), service.title());
    }

    Path artefact(Candidate service, Flavour flavour) {
        return artefact(place, service, flavour).orElseThrow();
    }

    /// Where [#process] listens.
    int port(Candidate service) {
        return requireNonNull(ports.get(service));
    }

    private Map<String, String> environmentOfServices(String options) {
        var all = new HashMap<>(environment);
        put(all, "QUADRILLE_POSTGRES_PORT", "postgres.port");
        put(all, "QUADRILLE_KAFKA_PORT", "kafka.port");
        put(all, "QUADRILLE_SMTP_PORT", "mail.port");
        put(all, "QUADRILLE_SANDBOX_PORT", "payment-sandbox.port");
        all.put("QUADRILLE_JAVA_OPTS", (javaOptions + " " + options).strip());
        return all;
    }

    private void put(Map<String, String> environment, String variable, String key) {
        if (launcher.has(key)) {
            environment.put(variable, Integer.toString(launcher.port(key)));
        }
    }

    private static String variable(Candidate service) {
        return "QUADRILLE_" + service.name() + "_PORT";
    }

    private static Map<Candidate, Integer> freePorts() throws Fault {
        var ports = new EnumMap<Candidate, Integer>(Candidate.class);
        for (Candidate service : Candidate.values()) {
            ports.put(service, freePort(ports.values()));
        }
        return ports;
    }

    /// @param given are not given again
    static int freePort(Collection<Integer> given) throws Fault {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (!given.contains(port)) {
                    return port;
                }
            } catch (IOException taken) {
                // The next one.
            }
        }
        throw new Fault("No port is free between %d and %d".formatted(FREE_FROM, FREE_TO));
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

        int port() {
            return launcher.port(name + ".port");
        }

        String url() {
            return "http://127.0.0.1:" + port();
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
