package dev.quadrille.order.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.IdempotencyKey;
import dev.quadrille.chassis.Limit;
import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.chassis.Problem.Violation;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.adapter.postgres.OrderEntity;
import dev.quadrille.order.adapter.postgres.TimelineEntity;
import dev.quadrille.order.application.CancellingOrders;
import dev.quadrille.order.application.PlacingOrders;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Pricing.Refusal;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/// Orders over HTTP.
@Path("/v1/orders")
public class OrdersResource {

    private final PlacingOrders placing;
    private final CancellingOrders cancelling;

    OrdersResource(PlacingOrders placing, CancellingOrders cancelling) {
        this.placing = placing;
        this.cancelling = cancelling;
    }

    @POST
    @Operation(summary = "Place an order", operationId = "placeOrder")
    public Uni<RestResponse<OrderView>> place(
            @HeaderParam(IdempotencyKey.HEADER) @Nullable IdempotencyKey key,
            @NotNull @Valid OrderRequest body) {
        return placing.place(request(key, body))
                .flatMap(outcome ->
                        switch (outcome) {
                            case PlacingOrders.Outcome.NewOrder(var order) ->
                                    Uni.createFrom().item(accepted(order).build());
                            case PlacingOrders.Outcome.Replayed(var orderId) ->
                                    find(orderId).map(OrdersResource::replayed);
                            case PlacingOrders.Outcome.KeyReused() -> throw IdempotencyKey.reused();
                            case PlacingOrders.Outcome.NotOrderable(var refusals) ->
                                    throw notOrderable(body, refusals);
                        });
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Show an order", operationId = "getOrder")
    public Uni<RestResponse<OrderView>> get(UUID id) {
        return find(id).map(order ->
                ResponseBuilder.ok(OrderView.of(order)).header("ETag", etag(order)).build());
    }

    @GET
    @Operation(summary = "List orders, newest first", operationId = "listOrders")
    public Uni<Page<OrderView>> list(
            @QueryParam("customer") @Nullable @Size(max = 100) String customer,
            @QueryParam("status") @Nullable @Pattern(regexp = "PENDING|CONFIRMED|CANCELLED")
                    String status,
            @QueryParam("cursor") @Nullable Cursor cursor,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit) {
        var before = cursor == null ? null : orderId(cursor);
        return Panache.withSession(() -> OrderEntity.newest(customer, status, before, limit.rows()))
                .map(rows ->
                        Page.of(
                                rows.stream().map(OrderEntity::order).toList(),
                                limit,
                                OrderView::of,
                                order -> order.state().subject()));
    }

    @GET
    @Path("/{id}/timeline")
    @Operation(summary = "Show what happened to an order", operationId = "getTimeline")
    public Uni<Page<TimelineItem>> timeline(UUID id) {
        return Panache.withSession(() -> TimelineEntity.of(id))
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw noSuchOrder(id);
                    }
                    return Page.whole(rows.stream().map(TimelineItem::of).toList());
                });
    }

    @POST
    @Path("/{id}/cancellation")
    @Operation(summary = "Cancel an order", operationId = "cancelOrder")
    public Uni<RestResponse<OrderView>> cancel(UUID id, @Valid @Nullable CancellationRequest body) {
        return cancelling
                .cancel(id, body == null ? null : body.reason())
                .map(outcome ->
                        switch (outcome) {
                            case CancellingOrders.Outcome.NowCancelled(var order) ->
                                    accepted(order).build();
                            case CancellingOrders.Outcome.AlreadyCancelled(var order) ->
                                    ResponseBuilder.ok(OrderView.of(order))
                                            .header("ETag", etag(order))
                                            .build();
                            case CancellingOrders.Outcome.NoSuchOrder() -> throw noSuchOrder(id);
                        });
    }

    private static PlacingOrders.Request request(@Nullable IdempotencyKey key, OrderRequest body) {
        if (!Money.isCurrency(body.currency())) {
            throw Problem.badRequest("currency", "must be an ISO 4217 code in capitals");
        }
        var seen = new HashSet<String>();
        IntStream.range(0, body.lines().size())
                .filter(i -> !seen.add(body.lines().get(i).sku()))
                .findFirst()
                .ifPresent(i -> {
                    throw Problem.badRequest(
                            "lines[" + i + "].sku",
                            "names a sku a second time; put the quantities together");
                });
        return new PlacingOrders.Request(
                key,
                body.toString(),
                new Customer(body.customer().id(), new EmailAddress(body.customer().email())),
                body.currency(),
                body.lines().stream()
                        .map(line -> new StockLine(line.sku(), line.quantity()))
                        .toList(),
                new PaymentMethod(body.paymentMethod()));
    }

    private static Uni<Versioned<Placed>> find(UUID id) {
        return Panache.withSession(() -> OrderEntity.find(id))
                .map(entity -> {
                    if (entity == null) {
                        throw noSuchOrder(id);
                    }
                    return entity.order();
                });
    }

    private static RestResponse<OrderView> replayed(Versioned<Placed> order) {
        return accepted(order).header(IdempotencyKey.REPLAYED_HEADER, true).build();
    }

    private static ResponseBuilder<OrderView> accepted(Versioned<Placed> order) {
        var view = OrderView.of(order);
        return ResponseBuilder.<OrderView>accepted(view)
                .header("Location", "/v1/orders/" + view.id())
                .header("ETag", etag(order));
    }

    private static String etag(Versioned<Placed> order) {
        return "\"" + order.version() + "\"";
    }

    private static UUID orderId(Cursor cursor) {
        try {
            return UUID.fromString(cursor.place());
        } catch (IllegalArgumentException _) {
            throw Cursor.invalid();
        }
    }

    private static HttpProblem noSuchOrder(UUID id) {
        return Problem.notFound("order " + id);
    }

    private static HttpProblem notOrderable(OrderRequest body, List<Refusal> refusals) {
        return switch (refusals.getFirst().cause()) {
            case UNKNOWN_SKU ->
                    notOrderable("unknown-sku", "A sku is not in the catalogue", body, refusals);
            case OTHER_CURRENCY ->
                    notOrderable(
                            "other-currency",
                            "A product is not priced in the order's currency",
                            body,
                            refusals);
        };
    }

    private static HttpProblem notOrderable(
            String type, String title, OrderRequest body, List<Refusal> refusals) {
        return Problem.of(
                Problem.UNPROCESSABLE_CONTENT,
                type,
                title,
                refusals.stream()
                        .map(refusal ->
                                new Violation(
                                        "lines[" + refusal.line() + "].sku",
                                        body.lines().get(refusal.line()).sku()
                                                + switch (refusal.cause()) {
                                                    case UNKNOWN_SKU -> " is not in the catalogue";
                                                    case OTHER_CURRENCY ->
                                                            " is not priced in " + body.currency();
                                                }))
                        .toList());
    }
}
