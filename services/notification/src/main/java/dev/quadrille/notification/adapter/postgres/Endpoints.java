package dev.quadrille.notification.adapter.postgres;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.notification.domain.Endpoint;
import dev.quadrille.notification.domain.Endpoint.Disabled;
import dev.quadrille.notification.domain.Endpoint.Enabled;
import dev.quadrille.notification.domain.Endpoint.Failing;
import dev.quadrille.notification.domain.Endpoint.Reason;
import dev.quadrille.notification.domain.EndpointDetails;
import dev.quadrille.notification.domain.SigningSecrets;
import dev.quadrille.notification.domain.SigningSecrets.Previous;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads endpoints to decide about them, and writes what was decided.
///
/// Whoever locks an endpoint and a delivery locks the endpoint first, and the notification last.
@ApplicationScoped
public class Endpoints {

    private static final String SELECT =
            """
            select id, version, url, kinds, secret, previous_secrets, previous_untils, failing_since,
                   last_failed_at, not_before, disabled_at, disabled_reason
            from webhook_endpoints
            """;
    private static final String LOCK = SELECT + " where id = $1 for update";
    private static final String FIND = SELECT + " where id = any($1)";
    private static final String ENABLED = SELECT + " where disabled_at is null order by id";

    // Of two who come at the same time to the last place, the second waits and finds it taken.
    private static final String LOCK_ALL =
            "lock table webhook_endpoints in share row exclusive mode";
    private static final String INSERT =
            """
            insert into webhook_endpoints (id, version, url, kinds, secret, created_at)
            select $1, 1, $2, $3, $4, $5
            where (select count(*) from webhook_endpoints) < $6
            """;
    private static final String UPDATE =
            """
            update webhook_endpoints
            set version = $2, secret = $3, previous_secrets = $4, previous_untils = $5, failing_since = $6,
                last_failed_at = $7, not_before = $8, disabled_at = $9, disabled_reason = $10
            where id = $1 and version < $2
            """;
    private static final String DELETE = "delete from webhook_endpoints where id = $1";

    /// An endpoint, locked until the transaction ends; empty if it is not there.
    public Uni<Optional<Versioned<Endpoint>>> lock(Transaction transaction, UUID id) {
        return transaction.run(LOCK, id).map(rows -> stream(rows).findFirst());
    }

    /// Those of these endpoints that exist, by id.
    public Uni<Map<UUID, Endpoint>> find(Transaction transaction, Collection<UUID> ids) {
        return transaction
                .run(FIND, (Object) ids.toArray(UUID[]::new))
                .map(rows ->
                        stream(rows)
                                .map(Versioned::state)
                                .collect(toMap(e -> e.details().id(), e -> e)));
    }

    /// Those that are called.
    public Uni<List<EndpointDetails>> enabled(Transaction transaction) {
        return transaction
                .run(ENABLED)
                .map(rows -> stream(rows).map(e -> e.state().details()).toList());
    }

    /// Writes a new endpoint, unless there are as many as there may be.
    ///
    /// @return whether it was written
    public Uni<Boolean> insert(
            Transaction transaction,
            EndpointDetails details,
            SigningSecrets secrets,
            int maxEndpoints,
            Instant now) {
        return transaction
                .run(LOCK_ALL)
                .chain(() ->
                        transaction.run(
                                INSERT,
                                details.id(),
                                details.url(),
                                details.kinds().stream().map(Kind::name).toArray(String[]::new),
                                secrets.current(),
                                utc(now),
                                (long) maxEndpoints))
                .map(rows -> rows.rowCount() == 1);
    }

    /// Writes an endpoint that was locked in this transaction.
    public Uni<Void> update(Transaction transaction, Versioned<Endpoint> moved) {
        var endpoint = moved.state();
        var previous = endpoint.secrets().previous();
        var failing = endpoint instanceof Enabled enabled ? enabled.failing() : null;
        return transaction.change(
                1,
                UPDATE,
                endpoint.details().id(),
                moved.version(),
                endpoint.secrets().current(),
                previous.stream().map(Previous::secret).toArray(String[]::new),
                previous.stream().map(one -> utc(one.until())).toArray(OffsetDateTime[]::new),
                utc(failing == null ? null : failing.since()),
                utc(failing == null ? null : failing.last()),
                utc(failing == null ? null : failing.notBefore()),
                utc(endpoint instanceof Disabled(_, _, var at, _) ? at : null),
                endpoint instanceof Disabled(_, _, _, var reason) ? reason.name() : null);
    }

    /// @return whether it was there
    public Uni<Boolean> delete(Transaction transaction, UUID id) {
        return transaction.run(DELETE, id).map(rows -> rows.rowCount() == 1);
    }

    private static Stream<Versioned<Endpoint>> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false).map(Endpoints::endpoint);
    }

    private static Versioned<Endpoint> endpoint(Row row) {
        var details =
                new EndpointDetails(
                        row.getUUID("id"),
                        row.getString("url"),
                        Stream.of(row.getArrayOfStrings("kinds")).map(Kind::valueOf).toList());
        var secrets = new SigningSecrets(row.getString("secret"), previous(row));
        var disabledAt = instant(row, "disabled_at");
        return new Versioned<>(
                disabledAt == null
                        ? new Enabled(details, secrets, failing(row))
                        : new Disabled(
                                details,
                                secrets,
                                disabledAt,
                                Reason.valueOf(row.getString("disabled_reason"))),
                row.getLong("version"));
    }

    private static List<Previous> previous(Row row) {
        var secrets = row.getArrayOfStrings("previous_secrets");
        var untils = row.getArrayOfOffsetDateTimes("previous_untils");
        return IntStream.range(0, secrets.length)
                .mapToObj(i -> new Previous(secrets[i], untils[i].toInstant()))
                .toList();
    }

    private static @Nullable Failing failing(Row row) {
        var since = instant(row, "failing_since");
        return since == null
                ? null
                : new Failing(
                        since,
                        requireNonNull(instant(row, "last_failed_at")),
                        instant(row, "not_before"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        var time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
