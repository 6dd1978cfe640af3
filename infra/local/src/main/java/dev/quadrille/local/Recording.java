package dev.quadrille.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Records the services' AOT caches: a stack of its own runs while orders end in every way, and
/// each service writes down as it ends what it had loaded and linked for that.
final class Recording {

    private static final Duration WRITE_AT_MOST = Duration.ofMinutes(6);
    private static final long POLL_MS = 100;
    private static final long MEGABYTE = 1_000_000;

    private Recording() {}

    /// @return the exit code: 0 if every service has its cache
    static int run(Command.Recording wish, Settings settings, Console console)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        var home = new Home(settings.home().folder().resolve("recording"));
        Path root = settings.root();
        console.line(
                "Recording AOT caches while orders run, once for each build (--no-aot leaves it"
                        + " out). Logs: "
                        + home.logs());
        for (var service : Part.services().toList()) {
            Files.deleteIfExists(Flavour.cache(root, service.title()));
        }
        var up = wish.up(ProcessHandle.current().pid());
        int started =
                Detached.start(
                        up, environment(home, settings), home, settings.startTimeout(), console);
        var stack = StackState.read(home.folder());
        if (started != 0 || stack.isEmpty()) {
            return started == 0 ? 1 : started;
        }
        console.line("Orders run.");
        int wrong = Demo.exercise(stack.get(), Console.of(home.logs().resolve("orders.log")));
        if (wrong > 0) {
            // It is what the demo is there to show; a cache it is nevertheless.
            console.line(wrong + " of them ended otherwise than they should.");
        }
        console.line("The services write their caches, which takes about half a minute.");
        stack.get().launcher().kill(false);
        var missing = awaitCaches(stack.get(), root, console);
        stack.get().launcher().awaitEnd(WRITE_AT_MOST);
        stack.get().guardian().awaitEnd(WRITE_AT_MOST);
        if (!missing.isEmpty()) {
            console.fault(
                    "There is no AOT cache of %s. Logs: %s"
                            .formatted(String.join(", ", missing), home.logs()));
            return 1;
        }
        Folders.delete(home.folder());
        console.line(
                "Recorded in %s."
                        .formatted(Console.seconds(Duration.ofNanos(System.nanoTime() - begun))));
        console.line("");
        return 0;
    }

    /// Nobody's ports: the user's own stack may be up.
    private static Map<String, String> environment(Home home, Settings settings) {
        var environment = new HashMap<String, String>();
        for (Port port : Port.values()) {
            environment.put(port.variable(), "");
        }
        environment.put("QUADRILLE_HOME", home.folder().toString());
        environment.put("QUADRILLE_CACHE", settings.cache().toString());
        environment.put("QUADRILLE_ROOT", settings.root().toString());
        return environment;
    }

    /// Says of each as soon as it is there.
    ///
    /// @return the services that have none when the stack has ended
    private static List<String> awaitCaches(StackState stack, Path root, Console console)
            throws IOException, InterruptedException {
        var missing = new ArrayList<>(Part.services().map(Part::title).toList());
        boolean ended = false;
        while (!missing.isEmpty() && !ended) {
            ended = stack.launcher().awaitEnd(Duration.ofMillis(POLL_MS));
            for (var service : List.copyOf(missing)) {
                Path cache = Flavour.cache(root, service);
                if (isWhole(cache)) {
                    missing.remove(service);
                    console.line("  %-16s %d MB".formatted(service, Files.size(cache) / MEGABYTE));
                }
            }
        }
        return missing;
    }

    /// The JVM deletes what it has collected once it has made the cache of it.
    private static boolean isWhole(Path cache) {
        return Files.exists(cache)
                && Files.notExists(cache.resolveSibling(cache.getFileName() + ".config"));
    }
}
