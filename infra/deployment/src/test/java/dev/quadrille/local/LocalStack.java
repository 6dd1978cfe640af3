package dev.quadrille.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// What `./run.sh` gives to its parts unless somebody says otherwise, for tests that compare it
/// with what others give them.
public final class LocalStack {

    private final Settings settings;

    public LocalStack(Path root) {
        this.settings =
                switch (Settings.from(Map.of(), root)) {
                    case Parsed.Good(var good) -> good;
                    case Parsed.Wrong(var line) -> throw new IllegalStateException(line);
                };
    }

    /// By the variable that sets another.
    public Map<String, Integer> ports() {
        return Arrays.stream(Port.values())
                .collect(Collectors.toMap(Port::variable, Port::standard));
    }

    /// What a service finds in its environment.
    public Map<String, String> environment(String service) {
        return ServiceStart.of(service, Flavour.JVM, Map.of(), settings.root()).environment();
    }

    public Map<String, String> sandboxEnvironment() {
        return JavaProgram.paymentSandbox(settings).environment();
    }

    public Map<String, String> broker() {
        return new Kafka(settings).configuration();
    }

    public Map<String, String> database() {
        return new Postgres(settings).configuration();
    }

    public static String serviceHealth() {
        return Service.HEALTH;
    }

    public static String sandboxHealth() {
        return JavaProgram.SANDBOX_HEALTH;
    }
}
