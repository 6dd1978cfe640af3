package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.local.Flavour;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class RigTest {

    private static final List<Flavour> ALL = List.of(Flavour.values());

    @Test
    void flavoursTakeTurnsInBeingTheFirst() {
        assertThat(Rig.inTurn(ALL, 0)).containsExactly(Flavour.JVM, Flavour.AOT, Flavour.NATIVE);
        assertThat(Rig.inTurn(ALL, 1)).containsExactly(Flavour.AOT, Flavour.NATIVE, Flavour.JVM);
        assertThat(Rig.inTurn(ALL, 2)).containsExactly(Flavour.NATIVE, Flavour.JVM, Flavour.AOT);
        assertThat(Rig.inTurn(ALL, 3)).isEqualTo(ALL);
    }

    @Test
    void inManyRoundsEachHasEachPlaceEquallyOften() {
        var places = new HashMap<String, Integer>();
        for (int round = 0; round < 30; round++) {
            var turn = Rig.inTurn(ALL, round);
            for (int place = 0; place < turn.size(); place++) {
                places.merge(turn.get(place) + "@" + place, 1, Integer::sum);
            }
        }

        assertThat(places).hasSize(9).allSatisfy((_, times) -> assertThat(times).isEqualTo(10));
    }

    @Test
    void oneFlavourHasNothingToTurn() {
        assertThat(Rig.inTurn(List.of(Flavour.JVM), 5)).containsExactly(Flavour.JVM);
        assertThat(Rig.inTurn(List.of(), 5)).isEmpty();
    }
}
