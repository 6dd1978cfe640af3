package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DecisionTest {

    private static final OrderConfirmed CONFIRMED = new OrderConfirmed(new UUID(0, 1));

    @Test
    void advanceKeepsItsOwnEvents() {
        var events = new ArrayList<>(List.of(CONFIRMED));
        var advance = new Decision.Advance<>("confirmed", events);

        events.clear();

        assertThat(advance.events()).containsExactly(CONFIRMED);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> advance.events().clear());
    }

    @Test
    void advanceMayAnnounceNothing() {
        assertThat(Decision.<String, OrderEvent>advance("pending"))
                .isEqualTo(new Decision.Advance<>("pending", List.of()));
        assertThat(Decision.<String, OrderEvent>advance("confirmed", CONFIRMED))
                .isEqualTo(new Decision.Advance<>("confirmed", List.of(CONFIRMED)));
    }
}
