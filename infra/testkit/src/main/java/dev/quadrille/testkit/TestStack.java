package dev.quadrille.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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

    private static final String PARTS = "postgres,kafka,mail,payment-sandbox";
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Path home;
    private final Properties state;

    private TestStack(Path home, Properties state) {
        this.home = home;
        this.state = state;
    }

    /// Finds the stack of this build, or starts it.
    public static synchronized TestStack running() {
        var home = root().resolve("target/test-stack");
        try {
            Files.createDirectories(home.getParent());
            // One test process starts it; others that come at the same time wait here.
            try (var channel =
                            FileChannel.open(
                                    home.resolveSibling("test-stack.lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                return ready(home).orElseGet(() -> start(home));
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
        var file = home.resolve("stack.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var state = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            state.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean alive =
                ProcessHandle.of(Long.parseLong(state.getProperty("launcher.pid")))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
        return alive && "READY".equals(state.getProperty("launcher.state"))
                ? Optional.of(new TestStack(home, state))
                : Optional.empty();
    }

    private static TestStack start(Path home) {
        var log = home.resolveSibling("test-stack.log");
        var command =
                new ProcessBuilder(
                                List.of(
                                        ProcessHandle.current().info().command().orElse("java"),
                                        "-cp",
                                        root().resolve("infra/local/target/lib") + "/*",
                                        "dev.quadrille.local.Quadrille",
                                        "up",
                                        "--detach",
                                        "--only",
                                        PARTS,
                                        "--free-ports",
                                        "--fresh",
                                        "--owner",
                                        Long.toString(owner())))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        command.environment().put("QUADRILLE_HOME", home.toString());
        try {
            var process = command.start();
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
