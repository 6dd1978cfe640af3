package dev.quadrille.order.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.CancellationReason;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SagaFiguresTest {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeEach
    void start() {
        new SagaFigures(metrics);
    }

    @Test
    void everythingIsAtZeroBeforeTheFirstOrder() {
        var timers = metrics.get("quadrille.saga.duration").timers();
        var changes = metrics.get("quadrille.order.status.changes").counters();

        assertThat(timers)
                .hasSize(1 + CancellationReason.values().length)
                .allSatisfy(timer -> assertThat(timer.count()).isZero());
        assertThat(changes)
                .extracting(counter -> counter.getId().getTag("status"))
                .containsExactlyInAnyOrder(
                        "pending", "confirmed", "cancelled", "shipped", "returned");
    }

    @Test
    void whatCountsAsQuickHasABucketOfItsOwn() {
        var confirmed = metrics.get("quadrille.saga.duration").tag("outcome", "confirmed").timer();

        assertThat(confirmed.takeSnapshot().histogramCounts())
                .extracting(bucket -> bucket.bucket(TimeUnit.SECONDS))
                .contains(5.0);
    }
}
