package dev.quadrille.payment.adapter.postgres;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import dev.quadrille.delivery.Transaction;
import dev.quadrille.payment.adapter.postgres.PaymentEntity.State;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Capturing;
import dev.quadrille.payment.domain.Payment.CapturingToRefund;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Refunding;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
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
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads payments to decide about them, and writes what was decided; and hands out what is to be
/// asked of the provider.
@ApplicationScoped
public class Payments {

    private static final String COLUMNS =
            """
            order_id, version, state, amount_minor, currency, payment_method, provider_reference,
            decline_code, attempts, cause_id, traceparent
            """;

    // Locked in one order everywhere, so that two transactions wait for, and do not deadlock, each
    // other.
    private static final String LOCK =
            "select "
                    + COLUMNS
                    + " from payments where order_id = any($1) order by order_id for update";
    private static final String MOVED =
            """
            from unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                        $8::text[], $9::uuid[], $10::text[], $11::text[])
                 as moved (order_id, version, state, amount_minor, currency, payment_method, provider_reference,
                           decline_code, cause_id, traceparent, work)
            """;
    private static final String INSERT =
            """
            insert into payments (order_id, version, state, amount_minor, currency, payment_method,
                                  provider_reference, decline_code, cause_id, traceparent, work, work_due_at,
                                  changed_at)
            select order_id, version, state, amount_minor, currency, payment_method,
                   provider_reference, decline_code, cause_id, traceparent, work,
                   case when work is not null then $12::timestamptz end, $12::timestamptz
            """
                    + MOVED
                    + " order by order_id on conflict do nothing";

    // Abandoning asks for the same as Authorizing did, and CapturingToRefund for the same as
    // Capturing. Each takes over the lease, so that the provider is not asked twice at a time, and
    // the number of attempts, so that the pause goes on growing.
    private static final String UPDATE =
            """
            update payments
            set version = moved.version, state = moved.state, amount_minor = moved.amount_minor,
                currency = moved.currency, payment_method = moved.payment_method,
                provider_reference = moved.provider_reference, decline_code = moved.decline_code,
                cause_id = moved.cause_id, traceparent = moved.traceparent, work = moved.work,
                work_due_at = case when moved.work is null then null
                                   when moved.work = payments.work then payments.work_due_at
                                   else $12::timestamptz end,
                attempts = case when moved.work = payments.work then payments.attempts else 0 end,
                changed_at = $12::timestamptz
            """
                    + MOVED
                    + " where payments.order_id = moved.order_id and payments.version <"
                    + " moved.version";
    private static final String LEASE_DUE =
            """
            with to_authorize as (
                select order_id as id from payments where work = 'AUTHORIZE' and work_due_at <= $1
                order by work_due_at limit $2 for update skip locked),
            to_settle as (
                select order_id as id from payments where work <> 'AUTHORIZE' and work_due_at <= $1
                order by work_due_at limit $3 for update skip locked),
            due as (select id from to_authorize union all select id from to_settle limit $4)
            update payments
            set work_due_at = $5, attempts = attempts + 1, first_asked_at = coalesce(first_asked_at, $1)
            from due where order_id = due.id
            returning first_asked_at,
            """
                    + COLUMNS;
    // Who was handed out for the first time and not asked for was never asked for.
    private static final String HAND_BACK =
            """
            update payments
            set work_due_at = $4, attempts = $5,
                first_asked_at = case when $5 = 0 and work = 'AUTHORIZE' then null else first_asked_at end
            where order_id = $1 and work = $2 and attempts = $3
            """;

    private static final String HURRY =
            "update payments set work_due_at = $2 where order_id = $1 and work_due_at > $2";

    private static final String STANDING =
            "select " + COLUMNS + ", changed_at from payments where order_id = any($1)";
    private static final String HELD_SINCE =
            "select "
                    + COLUMNS
                    + """
                    , changed_at from payments
                    where provider_reference is not null and first_asked_at >= $1 and first_asked_at < $2
                      and changed_at < $2 and work is null
                    order by first_asked_at limit $3
                    """;

    /// The payments of these orders that exist, by their subject, locked until the transaction
    /// ends.
    public Uni<Map<String, Filed>> lock(Transaction transaction, Collection<UUID> orderIds) {
        return transaction
                .run(LOCK, (Object) orderIds.toArray(UUID[]::new))
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(Payments::filed)
                                .collect(
                                        toMap(
                                                filed -> filed.payment().state().subject(),
                                                filed -> filed)));
    }

    /// Writes payments that were not there when this transaction looked for them.
    public Uni<Void> insert(Transaction transaction, List<Filed> moved, Instant now) {
        return write(transaction, INSERT, moved, now);
    }

    /// Writes payments that were locked in this transaction.
    public Uni<Void> update(Transaction transaction, List<Filed> moved, Instant now) {
        return write(transaction, UPDATE, moved, now);
    }

    /// How many errands are wanted.
    ///
    /// @param toAuthorize at most so many of these
    /// @param toSettle and so many voids, captures and refunds
    /// @param all and so many in all; authorizations come first, because a customer waits for them
    public record Wanted(int toAuthorize, int toSettle, int all) {}

    /// Hands out what is due, except what somebody else is handing out just now.
    ///
    /// @param until when it becomes due again, should this process not be heard of any more
    public Uni<List<Due>> leaseDue(
            Transaction transaction, Instant now, Instant until, Wanted wanted) {
        return transaction
                .run(
                        LEASE_DUE,
                        utc(now),
                        wanted.toAuthorize(),
                        wanted.toSettle(),
                        wanted.all(),
                        utc(until))
                .map(rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row ->
                                        new Due(
                                                requireNonNull(
                                                        filed(row).payment().state().errand()),
                                                row.getInteger("attempts"),
                                                row.getOffsetDateTime("first_asked_at")
                                                        .toInstant()))
                                .toList());
    }

    /// Has an errand that was handed out become due at this time.
    public Uni<Void> postpone(Transaction transaction, Due due, Instant until) {
        return handBack(transaction, due, until, due.attempt());
    }

    /// Has an errand that was handed out become due at this time, as if it had not been: the
    /// provider was not asked.
    public Uni<Void> giveBack(Transaction transaction, Due due, Instant until) {
        return handBack(transaction, due, until, due.attempt() - 1);
    }

    /// Not if the payment wants something else by now, or if the errand was handed out again.
    private static Uni<Void> handBack(
            Transaction transaction, Due due, Instant until, int attempts) {
        return transaction
                .run(
                        HAND_BACK,
                        due.errand().orderId(),
                        name(due.errand()),
                        due.attempt(),
                        utc(until),
                        attempts)
                .replaceWithVoid();
    }

    private static Uni<Void> write(
            Transaction transaction, String sql, List<Filed> moved, Instant now) {
        if (moved.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction.change(
                moved.size(),
                sql,
                column(moved, Known::orderId).toArray(UUID[]::new),
                moved.stream().map(filed -> filed.payment().version()).toArray(Long[]::new),
                column(moved, payment -> state(payment).name()).toArray(String[]::new),
                column(moved, Payments::amountMinor).toArray(Long[]::new),
                column(moved, Payments::currency).toArray(String[]::new),
                column(moved, Payments::token).toArray(String[]::new),
                column(moved, Known::reference).toArray(String[]::new),
                column(moved, Known::declineCode).toArray(String[]::new),
                moved.stream().map(filed -> filed.cause().eventId()).toArray(UUID[]::new),
                moved.stream().map(filed -> filed.cause().traceparent()).toArray(String[]::new),
                column(moved, Payments::work).toArray(String[]::new),
                utc(now));
    }

    /// Has what the payment wants, if it wants anything, become due now.
    public Uni<Void> hurry(Transaction transaction, UUID orderId, Instant now) {
        return transaction.run(HURRY, orderId, utc(now)).replaceWithVoid();
    }

    private static <T extends @Nullable Object> List<T> column(
            List<Filed> moved, Function<Known, T> value) {
        return moved.stream().map(filed -> value.apply(filed.payment().state())).toList();
    }

    /// The payments of these orders that exist, as they stand.
    public Uni<List<Standing>> standing(Transaction transaction, Collection<UUID> orderIds) {
        return transaction
                .run(STANDING, (Object) orderIds.toArray(UUID[]::new))
                .map(Payments::standing);
    }

    /// Payments that the provider has a name for, of which it was first asked in this time, and
    /// that have not changed since its end and want nothing.
    public Uni<List<Standing>> heldSince(
            Transaction transaction, Instant since, Instant before, int limit) {
        return transaction.run(HELD_SINCE, utc(since), utc(before), limit).map(Payments::standing);
    }

    private static List<Standing> standing(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row ->
                        new Standing(
                                PaymentEntity.of(row).payment().state(),
                                row.getOffsetDateTime("changed_at").toInstant()))
                .toList();
    }

    private static Filed filed(Row row) {
        return new Filed(
                PaymentEntity.of(row).payment(),
                new Cause(row.getUUID("cause_id"), row.getString("traceparent")));
    }

    private static State state(Known payment) {
        return switch (payment) {
            case AwaitingStock _ -> State.AWAITING_STOCK;
            case AwaitingOrder _ -> State.AWAITING_ORDER;
            case Authorizing _ -> State.AUTHORIZING;
            case Authorized _ -> State.AUTHORIZED;
            case Declined _ -> State.DECLINED;
            case Abandoning _ -> State.ABANDONING;
            case Voiding _ -> State.VOIDING;
            case Voided _ -> State.VOIDED;
            case Cancelled _ -> State.CANCELLED;
            case Capturing _ -> State.CAPTURING;
            case Captured _ -> State.CAPTURED;
            case CapturingToRefund _ -> State.CAPTURING_TO_REFUND;
            case Refunding _ -> State.REFUNDING;
            case Refunded _ -> State.REFUNDED;
        };
    }

    private static @Nullable Long amountMinor(Known payment) {
        var amount = payment.amount();
        return amount == null ? null : amount.amountMinor();
    }

    private static @Nullable String currency(Known payment) {
        var amount = payment.amount();
        return amount == null ? null : amount.currency();
    }

    private static @Nullable String token(Known payment) {
        var method = payment.method();
        return method == null ? null : method.token();
    }

    private static @Nullable String work(Known payment) {
        var errand = payment.errand();
        return errand == null ? null : name(errand);
    }

    private static String name(Errand errand) {
        return switch (errand) {
            case Errand.Authorize _ -> "AUTHORIZE";
            case Errand.LetGo _ -> "VOID";
            case Errand.Capture _ -> "CAPTURE";
            case Errand.Refund _ -> "REFUND";
        };
    }

    private static OffsetDateTime utc(Instant time) {
        return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
    }
}
