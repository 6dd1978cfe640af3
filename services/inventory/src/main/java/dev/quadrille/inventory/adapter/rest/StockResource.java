package dev.quadrille.inventory.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.IdempotencyKey;
import dev.quadrille.chassis.Limit;
import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.inventory.adapter.postgres.LedgerEntity;
import dev.quadrille.inventory.adapter.postgres.StockEntity;
import dev.quadrille.inventory.adapter.postgres.StockLevel;
import dev.quadrille.inventory.application.AdjustingStock;
import dev.quadrille.inventory.application.AdjustingStock.Adjustment;
import dev.quadrille.inventory.application.AdjustingStock.Outcome;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response.Status;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/// The stock over HTTP.
@Path("/v1/stock/{sku}")
public class StockResource {

    private final AdjustingStock adjusting;

    StockResource(AdjustingStock adjusting) {
        this.adjusting = adjusting;
    }

    @POST
    @Path("/adjustments")
    @Operation(summary = "Change what lies on the shelf", operationId = "adjustStock")
    public Uni<RestResponse<StockView>> adjust(
            String sku,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable IdempotencyKey key,
            @NotNull @Valid AdjustmentRequest body) {
        if (body.delta() == 0) {
            throw Problem.badRequest("delta", "must not be 0");
        }
        return adjusting
                .adjust(new Adjustment(key, sku, body.delta(), body.reason()))
                .map(outcome ->
                        switch (outcome) {
                            case Outcome.Adjusted(var level) -> created(level).build();
                            case Outcome.Replayed(var level) ->
                                    created(level)
                                            .header(IdempotencyKey.REPLAYED_HEADER, true)
                                            .build();
                            case Outcome.KeyReused() -> throw IdempotencyKey.reused();
                            case Outcome.BelowReserved(var level) -> throw belowReserved(level);
                            case Outcome.NoSuchProduct() -> throw noSuchProduct(sku);
                        });
    }

    @GET
    @Operation(summary = "Show the stock", operationId = "getStock")
    public Uni<StockView> get(String sku) {
        return find(sku).map(entity -> StockView.of(entity.level()));
    }

    @GET
    @Path("/ledger")
    @Operation(summary = "List the changes of the stock, oldest first", operationId = "getLedger")
    public Uni<Page<LedgerItem>> ledger(
            String sku,
            @QueryParam("cursor") @Nullable Cursor cursor,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit) {
        long after = cursor == null ? 0 : position(cursor);
        return find(sku)
                .chain(() ->
                        Panache.withSession(() -> LedgerEntity.after(sku, after, limit.rows())))
                .map(rows ->
                        Page.of(rows, limit, LedgerItem::of, row -> Long.toString(row.position)));
    }

    private static Uni<StockEntity> find(String sku) {
        return Panache.withSession(() -> StockEntity.find(sku))
                .map(entity -> {
                    if (entity == null) {
                        throw noSuchProduct(sku);
                    }
                    return entity;
                });
    }

    private static ResponseBuilder<StockView> created(StockLevel level) {
        return ResponseBuilder.create(RestResponse.Status.CREATED, StockView.of(level))
                .header("Location", "/v1/stock/" + level.sku());
    }

    private static long position(Cursor cursor) {
        try {
            return Long.parseLong(cursor.place());
        } catch (NumberFormatException _) {
            throw Cursor.invalid();
        }
    }

    private static HttpProblem noSuchProduct(String sku) {
        return Problem.notFound("product " + sku);
    }

    private static HttpProblem belowReserved(StockLevel level) {
        return Problem.of(
                Status.CONFLICT,
                "below-reserved",
                "Less would be on hand than is reserved",
                "%d are on hand and %d of them are reserved"
                        .formatted(level.onHand(), level.reserved()));
    }
}
