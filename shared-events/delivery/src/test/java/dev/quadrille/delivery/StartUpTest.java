package dev.quadrille.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartUpTest {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void thePhasesAreSaidInTheOrderInWhichTheyEndedAndAddUpToTheWhole() {
        var phases = new LinkedHashMap<String, Duration>();
        phases.put("runtime", Duration.ofNanos(9_400_000));
        phases.put("http", Duration.ofNanos(4_400_000));
        phases.put("database", Duration.ofNanos(20_400_000));
        phases.put("kafka", Duration.ofNanos(27_400_000));

        assertThat(StartUp.line(phases))
                .isEqualTo("Ready in 62 ms: runtime 9, http 5, database 20, kafka 28");
    }

    @Test
    void theStartIsOverWithTheLastPhaseAndExportedOnce() {
        var startUp = new StartUp(metrics);
        startUp.await("catalogue");
        for (var phase : new String[] {"runtime", "kafka", "database", "http"}) {
            startUp.passed(phase);
            startUp.passed(phase);
        }
        assertThat(metrics.getMeters()).isEmpty();

        startUp.passed("catalogue");
        var age = ProcessAge.now();
        startUp.passed("kafka");

        assertThat(metrics.getMeters()).hasSize(5);
        double whole =
                metrics.getMeters().stream()
                        .mapToDouble(meter -> ((TimeGauge) meter).value(TimeUnit.MILLISECONDS))
                        .sum();
        assertThat(whole).isPositive().isLessThanOrEqualTo(age.toNanos() / 1e6);
    }

    @Test
    void aProcessIsAsOldAsTheSystemSaysAndALittleOlderThanItsJvm() {
        long jvm = ManagementFactory.getRuntimeMXBean().getUptime();

        var age = ProcessAge.now();

        // Linux counts in steps of 10 ms.
        assertThat(age.toMillis()).isBetween(jvm - 10, jvm + 5_000);
    }

    @Test
    void aProcessMayHaveAnyName() {
        assertThat(
                        ProcessAge.birthTicks(
                                "7 (a) b (c)) S 1 7 7 0 -1 4 1 0 0 0 2 1 0 0 20 0 9 0 4711 9 9"))
                .isEqualTo(4711);
    }
}
