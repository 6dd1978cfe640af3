package dev.quadrille.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// What `./run.sh bench` starts.
public final class Bench {

    private static final int WRONG_USE = 2;

    private Bench() {}

    public static void main(String[] arguments) throws InterruptedException {
        // Else the log manager, which is on the class path for the stack's parts, complains.
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        // The clients of Kafka write their whole configuration otherwise.
        Logger.getLogger("").setLevel(Level.SEVERE);
        System.exit(run(List.of(arguments), new Screen()));
    }

    private static int run(List<String> arguments, Screen screen) throws InterruptedException {
        return switch (Asked.parse(arguments)) {
            case Asked.Wrong(var line) -> {
                screen.fault(line);
                yield WRONG_USE;
            }
            case Asked.Help() -> {
                screen.line(help().stripTrailing());
                yield 0;
            }
            case Asked.Delivery wish ->
                    measure(screen, place -> new Delivery(wish, place, screen).run());
            case Asked.ColdStart wish ->
                    measure(screen, place -> new ColdStart(wish, place, screen).run());
        };
    }

    private interface Measuring {
        void at(Place place) throws Fault, InterruptedException;
    }

    private static int measure(Screen screen, Measuring measuring) throws InterruptedException {
        if (!Proc.isThere()) {
            screen.fault("The bench reads /proc, and there is none: Linux only.");
            return 1;
        }
        try {
            measuring.at(Place.of(System.getenv()));
            return 0;
        } catch (Fault fault) {
            screen.fault(fault.line());
            return 1;
        }
    }

    private static String help() {
        try (InputStream in = Bench.class.getResourceAsStream("help.txt")) {
            if (in == null) {
                throw new IllegalStateException("help.txt is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
