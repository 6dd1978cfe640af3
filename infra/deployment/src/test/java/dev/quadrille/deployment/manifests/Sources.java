package dev.quadrille.deployment.manifests;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the services' own sources say of them: a manifest that says otherwise is wrong.
final class Sources {

    static final List<String> SERVICES = List.of("order", "inventory", "payment", "notification");

    private static final Path ROOT = Path.of(System.getProperty("quadrille.root"));

    private static final Pattern MAPPING =
            Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"\\)");
    private static final Pattern MEMBER =
            Pattern.compile("(?m)^ {4}(?!default)[A-Za-z<>, ]+ ([a-z][A-Za-z]*)\\(\\);");
    private static final Pattern PROPERTY =
            Pattern.compile("@ConfigProperty\\(\\s*name = \"([^\"]+)\"");
    private static final Pattern PREFIX =
            Pattern.compile("@Path\\(\"([^\"]*)\"\\)\\s(?:[^{;]*\\s)?class ");
    private static final Pattern OPERATION =
            Pattern.compile("(?s)@(GET|POST|PUT|DELETE)\\b(.*?)\\) \\{");
    private static final Pattern PATH = Pattern.compile("@Path\\(\"([^\"]*)\"\\)");

    private Sources() {}

    static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean has(String path) {
        return Files.exists(ROOT.resolve(path));
    }

    static Properties settings(String service) {
        var settings = new Properties();
        try (var reader =
                Files.newBufferedReader(
                        ROOT.resolve(
                                "services/"
                                        + service
                                        + "/src/main/resources/application.properties"))) {
            settings.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings;
    }

    /// The topics of a setting, without the place for an installation's prefix.
    static Set<String> topics(String service, String setting) {
        return new TreeSet<>(
                List.of(
                        settings(service)
                                .getProperty(setting)
                                .replace("${quadrille.topic-prefix:}", "")
                                .split(",")));
    }

    /// What a service reads of our own settings, as environment variables.
    static Set<String> variables(String service) {
        var variables = new TreeSet<String>();
        for (var module :
                List.of("services/" + service, "services/chassis", "shared-events/delivery")) {
            for (var source : java(module)) {
                PROPERTY.matcher(source)
                        .results()
                        .map(found -> variable(found.group(1)))
                        .forEach(variables::add);
                MAPPING.matcher(source)
                        .results()
                        .forEach(mapping ->
                                MEMBER.matcher(source)
                                        .results()
                                        .map(member ->
                                                variable(
                                                        mapping.group(1)
                                                                + "."
                                                                + kebab(member.group(1))))
                                        .forEach(variables::add));
            }
        }
        return variables;
    }

    /// What a service answers: `GET /v1/orders/{id}`.
    static Set<String> operations(String service) {
        var operations = new TreeSet<String>();
        for (var module : List.of("services/" + service, "services/chassis")) {
            for (var source : java(module)) {
                var prefix = PREFIX.matcher(source);
                if (prefix.find()) {
                    OPERATION
                            .matcher(source.substring(prefix.end()))
                            .results()
                            .map(found -> operation(prefix.group(1), found))
                            .forEach(operations::add);
                }
            }
        }
        return operations;
    }

    private static String operation(String prefix, MatchResult found) {
        var path = PATH.matcher(found.group(2));
        return found.group(1) + " " + prefix + (path.find() ? path.group(1) : "");
    }

    /// As Quarkus makes the one of the other.
    static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static String kebab(String member) {
        return member.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /// All of a module's that is not test.
    static List<String> java(String module) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
            var all = new ArrayList<String>();
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
                all.add(Files.readString(file));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String allJava(String module) {
        return java(module).stream().collect(joining("\n"));
    }
}
