package dev.quadrille.delivery;

import dev.quadrille.contract.EventAttributes;
import dev.quadrille.delivery.Publisher.OutboxRow;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A database session that owns shares of the outbox by advisory locks, and claims rows from those
/// alone. Whoever loses the session loses the locks with it, and cannot commit what it had claimed.
final class OutboxSession {

    private static final int BATCH_ROWS = 500;

    /// Any number, as long as nobody else in the database takes advisory locks of this class.
    private static final int LOCK_CLASS = 0x0B0C5;

    private static final String LOCK =
            "select share from unnest($1::int[]) as share where pg_try_advisory_lock($2, share)";
    private static final String CLAIM =
            """
            delete from outbox
            where position in (select position from outbox where partition = any($1::smallint[])
                               order by position limit $2)
            returning position, id, aggregatetype, aggregateid, type, payload, time, source,
                      dataschema, sequence, causationid, traceparent
            """;

    private final SqlConnection connection;
    private final List<Short> owned = new ArrayList<>();
    private boolean sought;

    private OutboxSession(SqlConnection connection) {
        this.connection = connection;
    }

    static Uni<OutboxSession> open(Pool pool) {
        return pool.getConnection().map(OutboxSession::new);
    }

    boolean hasSought() {
        return sought;
    }

    boolean ownsAll() {
        return owned.size() == Outbox.PARTITIONS;
    }

    /// Takes every share that nobody holds.
    Uni<Void> takeFreeShares() {
        sought = true;
        Integer[] others =
                IntStream.range(0, Outbox.PARTITIONS)
                        .filter(share -> !owned.contains((short) share))
                        .boxed()
                        .toArray(Integer[]::new);
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(others, LOCK_CLASS))
                .invoke(rows -> rows.forEach(row -> owned.add(row.getShort("share"))))
                .replaceWithVoid();
    }

    /// Claims a batch, has it published, and lets it go for good once that has succeeded.
    ///
    /// @return how many rows it was
    Uni<Integer> drain(Function<List<OutboxRow>, Uni<Void>> publish) {
        if (owned.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return connection
                .begin()
                .flatMap(transaction ->
                        claim().call(rows ->
                                        rows.isEmpty()
                                                ? Uni.createFrom().voidItem()
                                                : publish.apply(rows))
                                .call(transaction::commit)
                                .onFailure()
                                .call(() -> transaction.rollback().onFailure().recoverWithNull()))
                .map(List::size);
    }

    /// Gives the shares up. The session goes back to the pool, so the locks must go first.
    Uni<Void> close() {
        return connection
                .query("select pg_advisory_unlock_all()")
                .execute()
                .replaceWithVoid()
                .eventually(connection::close);
    }

    private Uni<List<OutboxRow>> claim() {
        return connection
                .preparedQuery(CLAIM)
                .execute(Tuple.of(owned.toArray(Short[]::new), BATCH_ROWS))
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(OutboxSession::row)
                                // RETURNING promises no order.
                                .sorted(Comparator.comparingLong(OutboxRow::position))
                                .toList());
    }

    private static OutboxRow row(Row row) {
        return new OutboxRow(
                row.getLong("position"),
                row.getString("aggregatetype"),
                new EventAttributes(
                        row.getUUID("id").toString(),
                        row.getString("source"),
                        row.getString("type"),
                        row.getOffsetDateTime("time").toInstant().toString(),
                        row.getString("aggregateid"),
                        row.getString("dataschema"),
                        row.getLong("sequence"),
                        text(row.getUUID("causationid")),
                        row.getString("traceparent")),
                row.getString("payload"));
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
