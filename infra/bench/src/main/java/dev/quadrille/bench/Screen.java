package dev.quadrille.bench;

import java.io.PrintStream;

/// The one place that writes to people.
final class Screen {

    private static final long BETWEEN_LINES_NANOS = 5_000_000_000L;
    private static final int WIDTH = 78;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final boolean terminal = isTerminal();
    private long shownAtNanos = System.nanoTime();
    private boolean open;

    synchronized void line(String line) {
        wipe();
        out.println(line);
        out.flush();
        shownAtNanos = System.nanoTime();
    }

    synchronized void fault(String line) {
        wipe();
        err.println(line);
        err.flush();
    }

    /// How far it is: over and over in one line of a terminal, every 5 s elsewhere.
    synchronized void progress(String what, long done, long all) {
        long now = System.nanoTime();
        String line = "    %s: %,d of %,d".formatted(what, done, all);
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())));
            open = true;
        } else if (now - shownAtNanos > BETWEEN_LINES_NANOS) {
            out.println(line);
            shownAtNanos = now;
        }
        out.flush();
    }

    /// Error Prone believes the documentation, but without a terminal JDK 25 gives null.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private void wipe() {
        if (open) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            open = false;
        }
    }
}
