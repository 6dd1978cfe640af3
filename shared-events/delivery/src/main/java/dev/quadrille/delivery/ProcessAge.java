package dev.quadrille.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// For how long this process has lived: from before the JVM, or the native image, was loaded.
///
/// Linux tells when a process was born in hundredths of a second since the machine's start, which
/// is good to 5 ms; what Java makes of that is good to a second only.
final class ProcessAge {

    private static final int TICKS_PER_SECOND = 100;
    private static final long NANOS_PER_TICK = 1_000_000_000 / TICKS_PER_SECOND;

    /// Counted from the state, the first field behind the name, which may hold blanks itself.
    private static final int BIRTH_FIELD = 19;

    private ProcessAge() {}

    static Duration now() {
        long nanos = System.nanoTime();
        try {
            // The clock of System.nanoTime counts from the machine's start too, unless it slept.
            long born = birthTicks(read("/proc/self/stat")) * NANOS_PER_TICK + NANOS_PER_TICK / 2;
            return Duration.ofNanos(nanos + suspendedNanos(nanos) - born);
        } catch (IOException | NumberFormatException notLinux) {
            return ProcessHandle.current()
                    .info()
                    .startInstant()
                    .map(birth -> Duration.between(birth, Instant.now()))
                    .orElse(Duration.ZERO);
        }
    }

    static long birthTicks(String stat) {
        var behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(behindName[BIRTH_FIELD]);
    }

    /// What System.nanoTime has missed.
    private static long suspendedNanos(long nanos) throws IOException {
        var uptime = read("/proc/uptime");
        long sinceBoot =
                (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1e9);
        long missed = sinceBoot - nanos;
        return Math.abs(missed) < 2 * NANOS_PER_TICK ? 0 : missed;
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file));
    }
}
