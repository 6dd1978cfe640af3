package dev.quadrille.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Starts the launcher's child processes, and sees to it that none outlives the launcher: a shell
/// process that watches a pipe from here and ends them when the pipe breaks, which it does even
/// when the launcher is killed with -9. The script says how.
///
/// Each child is put into a session of its own, so that Ctrl-C in a terminal reaches the launcher
/// alone, which then ends them in order.
final class Guardian implements AutoCloseable {

    private final Process shell;
    private final OutputStream pipe;
    private final List<String> intoOwnSession;

    private Guardian(Process shell, List<String> intoOwnSession) {
        this.shell = shell;
        this.pipe = shell.getOutputStream();
        this.intoOwnSession = intoOwnSession;
    }

    static Guardian start() throws IOException {
        List<String> session = intoOwnSession();
        var command = new ArrayList<>(session);
        command.addAll(List.of("sh", "-c", script(), "quadrille-guardian"));
        Process shell =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return new Guardian(shell, session);
    }

    long pid() {
        return shell.pid();
    }

    /// @param log where its output is appended
    /// @param signal what asks it to end
    Process start(Invocation invocation, Path log, Signal signal) throws IOException {
        var command = new ArrayList<>(intoOwnSession);
        command.addAll(invocation.command());
        var builder =
                new ProcessBuilder(command)
                        .directory(invocation.folder().toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(invocation.environment());
        Process process = builder.start();
        tell("+ " + process.pid() + " " + signal);
        var _ = process.onExit().thenRun(() -> forget(process));
        return process;
    }

    /// Lets it end, with whatever it still watches.
    @Override
    public void close() {
        try {
            pipe.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    private void forget(Process process) {
        tell("- " + process.pid());
    }

    /// Somebody may have killed the guardian. The stack works without, and should its launcher be
    /// killed too, the next one ends what is left.
    private synchronized void tell(String change) {
        try {
            pipe.write((change + "\n").getBytes(UTF_8));
            pipe.flush();
        } catch (IOException e) {
            // As said.
        }
    }

    private static String script() {
        try (InputStream in = Guardian.class.getResourceAsStream("guardian.sh")) {
            if (in == null) {
                throw new IllegalStateException("guardian.sh is not on the class path");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Linux has setsid; macOS has not, but comes with perl. Either keeps the process id. Without
    /// both, the child at least ignores the terminal's interrupt.
    static List<String> intoOwnSession() {
        if (onPath("setsid").isPresent()) {
            return List.of("setsid");
        }
        if (onPath("perl").isPresent()) {
            return List.of(
                    "perl",
                    "-e",
                    "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or die $!",
                    "--");
        }
        return List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");
    }

    static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
