package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        var table = new Table("run", "per s");
        table.row(List.of("first", "12,345"));
        table.row(List.of("2", "7"));

        assertThat(table.lines())
                .containsExactly("run     per s", "first  12,345", "2           7");
    }

    @Test
    void aRowWithoutAllItsCellsIsAMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table("a", "b").row(List.of("1")));
    }

    @Test
    void aNumberHasTheDigitsThatCount() {
        assertThat(Table.number(25_123.4)).isEqualTo("25,123");
        assertThat(Table.number(100)).isEqualTo("100");
        assertThat(Table.number(42.42)).isEqualTo("42.4");
        assertThat(Table.number(4.256)).isEqualTo("4.26");
        assertThat(Table.number(0.0714)).isEqualTo("0.071");
        assertThat(Table.number(0)).isEqualTo("0");
        assertThat(Table.number(-3.5)).isEqualTo("-3.50");
    }

    @Test
    void aSpreadShowsTheMedianAndTheRange() {
        assertThat(Table.spread(new Spread(5, 1, 1234))).isEqualTo("5.00 (1.00 to 1,234)");
    }
}
