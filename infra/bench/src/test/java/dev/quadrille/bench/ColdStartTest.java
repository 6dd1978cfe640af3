package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.local.Flavour;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColdStartTest {

    @Test
    void whatIsNotBuiltIsNamedWithItsRemedy() {
        var built =
                Map.of(
                        Candidate.ORDER, List.of(Flavour.JVM, Flavour.AOT),
                        Candidate.PAYMENT, List.of(Flavour.JVM));

        var lines = ColdStart.missing(built, EnumSet.allOf(Flavour.class));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("Not measured as aot: payment.").contains("./run.sh");
        assertThat(lines.get(1))
                .startsWith("Not measured as native: ")
                .contains("order", "payment", "./native-build.sh");
    }

    @Test
    void whatNobodyAskedForIsNotMissed() {
        var built = Map.of(Candidate.ORDER, List.of(Flavour.JVM));

        assertThat(ColdStart.missing(built, Set.of(Flavour.JVM))).isEmpty();
    }
}
