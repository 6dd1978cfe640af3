package dev.quadrille.endtoend;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.Wire;
import dev.quadrille.testkit.Witness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Sixteen writers whose transactions commit in another order than the one in which they drew their
/// positions. A relay that remembers the last position it has seen passes over those that commit
/// late; the test runs one, over a table that is written in the same transactions, to prove that it
/// would notice.
class CursorIT {

    private static final int WRITERS = 16;
    private static final int ROUNDS = 25;
    private static final String TYPE = "cursor-probe";

    private static final String CREATE_PROBE =
            "create table if not exists outbox_probe"
                    + " (position bigint generated always as identity primary key, id uuid)";
    private static final String ANNOUNCE =
            """
            insert into outbox (id, aggregatetype, aggregateid, type, payload, time, source, dataschema,
                                sequence, partition)
            values (?, 'order-events', ?, '%s', '{}', now(), '/order', 'urn:quadrille:cursor-probe:1', ?, ?)
            """
                    .formatted(TYPE);

    private final FaultStack fault = FaultStack.running();
    private final Set<UUID> seenByTheCursor = new HashSet<>();
    private long cursor;

    @Test
    void interleavedCommitsAreAllPublishedAlthoughACursorWouldSkipSome() throws Exception {
        try (var witness = new Witness(fault.stack());
                var reader = fault.stack().connect("order");
                var writers = Executors.newFixedThreadPool(WRITERS)) {
            witness.run("order", "drop table if exists outbox_probe");
            witness.run("order", CREATE_PROBE);
            var together = new CyclicBarrier(WRITERS);

            var work =
                    IntStream.range(0, WRITERS)
                            .<Callable<List<UUID>>>mapToObj(_ -> () -> write(together))
                            .map(writers::submit)
                            .toList();
            while (!work.stream().allMatch(each -> each.isDone())) {
                readByCursor(reader);
            }
            readByCursor(reader);
            var written = new HashSet<UUID>();
            for (var each : work) {
                written.addAll(each.get());
            }

            assertThat(written).hasSize(WRITERS * ROUNDS);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(published(witness)).containsAll(written));
            assertThat(seenByTheCursor)
                    .as("what a relay with a cursor publishes")
                    .hasSizeBetween(1, written.size() - 1);
            System.out.printf(
                    "%d events written and published, a cursor skips %d%n",
                    written.size(), written.size() - seenByTheCursor.size());
        }
    }

    private List<UUID> write(CyclicBarrier together) throws Exception {
        var written = new ArrayList<UUID>();
        var aggregate = UUID.randomUUID().toString();
        try (var connection = fault.stack().connect("order");
                var announce = connection.prepareStatement(ANNOUNCE);
                var probe =
                        connection.prepareStatement("insert into outbox_probe (id) values (?)")) {
            connection.setAutoCommit(false);
            for (int round = 1; round <= ROUNDS; round++) {
                var id = UUID.randomUUID();
                announce.setObject(1, id);
                announce.setString(2, aggregate);
                announce.setLong(3, round);
                announce.setInt(4, Math.floorMod(aggregate.hashCode(), 8));
                announce.executeUpdate();
                probe.setObject(1, id);
                probe.executeUpdate();
                // All have drawn their positions; who commits first is left to chance, and half of
                // them think a while.
                together.await();
                if (ThreadLocalRandom.current().nextBoolean()) {
                    probe.getConnection().createStatement().execute("select pg_sleep(0.01)");
                }
                connection.commit();
                written.add(id);
            }
        }
        return written;
    }

    /// The relay that is not ours.
    private void readByCursor(Connection connection) throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "select position, id from outbox_probe where position > ?"
                                + " order by position limit 100")) {
            statement.setLong(1, cursor);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    cursor = rows.getLong("position");
                    seenByTheCursor.add(rows.getObject("id", UUID.class));
                }
            }
        }
    }

    private static Set<UUID> published(Witness witness) {
        return witness.wire().records(Topic.ORDER_EVENTS).stream()
                .filter(record -> TYPE.equals(Wire.header(record, "ce_type")))
                .map(record -> UUID.fromString(String.valueOf(Wire.header(record, "ce_id"))))
                .collect(toSet());
    }
}
