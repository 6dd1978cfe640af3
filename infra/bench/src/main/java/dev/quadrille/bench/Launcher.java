package dev.quadrille.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/// A stack that the project's own launcher starts and watches, in a home of its own: what is
/// measured is what a user would have.
final class Launcher implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final long POLL_MS = 5;

    private final Path home;
    private final Map<String, String> environment;
    private final String parts;
    private final Process starting;

    private Launcher(Path home, Map<String, String> environment, String parts, Process starting) {
        this.home = home;
        this.environment = environment;
        this.parts = parts;
        this.starting = starting;
    }

    /// Begins to start the parts, on free ports.
    ///
    /// @param environment what is different from this process' environment
    /// @param parts with commas between them
    static Launcher begin(Path home, Map<String, String> environment, String parts) throws Fault {
        var process =
                start(
                        home,
                        environment,
                        "start.log",
                        List.of(
                                "up",
                                "--detach",
                                "--free-ports",
                                "--owner",
                                Long.toString(ProcessHandle.current().pid()),
                                "--only",
                                parts));
        return new Launcher(home, environment, parts, process);
    }

    /// Waits until all parts are ready.
    Launcher ready() throws Fault, InterruptedException {
        if (!starting.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new Fault(
                    "%s did not start within %s. Log: %s"
                            .formatted(parts, START_LIMIT, home.resolve("start.log")));
        }
        requireStarting();
        return this;
    }

    /// Waits until a part has a process, which may be long before it is ready.
    long awaitPid(String part) throws Fault, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            String pid = state().getProperty(part + ".pid");
            if (pid != null) {
                return Long.parseLong(pid);
            }
            requireStarting();
            Thread.sleep(POLL_MS);
        }
        throw new Fault(part + " did not get a process. Log: " + home.resolve("start.log"));
    }

    /// Whether there is such a part, as its key tells.
    boolean has(String key) {
        return state().getProperty(key) != null;
    }

    int port(String key) {
        return Integer.parseInt(String.valueOf(state().getProperty(key)));
    }

    Path home() {
        return home;
    }

    /// Ends a part's process, and waits for its next.
    void restart(String part) throws Fault, InterruptedException {
        command("restart.log", List.of("restart", part));
    }

    /// Asks all to end, in order, and waits for it. One that is still starting is waited for.
    @Override
    public void close() throws Fault {
        try {
            starting.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            command("stop.log", List.of("stop"));
        } catch (InterruptedException e) {
            // What is left ends with this process: the launcher watches its owner.
            Thread.currentThread().interrupt();
        }
    }

    /// @throws Fault if the start has failed, with what the launcher said
    void requireStarting() throws Fault {
        if (!starting.isAlive() && starting.exitValue() != 0) {
            throw new Fault("%s did not start. It said: %s".formatted(parts, said("start.log")));
        }
    }

    private void command(String log, List<String> arguments) throws Fault, InterruptedException {
        var process = start(home, environment, log, arguments);
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new Fault("%s did not %s in time".formatted(parts, arguments.getFirst()));
        }
        if (process.exitValue() != 0) {
            throw new Fault(
                    "%s of %s failed. It said: %s"
                            .formatted(arguments.getFirst(), parts, said(log)));
        }
    }

    private String said(String log) {
        try {
            var lines = Files.readAllLines(home.resolve(log));
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "nothing";
        }
    }

    private Properties state() {
        var state = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("stack.properties"))) {
            state.load(reader);
        } catch (NoSuchFileException notYet) {
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return state;
    }

    private static Process start(
            Path home, Map<String, String> environment, String log, List<String> arguments)
            throws Fault {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx48m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.quadrille.local.Quadrille"));
        command.addAll(arguments);
        try {
            Files.createDirectories(home);
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(home.resolve(log).toFile());
            var all = builder.environment();
            // The ports of the user's own stack.
            all.keySet().removeIf(name -> name.matches("QUADRILLE_[A-Z_]*PORT"));
            all.putAll(environment);
            all.put("QUADRILLE_HOME", home.toString());
            return builder.start();
        } catch (IOException e) {
            throw new Fault("The launcher cannot be started: " + e);
        }
    }
}
