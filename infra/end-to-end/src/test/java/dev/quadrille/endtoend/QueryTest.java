package dev.quadrille.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.endtoend.Query.Matcher;
import dev.quadrille.endtoend.Query.Selector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTest {

    @Test
    void metricsAndTheirLabelsAreFoundAndFunctionsAreNot() {
        var query =
                Query.of(
                        """
                        histogram_quantile(0.99, sum by (le, job) (rate(took_seconds_bucket{outcome=~"a|b",ns!=""}[5m])))
                          > 14.4 * 0.001 and on (job) up
                        """);

        assertThat(query.selectors())
                .containsExactly(
                        new Selector(
                                "took_seconds_bucket",
                                List.of(
                                        new Matcher("outcome", "=~", "a|b"),
                                        new Matcher("ns", "!=", ""))),
                        new Selector("up", List.of()));
        assertThat(query.labels()).containsExactlyInAnyOrder("le", "job");
    }

    @Test
    void recordedMetricsWindowsAndOffsetsAreUnderstood() {
        var query =
                Query.of(
                        "1 - ns:failed:ratio_rate1h{ns=~\"$ns\"} unless max(x[$__rate_interval]"
                                + " offset 1h) > 1e9");

        assertThat(query.selectors())
                .extracting(Selector::metric)
                .containsExactly("ns:failed:ratio_rate1h", "x");
        assertThat(query.labels()).isEmpty();
    }

    @Test
    void whatStandsInQuotesIsNoMetric() {
        var query = Query.of("a{path=\"sum(b) } \\\" by (c)\",method=\"GET\"}");

        assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a");
        assertThat(query.selectors().getFirst().matchers())
                .extracting(Matcher::label)
                .containsExactly("path", "method");
    }

    @Test
    void labelThatIsRewrittenIsMade() {
        var query =
                Query.of(
                        "sum by (service) (label_replace(ready{a=\"1\"}, \"service\", \"$1\","
                                + " \"pod\", \"(x)-.+\") and b)");

        assertThat(query.made()).containsExactly("service");
        assertThat(query.labels()).containsExactlyInAnyOrder("service", "pod");
        assertThat(query.selectors()).extracting(Selector::metric).containsExactly("ready", "b");
    }

    @Test
    void selectorWithoutANameIsRefused() {
        assertThatThrownBy(() -> Query.of("sum({job=\"order\"})"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"=,a,true", "=,ab,false", "!=,b,true", "=~,ab?,true", "=~,a,false", "!~,ab.*,true"})
    void matcherJudgesTheWholeValue(String operator, String value, boolean matches) {
        var actual = operator.startsWith("=~") && value.equals("a") ? "ab" : "a";

        assertThat(new Matcher("l", operator, value).matches(actual)).isEqualTo(matches);
    }
}
