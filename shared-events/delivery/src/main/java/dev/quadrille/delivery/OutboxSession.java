package dev.quadrille.delivery;

import dev.quadrille.contract.EventAttributes;
import dev.quadrille.delivery.Publisher.OutboxRow;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A database session that owns shares of the outbox by advisory locks, and claims rows from those
/// alone. Whoever loses the session loses the locks with it, and cannot commit what it had claimed.
///
/// A lock is a lease: its owner's session does something at least every second, and one that has
/// done nothing for [#LEASE] is ended by whoever notices, because its process is paused or cut off.
/// What such a process still has in its hands must not reach a topic after its successor's events.
/// Two things see to that:
///
/// - Each event carries the database's time of its claim as its record's timestamp, and the broker
///   refuses records that are older than [#ACCEPTED] (the topic's
///   `message.timestamp.before.max.ms`). A lease outlasts that.
/// - A share that was given up without its lease running out (a crash, a broken connection), and in
///   which rows are left, rests for [#REST] before it is relayed.
final class OutboxSession {

    private static final Logger LOG = Logger.getLogger(OutboxSession.class);

    /// How old a record may be that a broker accepts. The clocks of the database and of the brokers
    /// may differ by a second: a lease and a rest are longer by at least that.
    static final Duration ACCEPTED = Duration.ofSeconds(3);

    static final Duration LEASE = Duration.ofSeconds(5);

    /// A second more than what is accepted, for clocks that differ.
    private static final Duration REST = Duration.ofSeconds(4);

    /// Any number, as long as nobody else in the database takes advisory locks of this class.
    private static final int LOCK_CLASS = 0x0B0C5;

    private static final String WAKE_UP = "quadrille_outbox";

    private static final String LOCK =
            "select share from unnest($1::int[]) as share where pg_try_advisory_lock($2, share)";

    /// Asked once the locks are there: a session that ends gives back what it had claimed before it
    /// lets its locks go.
    private static final String LEFT_BEHIND =
            """
            select share from unnest($1::int[]) as share
            where exists (select from outbox where partition = share)
            """;

    /// Waits until they are gone, so that their locks can be had at once.
    private static final String END_EXPIRED =
            """
            with expired as materialized (
                select session.pid, array_agg(lock.objid::int) as shares
                from pg_locks lock join pg_stat_activity session using (pid)
                where lock.locktype = 'advisory' and lock.classid = $1::int::oid and lock.objsubid = 2
                  and lock.granted
                  and lock.database = (select oid from pg_database where datname = current_database())
                  and session.state_change < clock_timestamp() - make_interval(secs => $2)
                  -- At work means alive, unless the work is to wait for a client that takes nothing.
                  and (session.state <> 'active' or session.wait_event_type = 'Client')
                group by session.pid
            )
            select pid, shares, pg_terminate_backend(pid, 1000) as ended from expired
            """;

    private static final String CLAIM =
            """
            with claimed as (
                select share, position
                from unnest($1::smallint[]) as share
                cross join lateral (select position from outbox where partition = share
                                    order by position limit $2) head
                order by position limit $2
            )
            delete from outbox using claimed
            where outbox.partition = claimed.share and outbox.position = claimed.position
            returning outbox.position, id, aggregatetype, aggregateid, type, payload, time, source,
                      dataschema, sequence, causationid, traceparent,
                      (extract(epoch from now()) * 1000)::bigint as claimed_at_millis
            """;

    private final PgConnection connection;
    private final Set<Integer> owned = new HashSet<>();

    /// The shares that rest, and until when by [System#nanoTime].
    private final Map<Integer, Long> resting = new HashMap<>();

    private OutboxSession(PgConnection connection) {
        this.connection = connection;
    }

    /// @param wokenByOthers called when another replica has written rows into a share of ours
    static Uni<OutboxSession> open(Pool pool, Runnable wokenByOthers) {
        return pool.getConnection()
                .flatMap(connection -> {
                    var session = new OutboxSession(PgConnection.cast(connection));
                    session.connection.notificationHandler(_ -> wokenByOthers.run());
                    return connection
                            .query("listen " + WAKE_UP)
                            .execute()
                            .replaceWith(session)
                            .onFailure()
                            .call(connection::close);
                });
    }

    /// Whether it owns shares that it does not relay yet.
    boolean isResting() {
        return !resting.isEmpty();
    }

    boolean owns(int share) {
        return owned.contains(share);
    }

    boolean ownsAll() {
        return owned.size() == Outbox.PARTITIONS;
    }

    /// Takes every share that nobody holds, or whose owner gives no sign of life any more.
    Uni<Void> takeFreeShares() {
        return endExpired()
                .flatMap(expired ->
                        connection
                                .preparedQuery(LOCK)
                                .execute(Tuple.of(others(), LOCK_CLASS))
                                .map(OutboxSession::shares)
                                .invoke(owned::addAll)
                                .flatMap(taken -> {
                                    taken.removeAll(expired);
                                    return taken.isEmpty()
                                            ? Uni.createFrom().voidItem()
                                            : letRest(taken);
                                }));
    }

    /// Wakes the owner of shares that are not ours. Outside of any business transaction, because a
    /// commit that notifies holds up every other that does.
    Uni<Void> wakeOwners() {
        return connection.query("notify " + WAKE_UP).execute().replaceWithVoid();
    }

    /// Shows that we are alive while there is nothing else to do.
    Uni<Void> renew() {
        return connection.query("select").execute().replaceWithVoid();
    }

    /// Claims a batch, has it published, and lets it go for good once that has succeeded.
    ///
    /// @return how many rows it was
    Uni<Integer> drain(int batchRows, Function<List<OutboxRow>, Uni<Void>> publish) {
        var shares = awake();
        if (shares.length == 0) {
            return renew().replaceWith(0);
        }
        return connection
                .begin()
                .flatMap(transaction ->
                        claim(shares, batchRows)
                                .call(rows ->
                                        rows.isEmpty()
                                                ? Uni.createFrom().voidItem()
                                                : publish.apply(rows))
                                .call(() -> acknowledged(transaction))
                                .onFailure()
                                .call(() -> transaction.rollback().onFailure().recoverWithNull()))
                .map(List::size);
    }

    /// Gives the shares up. The session goes back to the pool, so the locks must go first.
    Uni<Void> close() {
        connection.notificationHandler(null);
        return connection
                .query("unlisten *; select pg_advisory_unlock_all()")
                .execute()
                .replaceWithVoid()
                .eventually(connection::close);
    }

    private static Uni<Void> acknowledged(Transaction claim) {
        return claim.commit();
    }

    private Uni<Set<Integer>> endExpired() {
        return connection
                .preparedQuery(END_EXPIRED)
                .execute(Tuple.of(LOCK_CLASS, (double) LEASE.toSeconds()))
                .map(rows -> {
                    var expired = new HashSet<Integer>();
                    for (var row : rows) {
                        if (row.getBoolean("ended")) {
                            expired.addAll(List.of(row.getArrayOfIntegers("shares")));
                            LOG.warnf(
                                    "Session %d gave no sign of life for %d s and is ended; its"
                                            + " %d shares of the outbox are free",
                                    row.getInteger("pid"),
                                    LEASE.toSeconds(),
                                    row.getArrayOfIntegers("shares").length);
                        }
                    }
                    return expired;
                });
    }

    private Uni<Void> letRest(Set<Integer> shares) {
        return connection
                .preparedQuery(LEFT_BEHIND)
                .execute(Tuple.of(shares.toArray(Integer[]::new)))
                .invoke(rows -> {
                    long until = System.nanoTime() + REST.toNanos();
                    shares(rows).forEach(share -> resting.put(share, until));
                })
                .replaceWithVoid();
    }

    private static Set<Integer> shares(RowSet<Row> rows) {
        var shares = new HashSet<Integer>();
        rows.forEach(row -> shares.add(row.getInteger("share")));
        return shares;
    }

    private Integer[] others() {
        return IntStream.range(0, Outbox.PARTITIONS)
                .filter(share -> !owned.contains(share))
                .boxed()
                .toArray(Integer[]::new);
    }

    private Short[] awake() {
        long now = System.nanoTime();
        resting.values().removeIf(until -> until - now <= 0);
        return owned.stream()
                .filter(share -> !resting.containsKey(share))
                .map(Integer::shortValue)
                .toArray(Short[]::new);
    }

    private Uni<List<OutboxRow>> claim(Short[] shares, int batchRows) {
        return connection
                .preparedQuery(CLAIM)
                .execute(Tuple.of(shares, batchRows))
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
                row.getLong("claimed_at_millis"),
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
