package dev.quadrille.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// A TCP port for a server that a test starts, perhaps more than once.
///
/// One that the system gives out itself is none for that: while the server is down, an outgoing
/// connection may come to sit on it.
public final class FreePort {

    /// Above what the launcher takes, and below what the systems give to outgoing connections.
    private static final int FROM = 30_000;

    private static final int TO = 32_768;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /// @return a port on which nobody listens
    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FROM, TO);
            try (var _ = new ServerSocket(port)) {
                return port;
            } catch (IOException taken) {
                // The next one, then.
            }
        }
        throw new IllegalStateException("no free port between " + FROM + " and " + TO);
    }
}
