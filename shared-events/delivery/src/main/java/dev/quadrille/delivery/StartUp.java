package dev.quadrille.delivery;

import static java.util.stream.Collectors.joining;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// What this process' start was made of, from its birth until it could do its work: said once in
/// the log, and exported.
///
/// HTTP, the database and Kafka come up beside each other. A phase is the time from the end of the
/// phase that ended before it: what the start would have been shorter without it, and all of them
/// add up to the whole.
@ApplicationScoped
public class StartUp {

    private static final Logger LOG = Logger.getLogger(StartUp.class);

    /// Before the observers that begin something.
    static final int FIRST = 1;

    private static final String RUNTIME = "runtime";
    private static final String HTTP = "http";
    static final String DATABASE = "database";
    static final String KAFKA = "kafka";

    private final MeterRegistry metrics;
    private final Set<String> awaited = new HashSet<>(List.of(RUNTIME, HTTP, DATABASE, KAFKA));
    private final Map<String, Duration> phases = new LinkedHashMap<>();
    private Duration sinceBirth = Duration.ZERO;

    StartUp(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /// Says that this start is not over without something else. To be said while the application
    /// starts, before HTTP is open.
    public synchronized void await(String phase) {
        awaited.add(phase);
    }

    /// Says that something is there. Only the first time counts.
    public synchronized void passed(String phase) {
        if (!awaited.remove(phase)) {
            return;
        }
        var now = ProcessAge.now();
        phases.put(phase, now.minus(sinceBirth));
        sinceBirth = now;
        if (awaited.isEmpty()) {
            LOG.info(line(phases));
            phases.forEach(this::export);
        }
    }

    void begin(@Observes @Priority(FIRST) StartupEvent event) {
        passed(RUNTIME);
    }

    void open(@ObservesAsync HttpServerStart event) {
        passed(HTTP);
    }

    static String line(Map<String, Duration> phases) {
        long whole = 0;
        var parts = new LinkedHashMap<String, Long>();
        for (var phase : phases.entrySet()) {
            long before = Math.round(whole / 1e6);
            whole += phase.getValue().toNanos();
            // Of rounded instants, so that the rounded parts add up.
            parts.put(phase.getKey(), Math.round(whole / 1e6) - before);
        }
        return "Ready in %d ms: %s"
                .formatted(
                        Math.round(whole / 1e6),
                        parts.entrySet().stream()
                                .map(part -> part.getKey() + " " + part.getValue())
                                .collect(joining(", ")));
    }

    private void export(String phase, Duration took) {
        TimeGauge.builder("quadrille.start", took, TimeUnit.NANOSECONDS, Duration::toNanos)
                .description("what the phases added to the start of this process")
                .tag("phase", phase)
                .strongReference(true)
                .register(metrics);
    }
}
