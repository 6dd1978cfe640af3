package dev.quadrille.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// How a service's process is started on the local stack: what a person would have to type.
///
/// @param environment what it finds in its environment beside this process's
/// @param needed a file without which it cannot start
public record ServiceStart(
        List<String> command, Map<String, String> environment, Path folder, Path needed) {

    static final String PROVIDER_KEY = "sk_test_quadrille";
    static final String WEBHOOK_SECRET = "whsec_quadrille";

    private static final int HEAP_MEGABYTES = 128;

    /// A cache is taken only by a JVM that has this as the one had that wrote it.
    private static final List<String> LEAN = List.of("-XX:+UseCompactObjectHeaders");

    /// JDK 25 warns at each start that it finds an adapter of its own under another name.
    private static final List<String> QUIET =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching");

    private static final Pattern REJECTED =
            Pattern.compile("\\[[^]]*]\\[(warning|error) *]\\[aot *]");

    /// For who starts services of his own on a stack that runs.
    ///
    /// @param service its name
    /// @param environment as of `./run.sh`: the ports of the stack's parts and of the service
    /// @throws IllegalArgumentException if there is no such service, or the environment is not fit
    public static ServiceStart of(
            String service, Flavour flavour, Map<String, String> environment, Path root) {
        var part =
                Part.titled(service)
                        .filter(Part::isService)
                        .orElseThrow(() ->
                                new IllegalArgumentException("There is no service " + service));
        return switch (Settings.from(environment, root)) {
            case Parsed.Good(var settings) -> of(Instance.first(part), flavour, settings);
            case Parsed.Wrong(var line) -> throw new IllegalArgumentException(line);
        };
    }

    static ServiceStart of(Instance instance, Flavour flavour, Settings settings) {
        Path root = settings.root();
        String name = instance.part().title();
        Path jar = root.resolve("services/" + name + "/target/quarkus-app/quarkus-run.jar");
        Path needed = flavour.artefact(root, name).orElse(jar);
        var command = new ArrayList<String>();
        switch (flavour) {
            case JVM, AOT -> {
                command.addAll(Program.java(HEAP_MEGABYTES, LEAN));
                if (flavour == Flavour.AOT) {
                    command.add("-XX:AOTCache=" + needed);
                    command.addAll(QUIET);
                } else if (settings.records()) {
                    command.add("-XX:AOTCacheOutput=" + Flavour.cache(root, name));
                }
                command.addAll(settings.javaOptions(instance.part()));
                command.addAll(List.of("-jar", jar.toString()));
            }
            case NATIVE -> command.add(needed.toString());
        }
        return new ServiceStart(
                List.copyOf(command),
                Map.copyOf(environmentOf(instance, settings)),
                settings.root(),
                needed);
    }

    /// Why a JVM does not use its AOT cache: it says so in its log, and starts without. Of two
    /// lines, the second tells more.
    ///
    /// @return empty if it has not said anything of the kind
    public static String rejection(List<String> log) {
        var lines =
                log.stream()
                        .dropWhile(line -> !REJECTED.matcher(line).lookingAt())
                        .limit(2)
                        .toList();
        if (lines.isEmpty()) {
            return "";
        }
        return lines.stream()
                .filter(line -> line.startsWith("[  "))
                .findFirst()
                .orElse(lines.getFirst())
                .replaceFirst("^(\\[[^]]*])+", "")
                .strip();
    }

    private static Map<String, String> environmentOf(Instance instance, Settings settings) {
        String name = instance.part().title();
        int postgres = settings.port(Port.POSTGRES);
        var environment = new HashMap<>(Program.SMALL);
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(settings.port(instance)));
        environment.put(
                "QUARKUS_DATASOURCE_REACTIVE_URL",
                "postgresql://localhost:%d/%s".formatted(postgres, name));
        environment.put("QUARKUS_DATASOURCE_USERNAME", name);
        environment.put("QUARKUS_DATASOURCE_PASSWORD", name);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:" + settings.port(Port.KAFKA));
        environment.put("QUADRILLE_TOPIC_PREFIX", settings.topicPrefix());
        if (settings.textLogs()) {
            environment.put(Settings.JSON_LOGS, "false");
        }
        switch (instance.part()) {
            case PAYMENT -> {
                environment.put(
                        "QUADRILLE_PAYMENT_PROVIDER_URL",
                        "http://localhost:" + settings.port(Port.SANDBOX));
                environment.put("QUADRILLE_PAYMENT_PROVIDER_KEY", PROVIDER_KEY);
                environment.put("QUADRILLE_PAYMENT_PROVIDER_WEBHOOK_SECRET", WEBHOOK_SECRET);
            }
            case NOTIFICATION -> {
                environment.put("QUARKUS_MAILER_HOST", "localhost");
                environment.put("QUARKUS_MAILER_PORT", Integer.toString(settings.port(Port.SMTP)));
                // Here, who wants to be called runs on the same machine.
                environment.put("QUADRILLE_NOTIFICATION_WEBHOOK_ALLOW_PRIVATE_ADDRESSES", "true");
            }
            case POSTGRES, KAFKA, MAIL, PAYMENT_SANDBOX, ORDER, INVENTORY -> {}
        }
        return environment;
    }
}
