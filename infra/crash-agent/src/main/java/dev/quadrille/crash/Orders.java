package dev.quadrille.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the test has ordered. Called by code that the agent has put into the service.
public final class Orders {

    private static final String STOP = ".stop";
    private static final int KILLED = 137;
    private static final int KILL_AT_MOST_SECONDS = 5;

    private static volatile @Nullable Path folder;

    private Orders() {}

    static void lieIn(Path newFolder) {
        folder = newFolder;
    }

    /// Dies here, or stands still, if that was ordered. Of several threads that come here at once,
    /// the one that has taken the order away carries it out; a file can be deleted once.
    public static void reach(String point) {
        var orders = folder;
        if (orders == null) {
            return;
        }
        if (takes(orders.resolve(point))) {
            signal("KILL");
            // There may be no program `kill`, or no memory to start it with.
            Runtime.getRuntime().halt(KILLED);
        }
        if (takes(orders.resolve(point + STOP))) {
            signal("STOP");
        }
    }

    private static boolean takes(Path order) {
        try {
            return Files.deleteIfExists(order);
        } catch (IOException e) {
            System.err.println("crash agent: " + e);
            return false;
        }
    }

    private static void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor(KILL_AT_MOST_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            System.err.println("crash agent: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
