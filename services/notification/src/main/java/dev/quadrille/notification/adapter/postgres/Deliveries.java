package dev.quadrille.notification.adapter.postgres;

import static java.util.stream.Collectors.groupingBy;

import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.postgres.DeliveryEntity.State;
import dev.quadrille.notification.domain.Delivery;
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.Delivery.Delivered;
import dev.quadrille.notification.domain.Delivery.GivenUp;
import dev.quadrille.notification.domain.Delivery.Waiting;
import dev.quadrille.notification.domain.DeliveryDetails;
import dev.quadrille.notification.domain.Tries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads deliveries to decide about them, and writes what was decided.
@ApplicationScoped
public class Deliveries {

    private static final String COLUMNS =
            """
            id, notification_id, endpoint_id, order_id, kind, version, state, attempts, attempts_in_round,
            work_due_at, last_status, last_error
            """;

    // Each endpoint has its own share, however much waits for another: the index is asked for one
    // endpoint after the other (a loose index scan), and of each for the first few. What is under
    // way to it anywhere is taken off; only replicas that claim at the very same moment do not see
    // each other. Who has asked for time is left alone. What waits for an endpoint that is not
    // called any more is only to be given up, and need not be due for that; it comes last, so that
    // no call waits for it.
    private static final String LOCK_DUE =
            """
            with recursive busy (endpoint_id) as (
                (select endpoint_id from webhook_deliveries
                 where work_due_at is not null order by endpoint_id limit 1)
                union all
                select (select endpoint_id from webhook_deliveries
                        where work_due_at is not null and endpoint_id > busy.endpoint_id
                        order by endpoint_id limit 1)
                from busy where busy.endpoint_id is not null
            ), in_turn as materialized (
                select busy.endpoint_id, called.id is not null as called,
                       coalesce(called.not_before > $1::timestamptz, false) as held
                from busy
                    left join webhook_endpoints as called
                        on called.id = busy.endpoint_id and called.disabled_at is null
                where busy.endpoint_id is not null
                order by called.id is null, busy.endpoint_id
            )
            select due.*
            from in_turn
                cross join lateral (
                    select
            """
                    + COLUMNS
                    + """
                             from webhook_deliveries as delivery
                            where delivery.endpoint_id = in_turn.endpoint_id
                              and delivery.work_due_at <= case when in_turn.called
                                      then $1::timestamptz else timestamptz 'infinity' end
                              and (delivery.work_due_at <= $1 or delivery.state = 'WAITING')
                            order by delivery.work_due_at
                            limit case
                                when in_turn.held then 0
                                when in_turn.called
                                then greatest(0, $2 - (
                                    select count(*) from webhook_deliveries as under_way
                                    where under_way.endpoint_id = in_turn.endpoint_id
                                      and under_way.state = 'ATTEMPTING' and under_way.work_due_at > $1))
                                else $3
                                end
                            for update skip locked
                        ) as due
                    limit $4
                    """;
    private static final String LOCK =
            "select " + COLUMNS + " from webhook_deliveries where id = $1 for update";
    private static final String ENDPOINT_OF =
            "select endpoint_id from webhook_deliveries where id = $1";
    private static final String OF_NOTIFICATIONS =
            "select "
                    + COLUMNS
                    + " from webhook_deliveries where notification_id = any($1) order by id";

    // A notification that was passed over, because its order has one of its kind, has no
    // deliveries either.
    private static final String INSERT =
            """
            insert into webhook_deliveries (id, notification_id, endpoint_id, order_id, kind, version, state,
                                            attempts, attempts_in_round, work_due_at, changed_at)
            select begun.id, notification_id, endpoint_id, begun.order_id, begun.kind, 1, 'WAITING', 0, 0,
                   begun.work_due_at, $7
            from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[])
                 as begun (id, notification_id, endpoint_id, order_id, kind, work_due_at)
                join notifications on notifications.id = notification_id
            on conflict (notification_id, endpoint_id) do nothing
            """;
    private static final String UPDATE =
            """
            update webhook_deliveries
            set version = moved.version, state = moved.state, attempts = moved.attempts,
                attempts_in_round = moved.attempts_in_round, work_due_at = moved.work_due_at,
                last_status = moved.last_status, last_error = moved.last_error, changed_at = $9
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[], $5::int[], $6::timestamptz[],
                        $7::int[], $8::text[])
                 as moved (id, version, state, attempts, attempts_in_round, work_due_at, last_status,
                           last_error)
            where webhook_deliveries.id = moved.id and webhook_deliveries.version < moved.version
            """;

    /// Some deliveries about which something is to be done now, locked, except those that somebody
    /// else has locked. What waits for an endpoint that is not called is among them, due or not.
    ///
    /// @param perEndpoint how many may be under way to one endpoint
    /// @param toGiveUp how many at most of an endpoint that is not called
    /// @param limit of all
    public Uni<List<Versioned<Delivery>>> lockDue(
            Transaction transaction, Instant now, int perEndpoint, int toGiveUp, int limit) {
        return transaction
                .run(LOCK_DUE, utc(now), (long) perEndpoint, (long) toGiveUp, limit)
                .map(Deliveries::deliveries);
    }

    /// A delivery, locked until the transaction ends; empty if it is not there.
    public Uni<Optional<Versioned<Delivery>>> lock(Transaction transaction, UUID id) {
        return transaction.run(LOCK, id).map(rows -> deliveries(rows).stream().findFirst());
    }

    /// Where a delivery goes; empty if it is not there.
    public Uni<Optional<UUID>> endpointOf(Transaction transaction, UUID id) {
        return transaction
                .run(ENDPOINT_OF, id)
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getUUID("endpoint_id"))
                                .findFirst());
    }

    /// All deliveries of these notifications, as they are now, by notification.
    public Uni<Map<UUID, List<Delivery>>> of(
            Transaction transaction, Collection<UUID> notificationIds) {
        return transaction
                .run(OF_NOTIFICATIONS, (Object) notificationIds.toArray(UUID[]::new))
                .map(rows ->
                        deliveries(rows).stream()
                                .map(Versioned::state)
                                .collect(groupingBy(d -> d.details().notificationId())));
    }

    /// Writes new deliveries.
    public Uni<Void> insert(Transaction transaction, List<Waiting> begun, Instant now) {
        if (begun.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .run(
                        INSERT,
                        begun.stream().map(d -> d.details().id()).toArray(UUID[]::new),
                        begun.stream().map(d -> d.details().notificationId()).toArray(UUID[]::new),
                        begun.stream().map(d -> d.details().endpointId()).toArray(UUID[]::new),
                        begun.stream().map(d -> d.details().orderId()).toArray(UUID[]::new),
                        begun.stream().map(d -> d.details().kind().name()).toArray(String[]::new),
                        begun.stream().map(d -> utc(d.dueAt())).toArray(OffsetDateTime[]::new),
                        utc(now))
                .replaceWithVoid();
    }

    /// Writes deliveries that were locked in this transaction.
    public Uni<Void> update(Transaction transaction, List<Versioned<Delivery>> moved, Instant now) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction.change(
                moved.size(),
                UPDATE,
                moved.stream().map(d -> d.state().details().id()).toArray(UUID[]::new),
                moved.stream().map(Versioned::version).toArray(Long[]::new),
                moved.stream().map(d -> state(d.state()).name()).toArray(String[]::new),
                moved.stream().map(d -> d.state().tries().all()).toArray(Integer[]::new),
                moved.stream().map(d -> d.state().tries().inRound()).toArray(Integer[]::new),
                moved.stream().map(d -> workDueAt(d.state())).toArray(OffsetDateTime[]::new),
                moved.stream().map(d -> d.state().tries().lastStatus()).toArray(Integer[]::new),
                moved.stream().map(d -> error(d.state())).toArray(String[]::new),
                utc(now));
    }

    /// Takes out deliveries that ended before this time, except those that somebody has locked.
    ///
    /// @return the notification of each that was taken out
    public Uni<List<UUID>> prune(Transaction transaction, Instant endedBefore, int limit) {
        return transaction
                .run(Forgetting.DELIVERIES, utc(endedBefore), limit)
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getUUID("notification_id"))
                                .toList());
    }

    private static List<Versioned<Delivery>> deliveries(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(Deliveries::delivery).toList();
    }

    private static Versioned<Delivery> delivery(Row row) {
        var details =
                new DeliveryDetails(
                        row.getUUID("id"),
                        row.getUUID("notification_id"),
                        row.getUUID("endpoint_id"),
                        row.getUUID("order_id"),
                        Kind.valueOf(row.getString("kind")));
        var tries =
                new Tries(
                        row.getInteger("attempts"),
                        row.getInteger("attempts_in_round"),
                        row.getInteger("last_status"),
                        row.getString("last_error"));
        return new Versioned<>(
                switch (State.valueOf(row.getString("state"))) {
                    case WAITING -> new Waiting(details, tries, instant(row, "work_due_at"));
                    case ATTEMPTING -> new Attempting(details, tries, instant(row, "work_due_at"));
                    case DELIVERED -> new Delivered(details, tries);
                    case GIVEN_UP -> new GivenUp(details, tries, row.getString("last_error"));
                },
                row.getLong("version"));
    }

    private static State state(Delivery delivery) {
        return switch (delivery) {
            case Waiting _ -> State.WAITING;
            case Attempting _ -> State.ATTEMPTING;
            case Delivered _ -> State.DELIVERED;
            case GivenUp _ -> State.GIVEN_UP;
        };
    }

    private static @Nullable OffsetDateTime workDueAt(Delivery delivery) {
        return switch (delivery) {
            case Waiting(_, _, var dueAt) -> utc(dueAt);
            case Attempting(_, _, var leaseEndsAt) -> utc(leaseEndsAt);
            case Delivered _, GivenUp _ -> null;
        };
    }

    private static @Nullable String error(Delivery delivery) {
        return delivery instanceof GivenUp(_, _, var error) ? error : delivery.tries().lastError();
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
