package dev.quadrille.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.Envelope;
import dev.quadrille.contract.OrderEvent;
import dev.quadrille.contract.OrderEvent.OrderConfirmed;
import dev.quadrille.contract.OrderEvent.OrderShipped;
import dev.quadrille.delivery.Fold.Moved;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A participant that counts confirmations, announces each, and has enough of them at three.
class FoldTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final UUID ONE = UUID.fromString("00000000-0000-7000-8000-000000000001");
    private static final UUID TWO = UUID.fromString("00000000-0000-7000-8000-000000000002");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void eventsOfASubjectActOneAfterTheOther() {
        var fold = fold(Map.of());

        var second = confirmed(TWO);
        var third = confirmed(ONE);
        fold.apply(confirmed(ONE));
        fold.apply(second);
        fold.apply(third);

        assertThat(fold.moved())
                .containsOnly(
                        Map.entry(ONE.toString(), new Moved<>(new Versioned<>(2, 2), third)),
                        Map.entry(TWO.toString(), new Moved<>(new Versioned<>(1, 1), second)));
        assertThat(fold.changed()).containsExactly(new Versioned<>(2, 2), new Versioned<>(1, 1));
    }

    @Test
    void versionsGoOnFromWhatWasStored() {
        var fold = fold(Map.of(ONE.toString(), new Versioned<>(1, 7)));
        var event = confirmed(ONE);

        var answers = fold.apply(event);

        var announcement =
                new Announcement(new OrderConfirmed(ONE), 8, NOW, event.id(), "00-trace-span-01");
        assertThat(answers).containsExactly(announcement);
        assertThat(fold.announcements()).containsExactly(announcement);
        assertThat(fold.state(ONE.toString())).isEqualTo(new Versioned<>(2, 8));
    }

    @Test
    void whatIsIgnoredOrRejectedChangesAndAnnouncesNothingAndIsCounted() {
        var fold = fold(Map.of(ONE.toString(), new Versioned<>(3, 3)));

        fold.apply(confirmed(ONE));
        fold.apply(envelope(new OrderShipped(ONE, "DHL", "1")));

        assertThat(fold.changed()).isEmpty();
        assertThat(fold.announcements()).isEmpty();
        assertThat(count("order-confirmed", "ignore", "enough")).isEqualTo(1);
        assertThat(count("order-shipped", "reject", "no-shipping")).isEqualTo(1);
    }

    private Fold<Integer, Integer, OrderEvent> fold(Map<String, Versioned<Integer>> stored) {
        return new Fold<>(stored, 0, FoldTest::decide, new Decisions(metrics)::count, NOW);
    }

    private static Decision<Integer, OrderEvent> decide(
            Integer seen, Envelope<?> event, Instant now) {
        if (event.event() instanceof OrderConfirmed confirmed) {
            return seen < 3 ? Decision.advance(seen + 1, confirmed) : Decision.ignore("enough");
        }
        return Decision.reject("no-shipping");
    }

    private double count(String input, String decision, String reason) {
        return metrics.get("quadrille.decisions")
                .tags("input", input, "decision", decision, "reason", reason)
                .counter()
                .count();
    }

    private static Envelope<?> confirmed(UUID orderId) {
        return envelope(new OrderConfirmed(orderId));
    }

    private static Envelope<?> envelope(DomainEvent event) {
        return new Envelope<>(UUID.randomUUID(), NOW, 1, null, "00-trace-span-01", event);
    }
}
