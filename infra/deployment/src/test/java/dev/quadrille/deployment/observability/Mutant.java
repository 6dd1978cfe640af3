package dev.quadrille.deployment.observability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// An alert that was broken on purpose.
///
/// @param file of the rules, its name
/// @param rule its place among the alerts of the file
/// @param labels what is firing is known by: the alert's name and what it always bears
record Mutant(
        String file, int rule, List<String> labels, String expression, @Nullable String pending) {

    /// A number that something is compared with.
    private static final Pattern COMPARISON = Pattern.compile("(>=|==|>)(\\s*)(\\d+(?:\\.\\d+)?)");

    private static final Pattern MINUTES_OR_HOURS = Pattern.compile("(\\d+)([mh])");
    private static final Pattern EXPECTED = Pattern.compile("(?m)^ +exp: (.*)\\R +got: (.*)$");
    private static final Pattern SAMPLE = Pattern.compile("\\{[^}]*}");
    private static final BigDecimal MORE = new BigDecimal("1.5");
    private static final BigDecimal LESS = new BigDecimal("0.6");

    /// The ways to break an alert. Those that name a comparison leave alone what has none there.
    enum Kind {
        NEVER,
        FIRST_THRESHOLD_RAISED,
        FIRST_THRESHOLD_LOWERED,
        SECOND_THRESHOLD_RAISED,
        SECOND_THRESHOLD_LOWERED,
        THIRD_THRESHOLD_RAISED,
        THIRD_THRESHOLD_LOWERED,
        WITHOUT_WAITING,
        WAITING_TWICE_AS_LONG
    }

    static List<Mutant> all(Kind kind, List<Path> rules) {
        return rules.stream().flatMap(file -> of(kind, file).stream()).toList();
    }

    /// Those that no test has noticed.
    ///
    /// @param copy an empty folder
    static List<Mutant> survivors(
            List<Mutant> mutants, List<Path> rules, List<Path> tests, Path copy) {
        var broken = mutants.stream().map(Mutant::file).collect(Collectors.toSet());
        try {
            for (var file : rules) {
                Files.writeString(
                        copy.resolve(file.getFileName()),
                        Observability.YAML.writeValueAsString(withMutants(mutants, file)));
            }
            var differences = new HashSet<String>();
            var folder = Files.createDirectory(copy.resolve("tests"));
            for (var test : tests) {
                var itsRules =
                        Path.of(Observability.yaml(test).at("/rule_files/0").asText())
                                .getFileName()
                                .toString();
                if (broken.contains(itsRules)) {
                    var itsCopy = Files.copy(test, folder.resolve(test.getFileName()));
                    var verdict = Promtool.run(folder, "test", "rules", itsCopy.toString());
                    differences.addAll(differences(verdict.output()));
                }
            }
            return mutants.stream().filter(mutant -> !mutant.isAmong(differences)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Mutant> of(Kind kind, Path file) {
        var mutants = new ArrayList<Mutant>();
        var alerts = alerts(Observability.yaml(file));
        for (int i = 0; i < alerts.size(); i++) {
            int place = i;
            of(kind, file.getFileName().toString(), place, alerts.get(place))
                    .ifPresent(mutants::add);
        }
        return mutants;
    }

    private static Optional<Mutant> of(Kind kind, String file, int place, JsonNode alert) {
        var expression = alert.path("expr").asText();
        var pending = alert.has("for") ? alert.path("for").asText() : null;
        var labels = new ArrayList<String>();
        labels.add("alertname=\"" + alert.path("alert").asText() + "\"");
        alert.path("labels")
                .properties()
                .forEach(label ->
                        labels.add(label.getKey() + "=\"" + label.getValue().asText() + "\""));
        return switch (kind) {
            case NEVER -> Optional.of(new Mutant(file, place, labels, "vector(0) > 1", pending));
            case FIRST_THRESHOLD_RAISED, SECOND_THRESHOLD_RAISED, THIRD_THRESHOLD_RAISED ->
                    compared(expression, comparison(kind), true)
                            .map(other -> new Mutant(file, place, labels, other, pending));
            case FIRST_THRESHOLD_LOWERED, SECOND_THRESHOLD_LOWERED, THIRD_THRESHOLD_LOWERED ->
                    compared(expression, comparison(kind), false)
                            .map(other -> new Mutant(file, place, labels, other, pending));
            case WITHOUT_WAITING ->
                    Optional.ofNullable(pending)
                            .map(_ -> new Mutant(file, place, labels, expression, "0s"));
            case WAITING_TWICE_AS_LONG ->
                    Optional.ofNullable(pending)
                            .map(now -> new Mutant(file, place, labels, expression, twice(now)));
        };
    }

    private static int comparison(Kind kind) {
        return switch (kind) {
            case FIRST_THRESHOLD_RAISED, FIRST_THRESHOLD_LOWERED -> 0;
            case SECOND_THRESHOLD_RAISED, SECOND_THRESHOLD_LOWERED -> 1;
            case THIRD_THRESHOLD_RAISED, THIRD_THRESHOLD_LOWERED -> 2;
            case NEVER, WITHOUT_WAITING, WAITING_TWICE_AS_LONG ->
                    throw new IllegalArgumentException("" + kind);
        };
    }

    /// What is compared for being equal, or for being a number at all, is broken one way only.
    private static Optional<String> compared(String expression, int which, boolean raised) {
        var found = COMPARISON.matcher(expression).results().toList();
        if (found.size() <= which) {
            return Optional.empty();
        }
        var comparison = found.get(which);
        return comparison.group(1).equals(">") || raised
                ? Optional.of(
                        expression.substring(0, comparison.start())
                                + broken(comparison, raised)
                                + expression.substring(comparison.end()))
                : Optional.empty();
    }

    private static String broken(MatchResult comparison, boolean raised) {
        var number = new BigDecimal(comparison.group(3));
        return switch (comparison.group(1)) {
            case "==" -> "!= " + number;
            case ">=" -> "< " + number;
            default -> {
                if (number.signum() == 0) {
                    yield raised ? "> 1e9" : "> -1";
                }
                yield "> " + number.multiply(raised ? MORE : LESS).toPlainString();
            }
        };
    }

    private static String twice(String pending) {
        var parts = MINUTES_OR_HOURS.matcher(pending);
        if (!parts.matches()) {
            throw new IllegalArgumentException(pending + " is neither minutes nor hours");
        }
        return 2 * Integer.parseInt(parts.group(1)) + parts.group(2);
    }

    private static JsonNode withMutants(List<Mutant> mutants, Path file) {
        var rules = Observability.yaml(file);
        var alerts = alerts(rules);
        for (var mutant : mutants) {
            if (mutant.file.equals(file.getFileName().toString())) {
                var alert = alerts.get(mutant.rule);
                alert.put("expr", mutant.expression);
                if (mutant.pending != null) {
                    alert.put("for", mutant.pending);
                }
            }
        }
        return rules;
    }

    private static List<ObjectNode> alerts(JsonNode file) {
        return StreamSupport.stream(file.path("groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                .filter(rule -> rule.has("alert"))
                .map(ObjectNode.class::cast)
                .toList();
    }

    /// What fires and should not, and what should and does not.
    private static Set<String> differences(String output) {
        var differences = new HashSet<String>();
        EXPECTED.matcher(output)
                .results()
                .forEach(check -> {
                    var expected = samples(check.group(1));
                    var got = samples(check.group(2));
                    expected.stream()
                            .filter(sample -> !got.contains(sample))
                            .forEach(differences::add);
                    got.stream()
                            .filter(sample -> !expected.contains(sample))
                            .forEach(differences::add);
                });
        return differences;
    }

    private static Set<String> samples(String list) {
        return SAMPLE.matcher(list).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private boolean isAmong(Set<String> differences) {
        return differences.stream().anyMatch(sample -> labels.stream().allMatch(sample::contains));
    }
}
