package dev.quadrille.jobs;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.Topic;
import dev.quadrille.migrations.Database;
import dev.quadrille.topics.Topics;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the environment says: to a job the same as to the service it works for. What is set to
/// nothing counts as not set, which is how a compose file leaves a variable out.
record Environment(Map<String, String> variables) {

    private static final String DATABASE = "QUARKUS_DATASOURCE_REACTIVE_URL";
    private static final String KAFKA = "KAFKA_";
    private static final int MAX_PARTITIONS = 100;
    private static final int MAX_REPLICAS = 10;

    Environment {
        variables = Map.copyOf(variables);
    }

    Database database() throws Unfit {
        // Quarkus takes both forms.
        var url = text(DATABASE).orElse("").replaceFirst("^vertx-reactive:", "");
        if (!url.startsWith("postgresql://")) {
            throw new Unfit(
                    DATABASE
                            + " must be set, as it is for the service:"
                            + " postgresql://host:port/name.");
        }
        return new Database(
                "jdbc:" + url,
                text("QUARKUS_DATASOURCE_USERNAME").orElse(""),
                text("QUARKUS_DATASOURCE_PASSWORD").orElse(""));
    }

    Topics topics() throws Unfit {
        var prefix = text("QUADRILLE_TOPIC_PREFIX").orElse("");
        if (!prefix.matches("[a-zA-Z0-9._-]{0,100}")) {
            throw new Unfit(
                    "QUADRILLE_TOPIC_PREFIX is '%s', but a topic's name has only letters, digits, '.', '_' and '-'."
                            .formatted(prefix));
        }
        return new Topics(
                number("QUADRILLE_PARTITIONS", MAX_PARTITIONS).orElse(Topic.DEFAULT_PARTITIONS),
                number("QUADRILLE_REPLICATION_FACTOR", MAX_REPLICAS).map(Integer::shortValue),
                prefix);
    }

    /// The settings of Kafka's clients, as the services' libraries take them from the environment.
    Map<String, String> kafka() throws Unfit {
        var all =
                variables.entrySet().stream()
                        .filter(variable -> variable.getKey().startsWith(KAFKA))
                        .filter(variable -> !variable.getValue().isBlank())
                        .collect(
                                toMap(
                                        variable ->
                                                variable.getKey()
                                                        .substring(KAFKA.length())
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '.'),
                                        Map.Entry::getValue));
        if (!all.containsKey("bootstrap.servers")) {
            throw new Unfit(
                    "KAFKA_BOOTSTRAP_SERVERS must be set: host:port, or several with commas.");
        }
        return all;
    }

    URI url(String name) throws Unfit {
        var text =
                text(name).orElseThrow(() -> new Unfit(name + " must be set: http://host:port."));
        return AwaitingReadiness.url(text);
    }

    boolean isOn(String name) {
        return text(name)
                .map(text -> text.toLowerCase(Locale.ROOT).matches("true|1|yes|y|on"))
                .orElse(true);
    }

    Duration duration(String name, Duration otherwise) throws Unfit {
        var text = text(name);
        return text.isEmpty() ? otherwise : duration(name, text.get());
    }

    /// As Quarkus reads it: ISO 8601, or in short `14d`, `36h`, or seconds.
    static Duration duration(String name, String text) throws Unfit {
        var iso =
                text.matches("[0-9]+")
                        ? "PT" + text + "S"
                        : text.matches("[0-9]+[dD]")
                                ? "P" + text
                                : text.matches("[0-9].*") ? "PT" + text : text;
        try {
            var duration = Duration.parse(iso);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (DateTimeParseException _) {
            // Said below, as for one that is not positive.
        }
        throw new Unfit("%s is '%s', but must be a duration such as P14D.".formatted(name, text));
    }

    Optional<String> text(String name) {
        return Optional.of(variables.getOrDefault(name, "").strip())
                .filter(text -> !text.isEmpty());
    }

    private Optional<Integer> number(String name, int most) throws Unfit {
        var text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.get().matches("[1-9][0-9]{0,3}") || Integer.parseInt(text.get()) > most) {
            throw new Unfit(
                    "%s is '%s', but must be a number from 1 to %d."
                            .formatted(name, text.get(), most));
        }
        return Optional.of(Integer.valueOf(text.get()));
    }

    /// Nothing of it: there are passwords among them.
    @Override
    public String toString() {
        return "Environment";
    }
}
