package dev.quadrille.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The one place that writes to people.
final class Console {

    private final PrintStream out;
    private final PrintStream err;
    private @Nullable Path copy;

    Console() {
        this(System.out, System.err);
    }

    private Console(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /// Says nothing to anybody but the file.
    static Console of(Path file) {
        var nobody = new PrintStream(OutputStream.nullOutputStream());
        var console = new Console(nobody, nobody);
        console.copyTo(file);
        return console;
    }

    /// From now on everything goes to this file too, so that it can be read again later.
    synchronized void copyTo(Path file) {
        copy = file;
    }

    synchronized void line(String line) {
        out.println(line);
        out.flush();
        keep(line);
    }

    /// What went wrong, for people, in one line.
    synchronized void fault(String line) {
        err.println(line);
        err.flush();
        keep(line);
    }

    /// As it is, without an end of line.
    synchronized void text(String text) {
        out.print(text);
        out.flush();
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private void keep(String line) {
        if (copy == null) {
            return;
        }
        try {
            Files.writeString(
                    copy,
                    line + System.lineSeparator(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The person has seen the line; a disk that is full must not end the stack.
            copy = null;
        }
    }
}
