package dev.quadrille.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// What came of a job.
record Ran(int code, List<String> out, List<String> err) {

    static Ran of(Map<String, String> environment, String... arguments)
            throws InterruptedException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code =
                Jobs.run(
                        List.of(arguments),
                        environment,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8));
        return new Ran(code, lines(out), lines(err));
    }

    private static List<String> lines(ByteArrayOutputStream said) {
        return said.toString(UTF_8).lines().toList();
    }
}
