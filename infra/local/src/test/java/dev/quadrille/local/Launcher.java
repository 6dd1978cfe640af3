package dev.quadrille.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// The launcher as a real process, and what it says. [#close] leaves nothing running, whatever went
/// wrong before; and should this JVM be killed, the launcher ends with it, its owner.
final class Launcher implements AutoCloseable {

    /// A shell that starts the tests in the background has them ignore SIGINT, and who is born of
    /// them. Coreutils' env takes that back; elsewhere the tests are to run in the foreground.
    private static final List<String> HEARS_INTERRUPTS =
            System.getProperty("os.name").equals("Linux")
                    ? List.of("env", "--default-signal=INT")
                    : List.of();

    private static final Duration READY_AT_MOST = Duration.ofSeconds(60);
    private static final Duration EXIT_AT_MOST = Duration.ofSeconds(40);
    private static final Duration LEFT_AT_MOST = Duration.ofSeconds(10);

    private final Path home;
    private final Path console;
    private final Process process;
    private final boolean ownsStack;
    private final Set<Pid> seen = new LinkedHashSet<>();
    private Optional<Pid> detached = Optional.empty();

    private Launcher(Path home, Path console, Process process, boolean ownsStack) {
        this.home = home;
        this.console = console;
        this.process = process;
        this.ownsStack = ownsStack;
    }

    /// `up` on free ports.
    static Launcher up(Path home, Map<String, String> environment, String... arguments) {
        var all = new ArrayList<>(List.of("up", "--free-ports"));
        all.addAll(List.of("--owner", Long.toString(ProcessHandle.current().pid())));
        all.addAll(List.of(arguments));
        return start(home, environment, all, true);
    }

    /// Any command about a stack that another launcher runs.
    static Launcher run(Path home, Map<String, String> environment, String... arguments) {
        return start(home, environment, List.of(arguments), false);
    }

    private static Launcher start(
            Path home, Map<String, String> environment, List<String> arguments, boolean ownsStack) {
        var command = new ArrayList<>(HEARS_INTERRUPTS);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx48m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Quadrille.class.getName());
        command.addAll(arguments);
        try {
            Path console = Files.createTempFile(home.getParent(), "console", ".txt");
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(console.toFile());
            builder.environment().put("QUADRILLE_HOME", home.toString());
            builder.environment()
                    .put("QUADRILLE_CACHE", Path.of("target/cache").toAbsolutePath().toString());
            builder.environment().putAll(environment);
            return new Launcher(home, console, builder.start(), ownsStack);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Launcher awaitReady() {
        await().atMost(READY_AT_MOST)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    assertThat(process.isAlive()).as(this::output).isTrue();
                    return StackState.read(home).filter(StackState::isReady).isPresent();
                });
        remember(state());
        return this;
    }

    /// @return its exit code
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(EXIT_AT_MOST.toSeconds(), TimeUnit.SECONDS))
                .as(this::output)
                .isTrue();
        return process.exitValue();
    }

    StackState state() {
        return StackState.read(home).orElseThrow(() -> new AssertionError(output()));
    }

    Pid partProcess(Part part) {
        return process(Instance.first(part));
    }

    Pid process(Instance instance) {
        return state().process(instance).orElseThrow(() -> new AssertionError(output()));
    }

    int port(Port port) {
        return state().port(port.key()).orElseThrow();
    }

    int port(Instance instance) {
        return state().port(instance).orElseThrow();
    }

    long pid() {
        return process.pid();
    }

    void kill() {
        process.destroyForcibly();
    }

    String output() {
        try {
            return Files.readString(console);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What it said in one line, and nothing else.
    String onlyLine() {
        assertThat(output().lines()).hasSize(1);
        return output().strip();
    }

    @Override
    public void close() throws InterruptedException {
        if (ownsStack) {
            StackState.readEvenIfDead(home).ifPresent(this::remember);
        }
        process.destroy();
        // The one that a detached launcher has left behind.
        detached.ifPresent(launcher -> launcher.kill(false));
        if (!process.waitFor(EXIT_AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        for (Pid pid : seen) {
            if (!pid.awaitEnd(LEFT_AT_MOST)) {
                pid.kill(true);
            }
        }
    }

    /// The guardian first: it may still be about to end the others.
    private void remember(StackState state) {
        detached = Optional.of(state.launcher());
        seen.add(state.launcher());
        seen.add(state.guardian());
        Instance.all().flatMap(instance -> state.process(instance).stream()).forEach(seen::add);
    }
}
