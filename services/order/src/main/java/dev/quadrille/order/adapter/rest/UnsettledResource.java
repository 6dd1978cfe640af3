package dev.quadrille.order.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.Limit;
import dev.quadrille.chassis.Page;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.order.adapter.postgres.Orders;
import dev.quadrille.order.adapter.postgres.Orders.WaitingSince;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The orders that wait for some part of the system, for its operator.
@Path("/v1/ops/unsettled")
@Tag(name = "Operations")
public class UnsettledResource {

    /// Far beyond any order, and within what PostgreSQL can take.
    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private final Transactions transactions;
    private final Orders orders;
    private final InstantSource clock;

    UnsettledResource(Transactions transactions, Orders orders, InstantSource clock) {
        this.transactions = transactions;
        this.orders = orders;
        this.clock = clock;
    }

    @GET
    @Operation(
            summary = "List the orders that wait for some part of the system, longest first",
            operationId = "listUnsettledOrders",
            description =
                    "Those that are PENDING, and those that are CANCELLED, SHIPPED or RETURNED and"
                        + " not settled, whose status is older than `olderThan`. A CONFIRMED order"
                        + " is not among them: it waits for a person to ship it, which is no"
                        + " fault.")
    public Uni<Page<OrderView>> list(
            @QueryParam("olderThan") @DefaultValue(Age.ANY) Age olderThan,
            @QueryParam("cursor") @Nullable Cursor cursor,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit) {
        var until = clock.instant().minus(olderThan.value());
        var after = cursor == null ? WaitingSince.EVER : after(cursor);
        return transactions
                .run(transaction -> orders.unsettled(transaction, until, after, limit.rows()))
                .map(rows ->
                        Page.of(
                                rows,
                                limit,
                                row -> OrderView.of(row.order()),
                                row -> row.since().time() + "/" + row.since().id()));
    }

    private static WaitingSince after(Cursor cursor) {
        var parts = cursor.place().split("/", -1);
        if (parts.length != 2) {
            throw Cursor.invalid();
        }
        try {
            var place = new WaitingSince(Instant.parse(parts[0]), UUID.fromString(parts[1]));
            if (place.time().isBefore(Instant.EPOCH) || place.time().isAfter(END)) {
                throw Cursor.invalid();
            }
            return place;
        } catch (DateTimeException | IllegalArgumentException _) {
            throw Cursor.invalid();
        }
    }
}
