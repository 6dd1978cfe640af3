package dev.quadrille.bench;

import dev.quadrille.bench.Ground.Service;
import java.time.Duration;

/// Looks on while a service works something off, from the first look at which some of it is done.
final class Watch {

    private static final long LOOK_MS = 20;
    private static final Duration STALL_LIMIT = Duration.ofSeconds(90);

    /// How much is done by now.
    interface Progress {
        long look() throws Fault, InterruptedException;
    }

    /// @param done at that look
    private record Look(Load load, long done) {
        double perSecondSince(Look before) {
            double seconds = (load.nanos() - before.load.nanos()) / 1e9;
            return seconds <= 0 ? 0 : (done - before.done) / seconds;
        }
    }

    private final Screen screen;
    private final Service service;

    Watch(Screen screen, Service service) {
        this.screen = screen;
        this.service = service;
    }

    /// What was seen.
    record Seen(
            long count,
            double seconds,
            double perSecond,
            double perSecondLater,
            Used used,
            long countLater,
            Used usedLater,
            long firstNanos) {}

    /// @throws Fault if nothing moves for a long time
    Seen until(String what, long all, Progress progress) throws Fault, InterruptedException {
        Look first = null;
        Look half = null;
        long before = 0;
        long movedAtNanos = System.nanoTime();
        while (true) {
            long done = progress.look();
            if (done > before) {
                movedAtNanos = System.nanoTime();
                before = done;
            }
            if (done > 0 && first == null) {
                first = new Look(service.load(), done);
            }
            if (first != null && done >= all / 2 && done < all && half == null) {
                half = new Look(service.load(), done);
            }
            screen.progress(what, done, all);
            if (first != null && done >= all) {
                var last = new Look(service.load(), done);
                long count = last.done - first.done;
                if (count <= 0 || half == null) {
                    throw new Fault(
                            "All %,d were done at once: too few to measure.".formatted(all));
                }
                return new Seen(
                        count,
                        (last.load.nanos() - first.load.nanos()) / 1e9,
                        last.perSecondSince(first),
                        last.perSecondSince(half),
                        last.load.since(first.load),
                        Math.max(1, last.done - half.done),
                        last.load.since(half.load),
                        first.load.nanos());
            }
            service.launcher().requireStarting();
            if (System.nanoTime() - movedAtNanos > STALL_LIMIT.toNanos()) {
                throw new Fault(
                        "%s stands at %,d of %,d for %d s. Logs: %s"
                                .formatted(
                                        what,
                                        done,
                                        all,
                                        STALL_LIMIT.toSeconds(),
                                        service.launcher().home().resolve("logs")));
            }
            Thread.sleep(LOOK_MS);
        }
    }
}
