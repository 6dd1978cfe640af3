package dev.quadrille.deployment.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.deployment.observability.Mutant.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {

    private static final Pattern HEADING = Pattern.compile("(?m)^## (.+)$");
    private static final String RUNBOOK = "infra/observability/RUNBOOK.md";

    static List<Path> rules() {
        return Observability.files("rules", ".yml");
    }

    static List<Path> tests() {
        return Observability.files("rules/tests", ".yml");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rulesAreWellFormed(Path rules) {
        var verdict = Promtool.run(rules.getParent(), "check", "rules", rules.toString());

        assertThat(verdict.exitCode()).as(verdict.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void alertsFireWhenTheyShouldAndAreSilentWhenTheyShouldBe(Path tests) {
        var verdict = Promtool.run(tests.getParent(), "test", "rules", tests.toString());

        assertThat(verdict.exitCode()).as(verdict.output()).isZero();
    }

    /// All alerts of all files are broken at once, since none of them depends on another; the cases
    /// of each have to notice.
    @ParameterizedTest
    @EnumSource(Kind.class)
    void alertThatIsBrokenOnPurposeIsNoticed(Kind kind, @TempDir Path copy) {
        var mutants = Mutant.all(kind, rules());
        assertThat(mutants).as("something to break").isNotEmpty();

        var survivors = Mutant.survivors(mutants, rules(), tests(), copy);

        assertThat(survivors)
                .as("alerts that may be broken like this and nobody notices")
                .isEmpty();
    }

    @Test
    void everyAlertSaysWhatItMeansAndWhatToDo() {
        assertThat(alerts())
                .isNotEmpty()
                .allSatisfy(alert -> {
                    var annotations = alert.path("annotations");
                    assertThat(alert.at("/labels/severity").asText()).isIn("page", "ticket");
                    assertThat(annotations.path("summary").asText())
                            .isNotBlank()
                            .doesNotEndWith(".");
                    assertThat(annotations.path("description").asText().strip()).endsWith(".");
                    assertThat(annotations.path("runbook_url").asText())
                            .isEqualTo(RUNBOOK + "#" + anchor(alert.path("alert").asText()));
                });
    }

    @Test
    void everyAlertHasItsPageInTheRunbookAndEveryPageItsAlert() {
        var headings = new TreeSet<String>();
        HEADING.matcher(Observability.text(Observability.root().resolve(RUNBOOK)))
                .results()
                .forEach(heading -> headings.add(heading.group(1)));

        assertThat(headings).isEqualTo(names());
    }

    @Test
    void noAlertAddsUpWhatBelongsToSeveralNamespaces() {
        assertThat(alerts())
                .filteredOn(alert -> !alert.path("alert").asText().equals("ServiceIsGone"))
                .allSatisfy(alert -> {
                    var expression = alert.path("expr").asText();
                    assertThat(expression.contains("sum(") || expression.contains("max("))
                            .as("%s drops the namespace", alert.path("alert"))
                            .isFalse();
                });
    }

    private static Set<String> names() {
        var names = new TreeSet<String>();
        alerts().forEach(alert -> names.add(alert.path("alert").asText()));
        return names;
    }

    /// As the usual renderers of Markdown make it of a heading.
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT);
    }

    private static List<JsonNode> alerts() {
        return rules().stream()
                .map(Observability::yaml)
                .flatMap(RulesTest::rulesOf)
                .filter(rule -> rule.has("alert"))
                .toList();
    }

    private static Stream<JsonNode> rulesOf(JsonNode file) {
        return StreamSupport.stream(file.path("groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false));
    }
}
