package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(5.0, 1.0, 9.0))).isEqualTo(new Spread(5, 1, 9));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 9.0, 2.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void oneRunIsItsOwnSpread() {
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
    }

    @Test
    void aPercentileIsAValueThatWasMeasured() {
        var hundred = IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList();

        assertThat(Spread.percentile(50, hundred)).isEqualTo(50);
        assertThat(Spread.percentile(99, hundred)).isEqualTo(99);
        assertThat(Spread.percentile(100, hundred)).isEqualTo(100);
        assertThat(Spread.percentile(0.1, hundred)).isEqualTo(1);
    }

    @Test
    void ofFewValuesAHighPercentileIsTheLargest() {
        assertThat(Spread.percentile(99, List.of(3.0, 1.0, 2.0))).isEqualTo(3);
        assertThat(Spread.percentile(50, List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    }

    @Test
    void nothingHasNoSpread() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.percentile(50, List.of()));
    }

    @Test
    void aPercentageIsAboveZeroAndAtMostAHundred() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.percentile(0, List.of(1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.percentile(101, List.of(1.0)));
    }
}
