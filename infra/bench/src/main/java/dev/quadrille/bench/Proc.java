package dev.quadrille.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What Linux tells in /proc. Its clock ticks are hundredths of a second on every system in use.
final class Proc {

    private static final Path ROOT = Path.of("/proc");
    private static final long MS_PER_TICK = 10;

    private Proc() {}

    static boolean isThere() {
        return Files.isReadable(ROOT.resolve("self/stat"));
    }

    /// A line of `/proc/PID/stat`, or of a thread's.
    ///
    /// @param ownMs the CPU time of all its threads
    /// @param reapedMs the CPU time of its children that have ended
    record Stat(String name, long parent, long ownMs, long reapedMs) {

        /// The name is in parentheses and may itself hold some, and spaces.
        static Stat parse(String line) {
            int open = line.indexOf('(');
            int close = line.lastIndexOf(')');
            String[] fields = line.substring(close + 2).split(" ", -1);
            return new Stat(
                    line.substring(open + 1, close),
                    Long.parseLong(fields[1]),
                    (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MS_PER_TICK,
                    (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * MS_PER_TICK);
        }
    }

    /// The CPU time of the machine: what all processes together had, without idling and waiting.
    static long busyMs() throws IOException {
        try (var lines = Files.lines(ROOT.resolve("stat"))) {
            return busyMs(lines.findFirst().orElseThrow());
        }
    }

    static long busyMs(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        // cpu user nice system idle iowait irq softirq steal
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * MS_PER_TICK;
    }

    /// What a process has in memory. Of a native image, most is its file, mapped.
    ///
    /// @param bytes all pages that are there
    /// @param anonymousBytes of them, those with no file behind them: nobody shares them, and they
    ///   cannot be dropped and read again
    record Resident(long bytes, long anonymousBytes) {

        private static final double MEBI = 1 << 20;

        static Resident of(long pid) throws IOException {
            return parse(Files.readAllLines(ROOT.resolve(pid + "/smaps_rollup")));
        }

        static Resident parse(List<String> lines) {
            return new Resident(bytes(lines, "Rss:"), bytes(lines, "Anonymous:"));
        }

        double mebibytes() {
            return bytes / MEBI;
        }

        double anonymousMebibytes() {
            return anonymousBytes / MEBI;
        }

        private static long bytes(List<String> lines, String key) {
            return lines.stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Optional<Stat> stat(long pid) {
        return read(ROOT.resolve(pid + "/stat"));
    }

    /// The threads' CPU time in ms by `name/tid`.
    static Map<String, Long> threadsMs(long pid) {
        var threads = new HashMap<String, Long>();
        for (String tid : numbered(ROOT.resolve(pid + "/task"))) {
            read(ROOT.resolve(pid + "/task/" + tid + "/stat"))
                    .ifPresent(stat -> threads.put(stat.name() + "/" + tid, stat.ownMs()));
        }
        return threads;
    }

    /// A process and all that descend from it, by process id.
    static Map<Long, Stat> tree(long pid) {
        var all = new HashMap<Long, Stat>();
        for (String number : numbered(ROOT)) {
            long one = Long.parseLong(number);
            stat(one).ifPresent(stat -> all.put(one, stat));
        }
        var tree = new LinkedHashMap<Long, Stat>();
        var next = new ArrayList<>(List.of(pid));
        while (!next.isEmpty()) {
            long one = next.removeLast();
            Stat stat = all.get(one);
            if (stat != null && tree.put(one, stat) == null) {
                all.forEach((child, of) -> {
                    if (of.parent() == one) {
                        next.add(child);
                    }
                });
            }
        }
        return tree;
    }

    /// How a process calls itself: PostgreSQL's tell there what they are.
    static String title(long pid) {
        try {
            return Files.readString(ROOT.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }

    static String line(String file, String key) {
        try (var lines = Files.lines(ROOT.resolve(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static Optional<Stat> read(Path file) {
        try {
            return Optional.of(Stat.parse(Files.readString(file, StandardCharsets.ISO_8859_1)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static List<String> numbered(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }
}
