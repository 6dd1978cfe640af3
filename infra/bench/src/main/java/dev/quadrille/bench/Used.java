package dev.quadrille.bench;

import java.util.Locale;
import java.util.Optional;

/// The CPU time that was used between two moments, in ms.
///
/// @param bench what measuring took
/// @param machine by everybody
/// @param thread the service's busiest
/// @param backend PostgreSQL's busiest process
record Used(
        double wallMs,
        long service,
        long postgres,
        long kafka,
        long bench,
        long machine,
        int cores,
        Optional<One> thread,
        Optional<One> backend) {

    private static final double FULL = 0.9;
    private static final double NEARLY = 0.8;

    /// One thread or process.
    record One(String name, long ms) {}

    /// By programs that have nothing to do with what is measured: above a few percent, the figures
    /// are theirs too.
    long others() {
        return Math.max(0, machine - service - postgres - kafka - bench);
    }

    /// Of all cores.
    double share(long ms) {
        return wallMs <= 0 ? 0 : ms / wallMs / cores;
    }

    /// What held it back, as far as CPU time shows.
    String limit() {
        String who =
                "service %s, PostgreSQL %s, Kafka %s, bench %s, others %s of %d cores"
                        .formatted(
                                percent(share(service)),
                                percent(share(postgres)),
                                percent(share(kafka)),
                                percent(share(bench)),
                                percent(share(others())),
                                cores);
        String single =
                "busiest thread %s, busiest backend %s".formatted(alone(thread), alone(backend));
        String verdict =
                share(machine) >= FULL
                        ? "limit: CPU, all cores are busy"
                        : busy(thread)
                                ? "limit: one thread of the service"
                                : busy(backend)
                                        ? "limit: one process of PostgreSQL"
                                        : "limit: waiting (disk, round trips, locks)";
        return verdict + "; " + who + "; " + single;
    }

    private boolean busy(Optional<One> one) {
        return one.filter(found -> wallMs > 0 && found.ms() / wallMs >= NEARLY).isPresent();
    }

    private String alone(Optional<One> one) {
        return one.map(found ->
                        found.name()
                                + " "
                                + percent(wallMs <= 0 ? 0 : found.ms() / wallMs)
                                + " of one")
                .orElse("unknown");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }
}
