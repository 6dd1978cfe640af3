package dev.quadrille.notification.adapter.postgres;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.adapter.postgres.NotificationEntity.State;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.Notification.Delivering;
import dev.quadrille.notification.domain.Notification.Failed;
import dev.quadrille.notification.domain.Notification.Pending;
import dev.quadrille.notification.domain.Notification.Sending;
import dev.quadrille.notification.domain.Notification.Sent;
import dev.quadrille.notification.domain.NotificationDetails;
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
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads notifications to decide about them, and writes what was decided.
@ApplicationScoped
public class Notifications {

    private static final String COLUMNS =
            """
            id, order_id, kind, channel, version, state, attempts, work_due_at, error, body,
            causation_id, traceparent
            """;

    // A customer reads of an order in its order: what became due later waits until the earlier has
    // ended, well or badly.
    private static final String LOCK_DUE =
            "select "
                    + COLUMNS
                    + """
                     from notifications as due
                    where work_due_at <= $1 and channel = $2
                      and not exists (select from notifications as earlier
                                      where earlier.order_id = due.order_id
                                        and earlier.channel = due.channel
                                        and earlier.position < due.position
                                        and earlier.work_due_at is not null)
                    order by work_due_at limit $3 for update skip locked
                    """;
    private static final String LOCK =
            "select " + COLUMNS + " from notifications where id = any($1) order by id for update";

    private static final String BODIES = "select id, body from notifications where id = any($1)";

    // A kind that is there already stays as it is: invariant I12 has its last guard here.
    private static final String INSERT =
            """
            insert into notifications (id, order_id, kind, channel, version, state, attempts, work_due_at,
                                       body, causation_id, traceparent, changed_at)
            select id, order_id, kind, channel, 1, state, 0, work_due_at, body, causation_id, traceparent, $10
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
                        $7::text[], $8::uuid[], $9::text[])
                 with ordinality
                 as begun (id, order_id, kind, channel, state, work_due_at, body, causation_id, traceparent,
                           place)
            order by place
            on conflict (order_id, kind, channel) do nothing
            """;
    private static final String UPDATE =
            """
            update notifications
            set version = moved.version, state = moved.state, attempts = moved.attempts,
                work_due_at = moved.work_due_at, error = moved.error, changed_at = $7
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[], $5::timestamptz[], $6::text[])
                 as moved (id, version, state, attempts, work_due_at, error)
            where notifications.id = moved.id and notifications.version < moved.version
            """;

    /// Some notifications about which something is to be done now, locked, except those that
    /// somebody else has locked.
    public Uni<List<Versioned<Notification>>> lockDue(
            Transaction transaction, Channel channel, Instant now, int limit) {
        return transaction
                .run(LOCK_DUE, utc(now), channel.name(), limit)
                .map(Notifications::notifications);
    }

    /// A notification that exists, locked until the transaction ends.
    public Uni<Versioned<Notification>> lock(Transaction transaction, UUID id) {
        return lock(transaction, List.of(id)).map(List::getFirst);
    }

    /// Those of these notifications that exist, locked until the transaction ends.
    public Uni<List<Versioned<Notification>>> lock(Transaction transaction, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(List.of())
                : transaction
                        .run(LOCK, (Object) ids.toArray(UUID[]::new))
                        .map(Notifications::notifications);
    }

    /// What the endpoints get of those of these notifications that go to webhooks, by notification.
    public Uni<Map<UUID, String>> bodies(Transaction transaction, Collection<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().item(Map.of())
                : transaction
                        .run(BODIES, (Object) ids.toArray(UUID[]::new))
                        .map(rows ->
                                StreamSupport.stream(rows.spliterator(), false)
                                        .collect(
                                                toMap(
                                                        row -> row.getUUID("id"),
                                                        row -> row.getString("body"))));
    }

    /// Empties the bodies of those that have no delivery any more, so that nobody can ask for them
    /// again.
    public Uni<Void> forgetBodies(Transaction transaction, Collection<UUID> ids) {
        var these = ids.toArray(UUID[]::new);
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : transaction
                        .run(Forgetting.LOCK, (Object) these)
                        .chain(() -> transaction.run(Forgetting.BODIES, (Object) these))
                        .replaceWithVoid();
    }

    /// Writes new notifications, in this order. One whose kind the order has already, on the same
    /// channel, is passed over.
    public Uni<Void> insert(Transaction transaction, List<Notification> begun, Instant now) {
        if (begun.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .run(
                        INSERT,
                        begun.stream().map(n -> n.details().id()).toArray(UUID[]::new),
                        begun.stream().map(n -> n.details().orderId()).toArray(UUID[]::new),
                        begun.stream().map(n -> n.details().kind().name()).toArray(String[]::new),
                        begun.stream()
                                .map(n -> n.details().channel().name())
                                .toArray(String[]::new),
                        begun.stream().map(n -> state(n).name()).toArray(String[]::new),
                        begun.stream().map(n -> workDueAt(n)).toArray(OffsetDateTime[]::new),
                        begun.stream()
                                .map(n -> n instanceof Delivering(_, var body) ? body : null)
                                .toArray(String[]::new),
                        begun.stream().map(n -> n.details().causationId()).toArray(UUID[]::new),
                        begun.stream().map(n -> n.details().traceparent()).toArray(String[]::new),
                        utc(now))
                .replaceWithVoid();
    }

    /// Writes notifications that were locked in this transaction.
    public Uni<Void> update(
            Transaction transaction, List<Versioned<Notification>> moved, Instant now) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction.change(
                moved.size(),
                UPDATE,
                moved.stream().map(n -> n.state().details().id()).toArray(UUID[]::new),
                moved.stream().map(Versioned::version).toArray(Long[]::new),
                moved.stream().map(n -> state(n.state()).name()).toArray(String[]::new),
                moved.stream().map(n -> n.state().attempts()).toArray(Integer[]::new),
                moved.stream().map(n -> workDueAt(n.state())).toArray(OffsetDateTime[]::new),
                moved.stream().map(n -> error(n.state())).toArray(String[]::new),
                utc(now));
    }

    private static List<Versioned<Notification>> notifications(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(Notifications::notification)
                .toList();
    }

    private static Versioned<Notification> notification(Row row) {
        var details =
                new NotificationDetails(
                        row.getUUID("id"),
                        row.getUUID("order_id"),
                        Kind.valueOf(row.getString("kind")),
                        Channel.valueOf(row.getString("channel")),
                        row.getUUID("causation_id"),
                        row.getString("traceparent"));
        int attempts = row.getInteger("attempts");
        return new Versioned<>(
                switch (State.valueOf(row.getString("state"))) {
                    case PENDING -> new Pending(details, attempts, instant(row, "work_due_at"));
                    case SENDING -> new Sending(details, attempts, instant(row, "work_due_at"));
                    case DELIVERING -> new Delivering(details, row.getString("body"));
                    case SENT -> new Sent(details, attempts);
                    case FAILED -> new Failed(details, attempts, row.getString("error"));
                },
                row.getLong("version"));
    }

    private static State state(Notification notification) {
        return switch (notification) {
            case Pending _ -> State.PENDING;
            case Sending _ -> State.SENDING;
            case Delivering _ -> State.DELIVERING;
            case Sent _ -> State.SENT;
            case Failed _ -> State.FAILED;
        };
    }

    private static @Nullable OffsetDateTime workDueAt(Notification notification) {
        return switch (notification) {
            case Pending(_, _, var dueAt) -> utc(dueAt);
            case Sending(_, _, var leaseEndsAt) -> utc(leaseEndsAt);
            case Delivering _, Sent _, Failed _ -> null;
        };
    }

    private static @Nullable String error(Notification notification) {
        return notification instanceof Failed(_, _, var error) ? error : null;
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
