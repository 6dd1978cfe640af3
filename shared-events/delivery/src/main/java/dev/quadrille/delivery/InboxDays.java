package dev.quadrille.delivery;

import static java.util.stream.Collectors.toSet;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Gives the inbox a partition for each day to come, and drops the days that are past their
/// retention: as a whole, which costs nothing, where a DELETE of each row would cost as much as the
/// rows did.
///
/// Days are those of UTC, and an event belongs to the day at which it happened, which is what its
/// id begins with. Any replica may do this; an advisory lock keeps two from doing it at once.
@ApplicationScoped
class InboxDays {

    private static final Logger LOG = Logger.getLogger(InboxDays.class);

    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int DAYS_AHEAD = 3;
    static final String TABLE = "inbox";
    private static final String PREFIX = TABLE + "_";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    /// Any number that nobody else locks.
    private static final long LOCK = 0x1B0C5;

    private static final String ALONE =
            "select pg_try_advisory_xact_lock($1) as alone, set_config('lock_timeout', '1s', true)";
    private static final String PARTITIONS =
            "select inhrelid::regclass::text as name from pg_inherits where inhparent ="
                    + " 'inbox'::regclass";

    private final Vertx vertx;
    private final Pool pool;
    private final InboxConfig config;
    private final OutboxConfig outboxConfig;
    private final InstantSource clock;

    InboxDays(
            Vertx vertx,
            Pool pool,
            InboxConfig config,
            OutboxConfig outboxConfig,
            InstantSource clock) {
        this.vertx = vertx;
        this.pool = pool;
        this.config = config;
        this.outboxConfig = outboxConfig;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        keep();
        vertx.setPeriodic(INTERVAL.toMillis(), _ -> keep());
    }

    private void keep() {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        pool.withTransaction(connection -> keep(connection, today))
                .subscribe()
                .with(
                        _ -> {},
                        failure ->
                                LOG.warnf(
                                        "The inbox's days are left as they are for %s: %s",
                                        INTERVAL, failure));
    }

    private Uni<Void> keep(SqlConnection connection, LocalDate today) {
        return connection
                .preparedQuery(ALONE)
                .execute(Tuple.of(LOCK))
                .flatMap(rows ->
                        rows.iterator().next().getBoolean("alone")
                                ? partitions(connection)
                                        .map(existing ->
                                                plan(existing, today, config.retention().toDays()))
                                        .flatMap(plan -> carryOut(connection, plan))
                                : Uni.createFrom().voidItem());
    }

    /// @param cutOff what happened before it is forgotten
    record Plan(List<LocalDate> toAdd, List<LocalDate> toDrop, LocalDate cutOff) {}

    /// A consumer that is new may begin with events as old as the retention, so the days of the
    /// past are there, too.
    static Plan plan(Set<LocalDate> existing, LocalDate today, long retentionDays) {
        // Something that happened late on a day is to be remembered for the whole retention.
        var first = today.minusDays(retentionDays + 1);
        return new Plan(
                first.datesUntil(today.plusDays(DAYS_AHEAD + 1))
                        .filter(day -> !existing.contains(day))
                        .toList(),
                existing.stream().filter(day -> day.isBefore(first)).sorted().toList(),
                first);
    }

    private static Uni<Set<LocalDate>> partitions(SqlConnection connection) {
        return connection
                .query(PARTITIONS)
                .execute()
                .map(rows ->
                        rows.stream()
                                .map(row -> row.getString("name"))
                                .filter(name -> name.matches(PREFIX + "[0-9]{8}"))
                                .map(name -> LocalDate.parse(name.substring(PREFIX.length()), DAY))
                                .collect(toSet()));
    }

    private Uni<Void> carryOut(SqlConnection connection, Plan plan) {
        var statements = new ArrayList<String>();
        if (!plan.toAdd.isEmpty()) {
            // What lies in the default partition for want of its day moves to it.
            statements.add("lock table inbox_other in access exclusive mode");
        }
        plan.toAdd.forEach(day -> statements.addAll(adding(day)));
        plan.toDrop.forEach(day -> statements.add("drop table " + PREFIX + DAY.format(day)));
        statements.add(
                "delete from inbox_other where event_id < '%s'".formatted(first(plan.cutOff)));
        if (!outboxConfig.relay()) {
            statements.add(
                    "delete from outbox where time < now() - interval '%d s'"
                            .formatted(outboxConfig.retention().toSeconds()));
        }
        return connection.query(String.join(";\n", statements)).execute().replaceWithVoid();
    }

    private static List<String> adding(LocalDate day) {
        var name = PREFIX + DAY.format(day);
        var from = first(day);
        var to = first(day.plusDays(1));
        return List.of(
                "create table %s (like inbox including all)".formatted(name),
                """
                with moved as (delete from inbox_other where event_id >= '%s' and event_id < '%s' returning event_id)
                insert into %s select event_id from moved\
                """
                        .formatted(from, to, name),
                "alter table inbox attach partition %s for values from ('%s') to ('%s')"
                        .formatted(name, from, to));
    }

    /// The smallest id of a day.
    static UUID first(LocalDate day) {
        return new UUID(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << 16, 0);
    }
}
