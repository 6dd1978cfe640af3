package dev.quadrille.bench;

import dev.quadrille.contract.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How fast one consumer lets events that wait on the topic have their effect.
final class ConsumerRuns {

    private static final long PLENTY = 1_000_000_000L;

    private final Asked.Delivery wish;
    private final Ground ground;
    private final Screen screen;

    ConsumerRuns(Asked.Delivery wish, Ground ground, Screen screen) {
        this.wish = wish;
        this.ground = ground;
        this.screen = screen;
    }

    /// The runs of one setting.
    record Case(String name, int batch, int skus, List<Drain> runs) {}

    private boolean isInventory() {
        return wish.service().equals(Asked.INVENTORY);
    }

    List<Case> all() throws Fault, InterruptedException {
        screen.line("");
        screen.line(
                "Consumer: OrderPlaced wait on the topic when %s starts. Time and CPU from the first look (every 20 ms) at the group's committed offsets at which some are done to the one at which all are; offsets are committed after the database."
                        .formatted(wish.service()));
        screen.line(
                isInventory()
                        ? "  Each event reserves stock and is answered by one StockReserved: the"
                                + " CPU time holds the answers' outbox rows, and as much of their"
                                + " relaying as fell into that time. «answered» is when all answers"
                                + " were on their topic."
                        : "  Each event becomes a correspondence; no mail is due, nothing is"
                                + " answered.");
        prepare();
        var cases = new ArrayList<Case>();
        for (int skus : wish.skus()) {
            for (int batch : wish.batches()) {
                var runs = new ArrayList<Drain>();
                for (int i = 1; i <= wish.runs(); i++) {
                    runs.add(run(i, batch, skus));
                }
                cases.add(new Case(name(batch, skus), batch, skus, runs));
            }
        }
        return cases;
    }

    private String name(int batch, int skus) {
        String about =
                !isInventory() ? "" : skus == 1 ? ", one hot sku" : ", %,d skus".formatted(skus);
        return "batch %d%s".formatted(batch, about);
    }

    private void prepare() throws Fault, InterruptedException {
        try (var service = ground.begin(wish.service(), "").ready()) {
            if (!isInventory()) {
                return;
            }
            int most = wish.skus().stream().mapToInt(Integer::intValue).max().orElse(1);
            try (var http = new Http(service.url())) {
                for (int i = 0; i < most; i++) {
                    http.listProduct(Orders.sku(i));
                    http.stock(Orders.sku(i), PLENTY);
                    screen.progress("products", i + 1, most);
                }
            }
        }
    }

    private Drain run(int number, int batch, int skus) throws Fault, InterruptedException {
        var broker = ground.broker();
        String name = name(batch, skus);
        int events = wish.eventsAt(batch);
        String effects = isInventory() ? "reservations" : "correspondences";
        try (var database = ground.database(wish.service())) {
            database.empty("inbox", "outbox", effects, "stock_ledger");
            broker.skipToEnd(wish.service(), Topic.ORDER_EVENTS);
            long begin = broker.end(Topic.ORDER_EVENTS);
            long answers = broker.end(Topic.INVENTORY_EVENTS);
            broker.send(
                    new Orders(number * 1000L + batch, Instant.now().minusSeconds(60))
                            .placed(events, skus));
            database.settle("inbox", "outbox", effects);
            var work = database.work();
            double load = Machine.loadAverage();

            Watch.Seen seen;
            double answeredSeconds;
            try (var service =
                    ground.begin(
                            wish.service(),
                            "-Dmp.messaging.incoming.events.max.poll.records=" + batch)) {
                var watch = new Watch(screen, service);
                seen =
                        watch.until(
                                name,
                                events,
                                () -> broker.committed(wish.service(), Topic.ORDER_EVENTS) - begin);
                answeredSeconds = seen.seconds();
                if (isInventory()) {
                    while (broker.end(Topic.INVENTORY_EVENTS) - answers < events) {
                        answeredSeconds = (System.nanoTime() - seen.firstNanos()) / 1e9;
                        if (answeredSeconds > seen.seconds() + 60) {
                            break;
                        }
                        Thread.sleep(20);
                    }
                }
            }
            var done = database.work();
            var remarks = remarks(database, events, effects, answers);
            var drain =
                    new Drain(
                            seen.count(),
                            seen.seconds(),
                            seen.perSecond(),
                            seen.perSecondLater(),
                            seen.used(),
                            seen.countLater(),
                            seen.usedLater(),
                            answeredSeconds,
                            (double) (done.commits() - work.commits()) / events,
                            (double) (done.walBytes() - work.walBytes()) / events,
                            load,
                            remarks);
            screen.line(
                    "  %s, run %d: %s events/s (second half %s, until answered %s); %s"
                            .formatted(
                                    name,
                                    number,
                                    Table.number(drain.perSecond()),
                                    Table.number(drain.perSecondLater()),
                                    Table.number(seen.count() / answeredSeconds),
                                    drain.used().limit()));
            remarks.forEach(remark ->
                    screen.line("  %s, run %d: NOTE: %s".formatted(name, number, remark)));
            return drain;
        }
    }

    private List<String> remarks(Database database, int events, String effects, long answers)
            throws Fault, InterruptedException {
        var remarks = new ArrayList<String>();
        require(remarks, events, database.number("select count(*) from inbox"), "inbox rows");
        require(remarks, events, database.number("select count(*) from " + effects), effects);
        if (isInventory()) {
            require(
                    remarks,
                    events,
                    ground.broker().end(Topic.INVENTORY_EVENTS) - answers,
                    "answers on the topic");
        }
        return remarks;
    }

    private static void require(List<String> remarks, long expected, long found, String what) {
        if (expected != found) {
            remarks.add("%,d %s for %,d events".formatted(found, what, expected));
        }
    }
}
