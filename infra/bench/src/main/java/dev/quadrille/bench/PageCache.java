package dev.quadrille.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What Linux keeps of files in memory.
final class PageCache {

    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
    private static final String FILES = "1";

    private PageCache() {}

    /// @return why it cannot be dropped here; empty if it can
    static Optional<String> whyNot() {
        try {
            Files.writeString(DROP, FILES);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("%s cannot be written (%s)".formatted(DROP, e));
        }
    }

    /// Drops all that is not written to, or mapped by a process that runs: of PostgreSQL and Kafka
    /// too.
    static void drop() throws Fault, InterruptedException {
        try {
            new ProcessBuilder("sync").inheritIO().start().waitFor();
            Files.writeString(DROP, FILES);
        } catch (IOException e) {
            throw new Fault("The page cache cannot be dropped: " + e);
        }
    }
}
