package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.local.Flavour;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final List<String> screen = new ArrayList<>();
    private final Failures failures = new Failures(screen::add);

    @Test
    void whatFailsThreeTimesIsBroken() {
        fail("order", 2);

        assertThat(failures.isBroken("order", Flavour.NATIVE)).isFalse();

        fail("order", 1);

        assertThat(failures.isBroken("order", Flavour.NATIVE)).isTrue();
        assertThat(screen).hasSize(4).last().asString().contains("order as native is left out");
    }

    @Test
    void oneFlavourOfOneServiceDoesNotCostTheOthersTheirFigures() {
        fail("order", 3);

        assertThat(failures.isBroken("order", Flavour.JVM)).isFalse();
        assertThat(failures.isBroken("payment", Flavour.NATIVE)).isFalse();
    }

    @Test
    void eachFailureIsTold() {
        fail("order", 1);

        assertThat(failures.lines()).containsExactly("start 5 of order as native failed: no luck");
        assertThat(screen).containsExactly("  NOTE: start 5 of order as native failed: no luck");
    }

    private void fail(String service, int times) {
        for (int i = 0; i < times; i++) {
            failures.note(service, Flavour.NATIVE, 4, new Fault("no luck"));
        }
    }
}
