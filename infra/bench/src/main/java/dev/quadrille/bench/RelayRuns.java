package dev.quadrille.bench;

import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How fast one relay empties an outbox that has filled up while it was away.
final class RelayRuns {

    private static final String SERVICE = "order";
    private static final int AGGREGATES = 20_000;

    /// As delivery's Outbox hashes them: its PARTITIONS.
    private static final int PARTITIONS = 8;

    private static final int CHUNK_ROWS = 5000;
    private static final int COLUMNS = 11;
    private static final String INSERT =
            """
            insert into outbox (id, aggregatetype, aggregateid, type, payload, time, source, dataschema,
                                sequence, traceparent, partition)
            select id::uuid, aggregatetype, aggregateid, type, payload, time::timestamptz, source,
                   dataschema, sequence::bigint, traceparent, partition::smallint
            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) with ordinality
                 as event (id, aggregatetype, aggregateid, type, payload, time, source, dataschema,
                           sequence, traceparent, partition, place)
            order by place
            """;

    private final Asked.Delivery wish;
    private final Ground ground;
    private final Screen screen;

    RelayRuns(Asked.Delivery wish, Ground ground, Screen screen) {
        this.wish = wish;
        this.ground = ground;
        this.screen = screen;
    }

    List<Drain> all() throws Fault, InterruptedException {
        screen.line("");
        screen.line(
                "Relay: %,d OrderPlaced of %,d orders wait in the outbox of %s when it starts. Time and CPU from the first look (every 20 ms) at which some are on the topic to the one at which all are."
                        .formatted(wish.rows(), Math.min(AGGREGATES, wish.rows()), SERVICE));
        // For the tables.
        ground.begin(SERVICE, "").ready().close();
        var runs = new ArrayList<Drain>();
        for (int i = 1; i <= wish.runs(); i++) {
            runs.add(run(i));
        }
        return runs;
    }

    private Drain run(int number) throws Fault, InterruptedException {
        try (var database = ground.database(SERVICE)) {
            screen.line("  run %d: filling the outbox".formatted(number));
            database.empty("outbox");
            var orders = new Orders(number, Instant.now().minusSeconds(60));
            long bytes = fill(database, orders.inTurn(wish.rows(), AGGREGATES).iterator());
            database.settle("outbox");
            var work = database.work();
            double load = Machine.loadAverage();
            long end = ground.broker().end(Topic.ORDER_EVENTS);

            Watch.Seen seen;
            try (var service = ground.begin(SERVICE, "")) {
                seen =
                        new Watch(screen, service)
                                .until(
                                        "relayed",
                                        wish.rows(),
                                        () -> ground.broker().end(Topic.ORDER_EVENTS) - end);
            }
            var done = database.work();
            var remarks = new ArrayList<String>();
            long published = ground.broker().end(Topic.ORDER_EVENTS) - end;
            if (published != wish.rows()) {
                remarks.add("%,d records are on the topic".formatted(published));
            }
            long left = database.number("select count(*) from outbox");
            if (left != 0) {
                remarks.add("%,d rows are left in the outbox".formatted(left));
            }
            var drain =
                    new Drain(
                            seen.count(),
                            seen.seconds(),
                            seen.perSecond(),
                            seen.perSecondLater(),
                            seen.used(),
                            seen.countLater(),
                            seen.usedLater(),
                            seen.seconds(),
                            (double) (done.commits() - work.commits()) / wish.rows(),
                            (double) (done.walBytes() - work.walBytes()) / wish.rows(),
                            load,
                            remarks);
            screen.line(
                    "  run %d: %s rows/s (second half %s); %s; a payload has %d bytes"
                            .formatted(
                                    number,
                                    Table.number(drain.perSecond()),
                                    Table.number(drain.perSecondLater()),
                                    drain.used().limit(),
                                    bytes / wish.rows()));
            remarks.forEach(remark -> screen.line("  run %d: NOTE: %s".formatted(number, remark)));
            return drain;
        }
    }

    /// @return the bytes of all payloads
    private long fill(Database database, Iterator<EncodedEvent> events) throws Fault {
        long bytes = 0;
        long filled = 0;
        while (events.hasNext()) {
            var columns = new ArrayList<List<@Nullable String>>();
            for (int i = 0; i < COLUMNS; i++) {
                columns.add(new ArrayList<>(CHUNK_ROWS));
            }
            for (int i = 0; i < CHUNK_ROWS && events.hasNext(); i++) {
                var event = events.next();
                var row = row(event);
                for (int column = 0; column < COLUMNS; column++) {
                    columns.get(column).add(row.get(column));
                }
                bytes += event.body().length();
                filled++;
            }
            database.columns(INSERT, columns);
            screen.progress("filled", filled, wish.rows());
        }
        return bytes;
    }

    static List<@Nullable String> row(EncodedEvent event) {
        var attributes = event.attributes();
        return Arrays.asList(
                attributes.id(),
                event.topic().wireName(),
                event.key(),
                attributes.type(),
                event.body(),
                attributes.time(),
                attributes.source(),
                attributes.dataSchema(),
                Long.toString(attributes.sequence()),
                attributes.traceparent(),
                Integer.toString(Math.floorMod(event.key().hashCode(), PARTITIONS)));
    }
}
