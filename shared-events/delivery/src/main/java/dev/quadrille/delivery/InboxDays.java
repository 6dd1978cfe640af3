package dev.quadrille.delivery;

import static java.util.stream.Collectors.toSet;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Set;
import org.jboss.logging.Logger;

/// Gives the inbox a partition for each day to come, and drops the days that are past their
/// retention: as a whole, which costs nothing, where a DELETE of each row would cost as much as the
/// rows did.
///
/// Any replica may do this; an advisory lock keeps two from doing it at once.
@ApplicationScoped
class InboxDays {

    private static final Logger LOG = Logger.getLogger(InboxDays.class);

    private static final Duration INTERVAL = Duration.ofHours(1);
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
                .query(Retention.ALONE)
                .execute()
                .flatMap(rows ->
                        rows.iterator().next().getBoolean("alone")
                                ? partitions(connection)
                                        .map(names ->
                                                Retention.plan(names, today, config.retention()))
                                        .flatMap(plan -> carryOut(connection, plan))
                                : Uni.createFrom().voidItem());
    }

    private static Uni<Set<String>> partitions(SqlConnection connection) {
        return connection
                .query(Retention.PARTITIONS)
                .execute()
                .map(rows -> rows.stream().map(row -> row.getString("name")).collect(toSet()));
    }

    private Uni<Void> carryOut(SqlConnection connection, Retention.Plan plan) {
        var statements = new ArrayList<>(plan.statements());
        if (!outboxConfig.relay()) {
            statements.add(Retention.ofOutbox(outboxConfig.retention()));
        }
        return connection.query(String.join(";\n", statements)).execute().replaceWithVoid();
    }
}
