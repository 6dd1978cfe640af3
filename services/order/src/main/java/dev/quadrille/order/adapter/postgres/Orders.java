package dev.quadrille.order.adapter.postgres;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.delivery.Transaction;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.postgres.OrderEntity.Status;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Returned;
import dev.quadrille.order.domain.Order.Shipped;
import io.smallrye.mutiny.Uni;
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

/// Reads orders to decide about them, and writes what was decided.
@ApplicationScoped
public class Orders {

    private static final String COLUMNS =
            """
            id, version, status, reason, note, stock, payment, customer_id, customer_email, currency,
            lines::text as lines, total_minor, payment_method, placed_at, deadline, carrier, tracking_number,
            return_reason, status_since
            """;

    // Locked in one order everywhere, so that two transactions wait for, and do not deadlock, each
    // other.
    private static final String LOCK =
            "select " + COLUMNS + " from orders where id = any($1) order by id for update";
    private static final String LOCK_DUE =
            "select "
                    + COLUMNS
                    + """
                     from orders where status = 'PENDING' and deadline <= $1
                    order by deadline limit $2 for update skip locked
                    """;
    private static final String UNSETTLED =
            "select "
                    + COLUMNS
                    + """
                     from orders
                    where not settled and status <> 'CONFIRMED'
                        and status_since <= $1 and (status_since, id) > ($2, $3)
                    order by status_since, id limit $4
                    """;
    private static final String COUNT_UNSETTLED =
            """
            select count(*)::int from (
                select from orders
                where not settled and status <> 'CONFIRMED' and status_since <= $1 limit $2) waiting
            """;
    private static final String INSERT =
            """
            insert into orders (id, version, status, stock, payment, settled, customer_id, customer_email,
                                currency, lines, total_minor, payment_method, placed_at, deadline, status_since)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11, $12, $13, $14, $13)
            """;
    private static final String UPDATE =
            """
            update orders
            set version = moved.version, status = moved.status, reason = moved.reason, note = moved.note,
                stock = moved.stock, payment = moved.payment, settled = moved.settled, carrier = moved.carrier,
                tracking_number = moved.tracking_number, return_reason = moved.return_reason,
                status_since = case when orders.status = moved.status then orders.status_since else $12 end
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                        $8::boolean[], $9::text[], $10::text[], $11::text[])
                 as moved (id, version, status, reason, note, stock, payment, settled, carrier, tracking_number,
                           return_reason)
            where orders.id = moved.id and orders.version < moved.version
            """;

    /// The orders of these ids that exist, by id, locked until the transaction ends.
    public Uni<Map<String, Versioned<Placed>>> lock(Transaction transaction, Collection<UUID> ids) {
        return transaction
                .run(LOCK, (Object) ids.toArray(UUID[]::new))
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> OrderEntity.of(row).order())
                                .collect(toMap(order -> order.state().subject(), order -> order)));
    }

    /// Some orders that are PENDING and past their deadline, locked, except those that somebody
    /// else has locked.
    public Uni<List<Versioned<Placed>>> lockDue(Transaction transaction, Instant now, int limit) {
        return transaction
                .run(LOCK_DUE, utc(now), limit)
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> OrderEntity.of(row).order())
                                .toList());
    }

    /// An order's place among those that wait.
    ///
    /// @param time since when it has its status
    public record WaitingSince(Instant time, UUID id) {

        /// Before all others.
        public static final WaitingSince EVER = new WaitingSince(Instant.EPOCH, new UUID(0, 0));
    }

    public record Unsettled(Versioned<Placed> order, WaitingSince since) {}

    /// Some orders that wait for some part of the system, in the order of their places. A CONFIRMED
    /// order is not among them: it waits for a person.
    ///
    /// @param until those that have their status since then, or for longer
    /// @param after the place after which the list goes on
    public Uni<List<Unsettled>> unsettled(
            Transaction transaction, Instant until, WaitingSince after, int limit) {
        return transaction
                .run(UNSETTLED, utc(until), utc(after.time()), after.id(), limit)
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(OrderEntity::of)
                                .map(row ->
                                        new Unsettled(
                                                row.order(),
                                                new WaitingSince(row.statusSince, row.id)))
                                .toList());
    }

    /// How many orders wait for some part of the system.
    ///
    /// @param until those that have their status since then, or for longer
    /// @param max where the count ends
    public Uni<Integer> countUnsettled(Transaction transaction, Instant until, int max) {
        return transaction
                .run(COUNT_UNSETTLED, utc(until), max)
                .map(rows -> rows.iterator().next().getInteger(0));
    }

    public Uni<Void> insert(Transaction transaction, Versioned<Placed> order) {
        var state = order.state();
        var details = state.details();
        return transaction.change(
                1,
                INSERT,
                details.id(),
                order.version(),
                status(state).name(),
                state.stock().name(),
                state.payment().name(),
                state.settled(),
                details.customer().id(),
                details.customer().email().value(),
                details.total().currency(),
                Lines.write(details.lines()),
                details.total().amountMinor(),
                details.paymentMethod().token(),
                utc(details.placedAt()),
                utc(details.deadline()));
    }

    /// Writes orders that were locked in this transaction.
    ///
    /// @param now since when an order has its status, if that is another than before
    public Uni<Void> update(Transaction transaction, List<Versioned<Placed>> moved, Instant now) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction.change(
                moved.size(),
                UPDATE,
                moved.stream().map(order -> order.state().details().id()).toArray(UUID[]::new),
                moved.stream().map(Versioned::version).toArray(Long[]::new),
                moved.stream().map(order -> status(order.state()).name()).toArray(String[]::new),
                moved.stream().map(order -> reason(order.state())).toArray(String[]::new),
                moved.stream().map(order -> note(order.state())).toArray(String[]::new),
                moved.stream().map(order -> order.state().stock().name()).toArray(String[]::new),
                moved.stream().map(order -> order.state().payment().name()).toArray(String[]::new),
                moved.stream().map(order -> order.state().settled()).toArray(Boolean[]::new),
                moved.stream().map(order -> carrier(order.state())).toArray(String[]::new),
                moved.stream().map(order -> trackingNumber(order.state())).toArray(String[]::new),
                moved.stream().map(order -> returnReason(order.state())).toArray(String[]::new),
                utc(now));
    }

    private static Status status(Placed order) {
        return switch (order) {
            case Pending _ -> Status.PENDING;
            case Confirmed _ -> Status.CONFIRMED;
            case Shipped _ -> Status.SHIPPED;
            case Returned _ -> Status.RETURNED;
            case Cancelled _ -> Status.CANCELLED;
        };
    }

    private static @Nullable String reason(Placed order) {
        return order instanceof Cancelled(_, CancellationReason reason, _, _, _)
                ? reason.name()
                : null;
    }

    private static @Nullable String note(Placed order) {
        return order instanceof Cancelled cancelled ? cancelled.note() : null;
    }

    private static @Nullable String carrier(Placed order) {
        return switch (order) {
            case Shipped shipped -> shipped.carrier();
            case Returned returned -> returned.carrier();
            case Pending _, Confirmed _, Cancelled _ -> null;
        };
    }

    private static @Nullable String trackingNumber(Placed order) {
        return switch (order) {
            case Shipped shipped -> shipped.trackingNumber();
            case Returned returned -> returned.trackingNumber();
            case Pending _, Confirmed _, Cancelled _ -> null;
        };
    }

    private static @Nullable String returnReason(Placed order) {
        return order instanceof Returned returned ? returned.reason() : null;
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
