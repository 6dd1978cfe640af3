package dev.quadrille.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// PostgreSQL: one cluster, with a database and a role for each service.
///
/// A service's database, its role and the role's password all have the service's name; the server
/// listens on the loopback interface only. The superuser's password is random and lies beside the
/// data, readable by its owner: with it one could run programs in the owner's name.
final class Postgres implements Program {

    private static final String SUPERUSER = "postgres";
    private static final String MAJOR = "18";
    private static final Duration INITDB_AT_MOST = Duration.ofSeconds(60);
    private static final Duration BACKENDS_AT_MOST = Duration.ofSeconds(5);

    private final Settings settings;
    private final Path folder;
    private final Path passwordFile;
    private final int port;

    Postgres(Settings settings) {
        this.settings = settings;
        this.folder = settings.home().data(Part.POSTGRES);
        this.passwordFile = settings.home().data().resolve("postgres.password");
        this.port = settings.port(Port.POSTGRES);
    }

    @Override
    public Instance instance() {
        return Instance.first(Part.POSTGRES);
    }

    @Override
    public Invocation prepare(Guardian guardian)
            throws StartFault, IOException, InterruptedException {
        Path bin = PostgresBinaries.unpackedIn(settings.cache()).resolve("bin");
        List<String> notAsRoot = notAsRoot();
        if (!Files.exists(folder.resolve("PG_VERSION"))) {
            initialize(bin, notAsRoot, guardian);
        }
        String major = Files.readString(folder.resolve("PG_VERSION")).strip();
        if (!major.equals(MAJOR)) {
            throw new StartFault(
                    "its data are of PostgreSQL " + major + ", and this is PostgreSQL " + MAJOR);
        }
        clearAfterKill();
        Files.writeString(folder.resolve("pg_hba.conf"), hostBasedAuthentication());

        var command = new ArrayList<>(notAsRoot);
        command.add(bin.resolve("postgres").toString());
        command.addAll(List.of("-D", folder.toString()));
        configuration().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return new Invocation(command, Map.of("LC_ALL", "C", "TZ", "UTC"), folder);
    }

    @Override
    public boolean answers() {
        try (Connection _ = connect()) {
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /// Since PostgreSQL 15 the schema public belongs to whoever owns the database, and nobody else
    /// may create anything there, so that it needs no statement of its own.
    @Override
    public void provision() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (Part service : Part.services().toList()) {
                String name = service.title();
                if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
                    statement.execute(
                            "CREATE ROLE \"%s\" LOGIN PASSWORD '%s'".formatted(name, name));
                }
                if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                    statement.execute("CREATE DATABASE \"%s\" OWNER \"%s\"".formatted(name, name));
                }
                statement.execute(
                        "REVOKE CONNECT, TEMPORARY ON DATABASE \"%s\" FROM PUBLIC".formatted(name));
            }
        }
    }

    @Override
    public String remedy() {
        return "begin with empty data: ./run.sh --fresh";
    }

    @Override
    public String address() {
        return "postgresql://localhost:" + port;
    }

    @Override
    public Signal endSignal() {
        return Signal.INT;
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", password());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port), properties);
    }

    private String password() {
        try {
            return Files.readString(passwordFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean exists(Connection connection, String query, String name)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, name);
            try (var rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /// Durable as in production: a crash test against this server means something. Small, because
    /// everything runs on one laptop. No unix socket: its path has a limit of about 100 characters,
    /// which a home deep in a folder breaks.
    Map<String, String> configuration() {
        return Map.ofEntries(
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("port", Integer.toString(port)),
                Map.entry("unix_socket_directories", ""),
                Map.entry("fsync", "on"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("full_page_writes", "on"),
                Map.entry("max_connections", Integer.toString(connections())),
                Map.entry("shared_buffers", "64MB"),
                Map.entry("max_wal_size", "512MB"),
                Map.entry("io_method", "sync"),
                Map.entry("max_logical_replication_workers", "0"),
                Map.entry("jit", "off"),
                Map.entry("timezone", "UTC"),
                Map.entry("log_timezone", "UTC"),
                Map.entry("log_destination", "stderr"),
                Map.entry("logging_collector", "off"),
                Map.entry("log_min_duration_statement", "-1"),
                Map.entry("log_checkpoints", "off"),
                Map.entry("log_line_prefix", "%m [%p] %q%u@%d "));
    }

    /// A service's replica may open 16: four of them leave enough for people and tests.
    private int connections() {
        return 100 + 100 * settings.replicas();
    }

    /// `sameuser`: a role reaches the database of its own name, and no other.
    private static String hostBasedAuthentication() {
        return """
        # Written by Quadrille's launcher at each start.
        # type  database  user      address        method
        host    all       %s  127.0.0.1/32   scram-sha-256
        host    sameuser  all       127.0.0.1/32   scram-sha-256
        """
                .formatted(SUPERUSER);
    }

    /// Into a folder of another name that is renamed at the end: a launcher that is killed
    /// meanwhile leaves no half of a cluster.
    private void initialize(Path bin, List<String> notAsRoot, Guardian guardian)
            throws StartFault, IOException, InterruptedException {
        Path unfinished = folder.resolveSibling("postgres.unfinished");
        Folders.delete(unfinished);
        Files.createDirectories(folder.getParent());
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        Files.writeString(passwordFile, HexFormat.of().formatHex(secret) + "\n");

        var command = new ArrayList<>(notAsRoot);
        command.add(bin.resolve("initdb").toString());
        command.addAll(
                List.of(
                        "--pgdata=" + unfinished,
                        "--username=" + SUPERUSER,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        // The same order of texts on every machine.
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-instructions"));
        Process initdb =
                guardian.start(
                        new Invocation(
                                command,
                                Map.of("LC_ALL", "C", "TZ", "UTC"),
                                settings.home().data()),
                        settings.home().log(instance()),
                        Signal.TERM);
        try {
            if (!initdb.waitFor(INITDB_AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                throw new StartFault(
                        "initdb did not end within " + INITDB_AT_MOST.toSeconds() + " s");
            }
            if (initdb.exitValue() != 0) {
                throw new StartFault("initdb ended with exit code " + initdb.exitValue());
            }
        } finally {
            initdb.destroyForcibly();
        }
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /// After a kill -9 the server's own checks refuse to start while a process of the old server
    /// still ends, or while another program has come to the process id in the old pid file.
    private void clearAfterKill() throws IOException, InterruptedException {
        Path pidFile = folder.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<Pid> leftovers = processesIn(folder);
        long deadline = System.nanoTime() + BACKENDS_AT_MOST.toNanos();
        for (Pid leftover : leftovers) {
            if (!leftover.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                leftover.kill(true);
                leftover.awaitEnd(Duration.ofSeconds(1));
            }
        }
        if (Files.isDirectory(Path.of("/proc"))) {
            // None of its processes is left, whatever the file says.
            Files.deleteIfExists(pidFile);
        }
    }

    /// PostgreSQL's processes live in the folder of their data, which is how to know them; only
    /// where there is a /proc.
    private static List<Pid> processesIn(Path folder) throws IOException {
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return List.of();
        }
        Path real = folder.toRealPath();
        try (Stream<Path> entries = Files.list(proc)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .filter(entry -> isIn(entry, real))
                    .flatMap(entry ->
                            Pid.of(Long.parseLong(entry.getFileName().toString())).stream())
                    .toList();
        }
    }

    private static boolean isIn(Path process, Path folder) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(folder)
                    && Files.readString(process.resolve("comm")).strip().equals("postgres");
        } catch (IOException e) {
            return false;
        }
    }

    /// PostgreSQL refuses to run as root. In a user namespace of its own the same user is no longer
    /// called root, and may still use the files.
    private static List<String> notAsRoot() throws StartFault, InterruptedException {
        if (!isRoot()) {
            return List.of();
        }
        List<String> unshare = List.of("unshare", "-U");
        var probe = new ArrayList<>(unshare);
        probe.add("true");
        try {
            Process process =
                    new ProcessBuilder(probe)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return unshare;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            // No unshare: the same answer as one that is not allowed to.
        }
        throw new StartFault(
                "it does not run as root, and there are no user namespaces to be somebody else in"
                        + " (unshare -U)",
                "start the stack as an ordinary user");
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
