package dev.quadrille.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Resident memory of processes.
///
/// @param proportional a page that n processes share counts 1/n to each (Linux's PSS), so that the
///   sum is what they really take; else it counts in full to each (RSS), and the sum is too high
record Memory(long bytes, boolean proportional) {

    /// Of these processes and all that they have started.
    static Memory of(List<Long> pids) {
        List<Long> all =
                pids.stream()
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                        .map(ProcessHandle::pid)
                        .distinct()
                        .toList();
        long sum = 0;
        for (long pid : all) {
            OptionalLong share = proportionalBytes(pid);
            // One that has just ended has no share, and takes none.
            boolean hidden = share.isEmpty() && Pid.of(pid).isPresent();
            if (hidden || !hasProc()) {
                return new Memory(residentBytes(all), false);
            }
            sum += share.orElse(0);
        }
        return new Memory(sum, true);
    }

    @Override
    public String toString() {
        double mebibytes = bytes / 1048576.0;
        return mebibytes < 1000
                ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.2f GiB", mebibytes / 1024);
    }

    String measure() {
        return proportional ? "PSS" : "RSS";
    }

    private static boolean hasProc() {
        return Files.isDirectory(Path.of("/proc"));
    }

    private static OptionalLong proportionalBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    private static long residentBytes(List<Long> pids) {
        try {
            Process ps =
                    new ProcessBuilder(
                                    "ps",
                                    "-o",
                                    "rss=",
                                    "-p",
                                    String.join(",", pids.stream().map(String::valueOf).toList()))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (var out = ps.inputReader()) {
                long kibibytes = out.lines().mapToLong(line -> Long.parseLong(line.strip())).sum();
                ps.waitFor(2, TimeUnit.SECONDS);
                return kibibytes * 1024;
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
