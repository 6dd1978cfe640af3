package dev.quadrille.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The page that explains the launcher; run.sh shows the same file where nothing is built yet.
final class Help {

    private Help() {}

    static int print(Console console) {
        try (InputStream in = Help.class.getResourceAsStream("help.txt")) {
            if (in == null) {
                throw new IllegalStateException("help.txt is not on the class path");
            }
            console.text(new String(in.readAllBytes(), UTF_8));
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
