package dev.quadrille.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/// The stack that tests run on: PostgreSQL, Kafka, the mail sink and the payment sandbox, as real
/// processes on free ports.
///
/// The first test process of a build starts it, and the others find it. It belongs to the build: to
/// the outermost Java process above the test, which is Maven or the IDE, and ends when that does,
/// even when that is killed.
public final class TestStack {

    private static final String INFRASTRUCTURE = "postgres,kafka,mail,payment-sandbox";
    private static final String STATE = "stack.properties";
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path home;
    private final Properties state;

    private TestStack(Path home, Properties state) {
        this.home = home;
        this.state = state;
    }

    /// Finds the stack of this build, or starts it: everything but the services.
    public static TestStack running() {
        return running("test-stack", List.of("--only", INFRASTRUCTURE));
    }

    /// Finds the whole stack of this build, services and all, or starts it.
    public static TestStack whole() {
        return running("whole-stack", List.of());
    }

    private static synchronized TestStack running(String name, List<String> options) {
        var home = root().resolve("target").resolve(name);
        try {
            Files.createDirectories(home.getParent());
            // One test process starts it; others that come at the same time wait here.
            try (var channel =
                            FileChannel.open(
                                    home.resolveSibling(name + ".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                return ready(home).orElseGet(() -> start(home, options));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static TestStack start(Path home, List<String> options) {
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
