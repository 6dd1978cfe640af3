package dev.quadrille.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Shows the processes' log files.
final class Logs {

    private static final int TAIL_LINES = 20;
    private static final long POLL_MS = 200;
    private static final int CHUNK_BYTES = 1 << 16;

    private Logs() {}

    /// One of them: its whole log. All of them: the last lines of each. Followed, either goes on
    /// until somebody ends it.
    static int print(Home home, Optional<Instance> instance, boolean follow, Console console)
            throws IOException, InterruptedException {
        List<Path> files =
                instance
                        .map(one -> List.of(home.log(one)))
                        .orElseGet(() -> {
                            var all = new ArrayList<Path>();
                            all.add(home.launcherLog());
                            Instance.all().map(home::log).forEach(all::add);
                            return all;
                        })
                        .stream()
                        .filter(Files::exists)
                        .toList();
        if (files.isEmpty()) {
            console.fault("There is no log in " + home.logs() + " yet.");
            return 1;
        }
        if (follow) {
            follow(files, console);
        }
        for (Path file : files) {
            if (instance.isPresent()) {
                console.text(Files.readString(file));
            } else {
                console.line("==> " + file + " <==");
                lastLinesOf(file).forEach(console::line);
                console.line("");
            }
        }
        return 0;
    }

    /// Without an end: the person's Ctrl-C is the end.
    private static void follow(List<Path> files, Console console)
            throws IOException, InterruptedException {
        var followed = new ArrayList<Followed>();
        for (Path file : files) {
            String prefix =
                    files.size() == 1
                            ? ""
                            : "%-16s| "
                                    .formatted(file.getFileName().toString().replace(".log", ""));
            lastLinesOf(file).forEach(line -> console.line(prefix + line));
            followed.add(new Followed(file, prefix, Files.size(file)));
        }
        while (true) {
            for (Followed file : followed) {
                file.printNew(console);
            }
            Thread.sleep(POLL_MS);
        }
    }

    private static List<String> lastLinesOf(Path file) {
        List<String> lines = new LogFile(file).tail();
        return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    }

    private static final class Followed {
        private final Path path;
        private final String prefix;
        private long seen;
        private String rest = "";

        Followed(Path path, String prefix, long seen) {
            this.path = path;
            this.prefix = prefix;
            this.seen = seen;
        }

        void printNew(Console console) throws IOException {
            if (!Files.exists(path)) {
                return;
            }
            try (var file = new RandomAccessFile(path.toFile(), "r")) {
                if (file.length() < seen) {
                    // Cut, or begun anew.
                    seen = 0;
                }
                while (file.length() > seen) {
                    byte[] more = new byte[(int) Math.min(CHUNK_BYTES, file.length() - seen)];
                    file.seek(seen);
                    file.readFully(more);
                    seen += more.length;
                    print(new String(more, StandardCharsets.UTF_8), console);
                }
            }
        }

        private void print(String text, Console console) {
            String all = rest + text;
            int end = all.lastIndexOf('\n') + 1;
            all.substring(0, end).lines().forEach(line -> console.line(prefix + line));
            rest = all.substring(end);
        }
    }
}
