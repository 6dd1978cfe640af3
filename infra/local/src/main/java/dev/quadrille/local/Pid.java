package dev.quadrille.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A process that some other program started. Its number alone does not name it: numbers are used
/// again, and the one in an old state file may by now be somebody's editor.
///
/// @param birth when it started, as the system tells it; only good to be compared
record Pid(long number, String birth) {

    private static final Path PROC = Path.of("/proc");

    static Optional<Pid> of(long number) {
        return birthOf(number).map(birth -> new Pid(number, birth));
    }

    boolean isAlive() {
        return birthOf(number).filter(birth::equals).isPresent();
    }

    /// @return whether it is gone
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }

    void kill(boolean forcibly) {
        if (!isAlive()) {
            return;
        }
        ProcessHandle.of(number)
                .ifPresent(handle -> {
                    if (forcibly) {
                        handle.destroyForcibly();
                    } else {
                        handle.destroy();
                    }
                });
    }

    /// Linux tells it in clock ticks since boot, which no correction of the clock moves. A zombie
    /// is dead: it holds no port and no file, and only waits for somebody to ask for its exit code.
    private static Optional<String> birthOf(long number) {
        if (Files.isDirectory(PROC)) {
            try {
                String stat = Files.readString(PROC.resolve(number + "/stat"));
                String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return afterName[0].equals("Z") || afterName[0].equals("X")
                        ? Optional.empty()
                        : Optional.of(afterName[19]);
            } catch (IOException gone) {
                return Optional.empty();
            }
        }
        return ProcessHandle.of(number)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(instant -> Long.toString(instant.toEpochMilli()));
    }
}
