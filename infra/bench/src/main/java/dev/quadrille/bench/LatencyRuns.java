package dev.quadrille.bench;

import dev.quadrille.contract.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;

/// How long an event takes from its commit to the broker while nothing else happens.
final class LatencyRuns {

    private static final String SERVICE = "inventory";
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration RECEIPT_LIMIT = Duration.ofSeconds(10);

    private final Asked.Delivery wish;
    private final Ground ground;
    private final Screen screen;

    LatencyRuns(Asked.Delivery wish, Ground ground, Screen screen) {
        this.wish = wish;
        this.ground = ground;
        this.screen = screen;
    }

    /// What a request left behind.
    private record Trail(Instant sent, Instant answered) {}

    /// @param appendedMs as the broker stamps it, in whole milliseconds
    private record Arrival(Instant appendedMs, Instant received) {}

    /// Percentiles in ms.
    record Percentiles(double p50, double p99, double max) {
        static Percentiles of(List<Double> values) {
            return new Percentiles(
                    Spread.percentile(50, values),
                    Spread.percentile(99, values),
                    Spread.percentile(100, values));
        }
    }

    /// @param measured by what was measured
    record Run(Map<String, Percentiles> measured, int requests, double loadBefore) {}

    static final String APPENDED = "commit to broker's append";
    static final String RECEIVED = "commit to consumer's receipt";
    static final String AFTER_ANSWER = "HTTP answer to consumer's receipt";
    static final String ANSWERED = "commit to HTTP answer";
    static final String ROUND = "HTTP request to HTTP answer";

    List<Run> all() throws Fault, InterruptedException {
        screen.line("");
        screen.line(
                "Latency: PUT /v1/products/{sku} on %s, %d of them, %d per second, one at a time, after %d s to warm up."
                        .formatted(
                                SERVICE, wish.requests(), wish.perSecond(), WARM_UP.toSeconds()));
        screen.line(
                "  «commit» is PostgreSQL's track_commit_timestamp (on for this measurement alone),"
                    + " taken just before the commit record is flushed: the flush counts. «append»"
                    + " is the broker's LogAppendTime, cut to whole ms, so up to 1 ms low; with"
                    + " acks=all and one broker the acknowledgement leaves then. «receipt» is when"
                    + " a consumer in the bench has it, a fetch later: the acknowledgement lies"
                    + " between the two. All stamps are of one machine's clock.");
        try (var database = ground.database(SERVICE)) {
            database.run("alter system set track_commit_timestamp = on");
        }
        ground.restartPostgres();
        ground.broker().stampOnAppend(Topic.PRODUCTS);
        var runs = new ArrayList<Run>();
        try (var service = ground.begin(SERVICE, "").ready();
                var http = new Http(service.url());
                var database = ground.database(SERVICE)) {
            for (int i = 1; i <= wish.runs(); i++) {
                runs.add(run(i, http, database));
            }
        }
        return runs;
    }

    private Run run(int number, Http http, Database database) throws Fault, InterruptedException {
        String prefix = "IDLE-%d-".formatted(number);
        put(http, "WARM-%d-".formatted(number), (int) (WARM_UP.toSeconds() * wish.perSecond()));
        double load = Machine.loadAverage();
        var arrivals = new HashMap<String, Arrival>();
        Map<String, Trail> trails;
        try (var consumer = ground.broker().readerFromNow(Topic.PRODUCTS)) {
            var reader =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> read(consumer, prefix, wish.requests(), arrivals));
            trails = put(http, prefix, wish.requests());
            reader.join(RECEIPT_LIMIT);
            consumer.wakeup();
            reader.join();
        }
        var commits =
                database.times(
                        "select sku, pg_xact_commit_timestamp(xmin) from products where sku like '"
                                + prefix
                                + "%'");
        if (arrivals.size() < trails.size()) {
            throw new Fault(
                    "%d of %d events did not arrive within %s"
                            .formatted(
                                    trails.size() - arrivals.size(), trails.size(), RECEIPT_LIMIT));
        }
        var all = new Trails(trails, arrivals, commits);
        var measured = new TreeMap<String, Percentiles>();
        measured.put(APPENDED, all.between(all::commit, sku -> all.arrival(sku).appendedMs()));
        measured.put(RECEIVED, all.between(all::commit, sku -> all.arrival(sku).received()));
        measured.put(
                AFTER_ANSWER,
                all.between(sku -> all.trail(sku).answered(), sku -> all.arrival(sku).received()));
        measured.put(ANSWERED, all.between(all::commit, sku -> all.trail(sku).answered()));
        measured.put(
                ROUND, all.between(sku -> all.trail(sku).sent(), sku -> all.trail(sku).answered()));
        var appended = all.between(all::commit, sku -> all.arrival(sku).appendedMs());
        var received = all.between(all::commit, sku -> all.arrival(sku).received());
        screen.line(
                "  run %d: append p50 %s, p99 %s, max %s ms; receipt p50 %s, p99 %s, max %s ms"
                        .formatted(
                                number,
                                Table.number(appended.p50()),
                                Table.number(appended.p99()),
                                Table.number(appended.max()),
                                Table.number(received.p50()),
                                Table.number(received.p99()),
                                Table.number(received.max())));
        return new Run(measured, trails.size(), load);
    }

    private record Trails(
            Map<String, Trail> trails,
            Map<String, Arrival> arrivals,
            Map<String, Instant> commits) {

        Percentiles between(Function<String, Instant> from, Function<String, Instant> to) {
            return Percentiles.of(
                    trails.keySet().stream()
                            .map(sku ->
                                    ChronoUnit.NANOS.between(from.apply(sku), to.apply(sku)) / 1e6)
                            .toList());
        }

        Instant commit(String sku) {
            return found(commits.get(sku), sku);
        }

        Trail trail(String sku) {
            return found(trails.get(sku), sku);
        }

        Arrival arrival(String sku) {
            return found(arrivals.get(sku), sku);
        }

        private static <T> T found(@org.jspecify.annotations.Nullable T it, String sku) {
            if (it == null) {
                throw new IllegalStateException("nothing is known of " + sku);
            }
            return it;
        }
    }

    private Map<String, Trail> put(Http http, String prefix, int count)
            throws Fault, InterruptedException {
        var trails = new HashMap<String, Trail>();
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = begun + i * 1_000_000_000L / wish.perSecond();
            long early = due - System.nanoTime();
            if (early > 0) {
                Thread.sleep(Duration.ofNanos(early));
            }
            String sku = prefix + i;
            var sent = Instant.now();
            http.listProduct(sku);
            trails.put(sku, new Trail(sent, Instant.now()));
            screen.progress("products " + prefix, i + 1, count);
        }
        return trails;
    }

    private static void read(
            Consumer<String, byte[]> consumer,
            String prefix,
            int count,
            Map<String, Arrival> arrivals) {
        try {
            while (arrivals.size() < count) {
                var records = consumer.poll(Duration.ofSeconds(1));
                var now = Instant.now();
                for (var record : records) {
                    if (record.key().startsWith(prefix)) {
                        arrivals.put(
                                record.key(),
                                new Arrival(Instant.ofEpochMilli(record.timestamp()), now));
                    }
                }
            }
        } catch (org.apache.kafka.common.errors.WakeupException late) {
            // The run says how many are missing.
        }
    }
}
