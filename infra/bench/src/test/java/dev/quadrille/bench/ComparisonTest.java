package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.local.Flavour;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final Comparison READY =
            new Comparison(
                    "order",
                    "ready, ms",
                    Map.of(
                            Flavour.AOT, List.of(600.0, 500.0, 900.0),
                            Flavour.JVM, List.of(2000.0, 2400.0, 1900.0)));

    @Test
    void aFlavourIsComparedWithThePlainJvmByTheMedians() {
        assertThat(READY.summaries())
                .containsExactly(
                        new Comparison.Summary(
                                "order",
                                "ready, ms",
                                Flavour.JVM,
                                2000,
                                2400,
                                1900,
                                2400,
                                3,
                                Optional.empty()),
                        new Comparison.Summary(
                                "order",
                                "ready, ms",
                                Flavour.AOT,
                                600,
                                900,
                                500,
                                900,
                                3,
                                Optional.of(0.3)));
    }

    @Test
    void whereThePlainJvmWasNotMeasuredNothingIsComparedWithIt() {
        var alone = new Comparison("order", "ready, ms", Map.of(Flavour.NATIVE, List.of(40.0)));

        assertThat(alone.summaries())
                .singleElement()
                .satisfies(summary -> assertThat(summary.ofJvm()).isEmpty());
    }

    @Test
    void theTableNamesAFigureOnce() {
        var lines = Comparison.table("order", List.of(READY)).lines();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("order").endsWith("of jvm");
        assertThat(lines.get(1)).startsWith("ready, ms").contains("jvm", "2,000").endsWith("3");
        assertThat(lines.get(2)).startsWith("         ").contains("aot", "600").endsWith("0.30");
    }
}
