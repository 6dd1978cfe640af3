package dev.quadrille.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Starts a launcher of its own that stays, and returns once that one is ready. Its lines go to its
/// log file, and from there to the person until then.
final class Detached {

    private static final long POLL_MS = 50;

    private static final String MARK = "quadrille.detached";

    /// As in run.sh: the launcher mostly waits.
    private static final List<String> LAUNCHER_OPTIONS =
            List.of(
                    "-D" + MARK + "=true",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xss512k",
                    "-Xmx48m",
                    "--enable-native-access=ALL-UNNAMED");

    private Detached() {}

    /// Whether this is the launcher that stays; then what it prints is in its log file already.
    static boolean isThisProcess() {
        return Boolean.getBoolean(MARK);
    }

    /// @param environment what the parts find in theirs beside this process's
    static int start(
            Command.Up wish,
            Map<String, String> environment,
            Home home,
            Duration startTimeout,
            Console console)
            throws IOException, InterruptedException {
        if (StackState.read(home.folder()).isPresent()) {
            return Running.describe(home, console, wish, startTimeout);
        }
        var log = new LogFile(home.launcherLog());
        log.begin();
        Process launcher = launch(wish, environment, home.launcherLog());
        Interrupts.each(launcher::destroy);
        try (var lines = new RandomAccessFile(log.path().toFile(), "r")) {
            boolean ended = false;
            while (!ended && !isReady(home, launcher)) {
                ended = launcher.waitFor(POLL_MS, TimeUnit.MILLISECONDS);
                relay(lines, console);
            }
            relay(lines, console);
            return ended ? launcher.exitValue() : 0;
        }
    }

    private static Process launch(Command.Up wish, Map<String, String> environment, Path log)
            throws IOException {
        var command = new ArrayList<>(Guardian.intoOwnSession());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LAUNCHER_OPTIONS);
        command.addAll(List.of("-cp", JavaProgram.classPath(), Quadrille.class.getName()));
        command.addAll(wish.argumentsToStay());
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static boolean isReady(Home home, Process launcher) {
        Optional<StackState> state =
                Files.exists(home.folder()) ? StackState.read(home.folder()) : Optional.empty();
        return state.filter(found ->
                        found.launcherPid() == launcher.pid()
                                && found.launcherState() == StackState.Phase.READY)
                .isPresent();
    }

    private static void relay(RandomAccessFile from, Console console) throws IOException {
        byte[] more = new byte[(int) Math.min(1 << 16, from.length() - from.getFilePointer())];
        from.readFully(more);
        console.text(new String(more, StandardCharsets.UTF_8));
    }
}
