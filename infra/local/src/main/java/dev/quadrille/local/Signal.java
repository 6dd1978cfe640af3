package dev.quadrille.local;

import java.io.IOException;

/// What asks a part to end in order.
enum Signal {
    TERM,
    /// PostgreSQL's fast shutdown: it sends its clients away, where TERM would wait for them.
    INT;

    /// Java itself sends only TERM and KILL.
    void send(long pid) throws IOException {
        // The shell's own kill: not every system has a program of that name.
        new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name(), Long.toString(pid)).start();
    }
}
