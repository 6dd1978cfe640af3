package dev.quadrille.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The stack that tests run on: PostgreSQL, Kafka, the mail sink and the payment sandbox, as real
/// processes on free ports.
///
/// The first test process of a build starts it, and the others find it. It belongs to the build: to
/// the outermost Java process above the test, which is Maven or the IDE, and ends when that does,
/// even when that is killed.
public final class TestStack {

    private static final String INFRASTRUCTURE = "postgres,kafka,mail,payment-sandbox";
    private static final String STATE = "stack.properties";
    private static final String PART_STATE = ".state";
    private static final String SUPERUSER = "postgres";
    private static final Set<String> SERVICES =
            Set.of("order", "inventory", "payment", "notification");
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

    private final Path home;
    private final Properties state;

    private TestStack(Path home, Properties state) {
        this.home = home;
        this.state = state;
    }

    /// Finds the stack of this build, or starts it: everything but the services.
    public static TestStack running() {
        return running("test-stack", List.of("--only", INFRASTRUCTURE), Map.of());
    }

    /// Finds the whole stack of this build, services and all, or starts it.
    public static TestStack whole() {
        return running("whole-stack", List.of(), Map.of());
    }

    /// Finds a stack of this build by its name, or starts it. Those that share a name are to ask
    /// for the same stack: who comes second gets what the first has asked for.
    ///
    /// @param name of its home and its log in the checkout's `target`
    /// @param options of `./run.sh up`, such as `--replicas`, `2`
    /// @param environment such as `QUADRILLE_ORDER_JAVA_OPTS`
    public static synchronized TestStack running(
            String name, List<String> options, Map<String, String> environment) {
        var home = home(name);
        try {
            Files.createDirectories(home.getParent());
            // One test process starts it; others that come at the same time wait here.
            try (var channel =
                            FileChannel.open(
                                    home.resolveSibling(name + ".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                return ready(home).orElseGet(() -> start(home, options, environment));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where a stack of this name has its data and its logs.
    public static Path home(String name) {
        return root().resolve("target").resolve(name);
    }

    /// The checkout.
    public static Path root() {
        var root = System.getProperty("quadrille.root");
        if (root == null) {
            throw new IllegalStateException(
                    "the system property quadrille.root must name the checkout; Maven sets it");
        }
        return Path.of(root);
    }

    public int port(String key) {
        var port = state.getProperty(key);
        if (port == null) {
            throw new IllegalStateException("the stack has no " + key);
        }
        return Integer.parseInt(port);
    }

    /// Where a service answers.
    public String url(String service) {
        return "http://localhost:" + port(service + ".port");
    }

    /// The process of a part.
    public ProcessHandle process(String part) {
        return ProcessHandle.of(Long.parseLong(read(home).getProperty(part + ".pid")))
                .orElseThrow(() -> new IllegalStateException(part + " does not run"));
    }

    /// Whether the launcher and every part of it are ready, as far as the launcher knows.
    public boolean isReady() {
        var now = read(home);
        return "READY".equals(now.getProperty("launcher.state"))
                && now.stringPropertyNames().stream()
                        .filter(key -> key.endsWith(PART_STATE))
                        .allMatch(key -> "READY".equals(now.getProperty(key)));
    }

    /// Whether a part is ready, as far as the launcher knows.
    public boolean isReady(String part) {
        return "READY".equals(read(home).getProperty(part + PART_STATE));
    }

    /// How often the launcher has started a part again.
    public int restarts(String part) {
        return Integer.parseInt(read(home).getProperty(part + ".restarts", "0"));
    }

    /// Where a part writes what it logs.
    public Path log(String part) {
        return Path.of(read(home).getProperty(part + ".log"));
    }

    /// The parts that were started and are services, replicas among them.
    public List<String> services() {
        return read(home).stringPropertyNames().stream()
                .filter(key -> key.endsWith(PART_STATE))
                .map(key -> key.substring(0, key.length() - PART_STATE.length()))
                .filter(part -> SERVICES.contains(part.replaceFirst("-[0-9]+$", "")))
                .sorted()
                .toList();
    }

    /// Ends the stack, which else ends with the build: for one that others would have to share the
    /// machine with.
    public void stop() {
        var launcher = process("launcher");
        launcher.destroy();
        try {
            launcher.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the stack in " + home + " does not end", e);
        }
    }

    /// PostgreSQL, as the one who may do everything there.
    ///
    /// @param database a service's name
    public Connection connect(String database) {
        try {
            return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, superuserPassword());
        } catch (SQLException e) {
            throw new IllegalStateException("no connection to database " + database, e);
        }
    }

    String jdbcUrl(String database) {
        return "jdbc:postgresql://localhost:%d/%s?connectTimeout=5&socketTimeout=60"
                .formatted(port("postgres.port"), database);
    }

    /// The password of PostgreSQL's superuser `postgres`, which the launcher made up.
    String superuserPassword() {
        try {
            return Files.readString(home.resolve("data/postgres.password")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String kafka() {
        return "localhost:" + port("kafka.port");
    }

    /// The launcher keeps the state of its stack in a file of its home; a dead launcher's file may
    /// still lie there.
    private static Optional<TestStack> ready(Path home) {
        if (!Files.exists(home.resolve(STATE))) {
            return Optional.empty();
        }
        var state = read(home);
        boolean alive =
                ProcessHandle.of(Long.parseLong(state.getProperty("launcher.pid")))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
        return alive && "READY".equals(state.getProperty("launcher.state"))
                ? Optional.of(new TestStack(home, state))
                : Optional.empty();
    }

    private static Properties read(Path home) {
        var state = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve(STATE))) {
            state.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return state;
    }

    private static TestStack start(
            Path home, List<String> options, Map<String, String> environment) {
        var log = home.resolveSibling(home.getFileName() + ".log");
        var command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-cp",
                                root().resolve("infra/local/target/lib") + "/*",
                                "dev.quadrille.local.Quadrille",
                                "up",
                                "--detach",
                                "--free-ports",
                                "--fresh",
                                "--owner",
                                Long.toString(owner())));
        command.addAll(options);
        var launcher =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        launcher.environment().put("QUADRILLE_HOME", home.toString());
        launcher.environment().putAll(environment);
        try {
            var process = launcher.start();
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the test stack did not start, see " + log);
            }
            return ready(home)
                    .orElseThrow(() ->
                            new IllegalStateException("the test stack did not start, see " + log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static long owner() {
        var owner = ProcessHandle.current();
        for (var above = owner.parent(); above.isPresent(); above = above.get().parent()) {
            if (above.get().info().command().filter(TestStack::isJava).isPresent()) {
                owner = above.get();
            }
        }
        return owner.pid();
    }

    private static boolean isJava(String command) {
        return Path.of(command).getFileName().toString().startsWith("java");
    }
}
