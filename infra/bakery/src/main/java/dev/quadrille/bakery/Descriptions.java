package dev.quadrille.bakery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/// What the project's files say of its images. Nothing of it is said a second time here: how a
/// service is started stands in the configuration that the services share, where Quarkus' own image
/// build finds it too.
final class Descriptions {

    private static final String SHARED =
            "services/chassis/src/main/resources/META-INF/microprofile-config.properties";
    private static final String ENVIRONMENT = "quarkus.jib.environment-variables.";

    private final Path root;
    private final Properties images;
    private final Properties shared;

    private Descriptions(Path root, Properties images, Properties shared) {
        this.root = root;
        this.images = images;
        this.shared = shared;
    }

    static Descriptions of(Path root) throws IOException {
        return new Descriptions(
                root,
                read(root.resolve("infra/bakery/images.properties")),
                read(root.resolve(SHARED)));
    }

    String license() {
        return wanted(images, "license");
    }

    String title(String image) {
        return wanted(images, image + ".title");
    }

    String description(String image) {
        return wanted(images, image + ".description");
    }

    /// How a service is started on the JVM: `/opt/java/bin/java`, its options, `-jar` and the jar.
    List<String> jvmEntryPoint() {
        return List.of(wanted(shared, "quarkus.jib.jvm-entrypoint").split(","));
    }

    List<String> nativeEntryPoint() {
        return List.of(wanted(shared, "quarkus.jib.native-entrypoint").split(","));
    }

    /// The options without what is started with them.
    List<String> jvmOptions() {
        return jvmEntryPoint().stream().takeWhile(argument -> !argument.equals("-jar")).toList();
    }

    String user() {
        return wanted(shared, "quarkus.jib.user");
    }

    int port(String service) throws IOException {
        var own =
                read(
                        root.resolve(
                                "services/%s/src/main/resources/application.properties"
                                        .formatted(service)));
        return Integer.parseInt(wanted(own, "quarkus.http.port"));
    }

    Optional<Integer> programPort(String program) {
        return Optional.ofNullable(images.getProperty(program + ".port")).map(Integer::valueOf);
    }

    String main(String program) {
        return wanted(images, program + ".main");
    }

    List<Path> jarFolders(String program) {
        return List.of(wanted(images, program + ".jars").split(",")).stream()
                .map(root::resolve)
                .toList();
    }

    Path sbom(String program) {
        return root.resolve(wanted(images, program + ".sbom"));
    }

    /// What every container of it finds in its environment.
    Map<String, String> environment(String image) {
        var all = new TreeMap<>(under(shared, ENVIRONMENT));
        all.putAll(under(images, image + ".environment."));
        return all;
    }

    private static Map<String, String> under(Properties properties, String prefix) {
        var found = new TreeMap<String, String>();
        for (var name : properties.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                found.put(
                        name.substring(prefix.length()).replace("\"", ""),
                        wanted(properties, name));
            }
        }
        return found;
    }

    private static Properties read(Path file) throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        return properties;
    }

    private static String wanted(Properties properties, String name) {
        var value = properties.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("There is no " + name);
        }
        return value;
    }
}
