package dev.quadrille.order.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.IdempotencyKey;
import dev.quadrille.chassis.IfMatch;
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
import dev.quadrille.order.application.ChangingOrders;
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
import jakarta.ws.rs.core.Response.Status;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/// Orders over HTTP.
@Path("/v1/orders")
public class OrdersResource {

    private static final String CHANGE =
            "202 and the order when this request brought it about; 200 and the order when it was so"
                + " already; else 409. With If-Match, whose entity tags are the ETags of the order,"
                + " it is done only to the order in one of these states, else 412. What was done"
                + " already is 200 all the same, so a request may be repeated as it was. The"
                + " problems of 409 and 412 have the order as it is now, in the member `order`, and"
                + " its ETag.";

    private static final String CHANGED = "The order, changed by this request";
    private static final String UNCHANGED = "The order; it was so already";
    private static final String INVALID = "The request is not valid; violations name the fields";
    private static final String UNKNOWN = "There is no such order";
    private static final String REFUSED =
            "The order, in the member `order`, is not in a state for it";
    private static final String STALE = "The order, in the member `order`, is not as If-Match says";
    private static final String BACKLOG =
            "Too many events wait for the broker; Retry-After says when to come again";

    private final PlacingOrders placing;
    private final ChangingOrders changing;

    OrdersResource(PlacingOrders placing, ChangingOrders changing) {
        this.placing = placing;
        this.changing = changing;
    }

    @POST
    @Operation(summary = "Place an order", operationId = "placeOrder")
    @APIResponse(
            responseCode = "202",
            description = "The order; with Idempotency-Replayed: true if the key was used before")
    @APIResponse(responseCode = "400", description = INVALID)
    @APIResponse(
            responseCode = "422",
            description =
                    "A sku that is unknown or priced in another currency, or a key that was used"
                            + " for another request; nothing was stored")
    @APIResponse(responseCode = "503", description = BACKLOG)
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
        return find(id).map(OrdersResource::ok);
    }

    @GET
    @Operation(summary = "List orders, newest first", operationId = "listOrders")
    public Uni<Page<OrderView>> list(
            @QueryParam("customer") @Nullable @Size(max = 100) String customer,
            @QueryParam("status")
                    @Nullable
                    @Pattern(regexp = "PENDING|CONFIRMED|SHIPPED|RETURNED|CANCELLED")
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

    @POST
    @Path("/{id}/cancellation")
    @Operation(summary = "Cancel an order", operationId = "cancelOrder", description = CHANGE)
    @APIResponse(responseCode = "202", description = CHANGED)
    @APIResponse(responseCode = "200", description = UNCHANGED)
    @APIResponse(responseCode = "400", description = INVALID)
    @APIResponse(responseCode = "404", description = UNKNOWN)
    @APIResponse(responseCode = "409", description = REFUSED)
    @APIResponse(responseCode = "412", description = STALE)
    @APIResponse(responseCode = "503", description = BACKLOG)
    public Uni<RestResponse<OrderView>> cancel(
            UUID id,
            @HeaderParam(IfMatch.HEADER) @Nullable List<String> ifMatch,
            @Valid @Nullable CancellationRequest body) {
        return changing.cancel(id, body == null ? null : body.reason(), IfMatch.of(ifMatch))
                .map(outcome -> answer(id, outcome));
    }

    @POST
    @Path("/{id}/shipment")
    @Operation(
            summary = "Say that an order's parcel was handed over",
            operationId = "shipOrder",
            description = CHANGE)
    @APIResponse(responseCode = "202", description = CHANGED)
    @APIResponse(responseCode = "200", description = UNCHANGED)
    @APIResponse(responseCode = "400", description = INVALID)
    @APIResponse(responseCode = "404", description = UNKNOWN)
    @APIResponse(responseCode = "409", description = REFUSED)
    @APIResponse(responseCode = "412", description = STALE)
    @APIResponse(responseCode = "503", description = BACKLOG)
    public Uni<RestResponse<OrderView>> ship(
            UUID id,
            @HeaderParam(IfMatch.HEADER) @Nullable List<String> ifMatch,
            @NotNull @Valid ShipmentRequest body) {
        return changing.ship(id, body.carrier(), body.trackingNumber(), IfMatch.of(ifMatch))
                .map(outcome -> answer(id, outcome));
    }

    @POST
    @Path("/{id}/return")
    @Operation(
            summary = "Say that an order's parcel came back",
            operationId = "returnOrder",
            description = CHANGE)
    @APIResponse(responseCode = "202", description = CHANGED)
    @APIResponse(responseCode = "200", description = UNCHANGED)
    @APIResponse(responseCode = "400", description = INVALID)
    @APIResponse(responseCode = "404", description = UNKNOWN)
    @APIResponse(responseCode = "409", description = REFUSED)
    @APIResponse(responseCode = "412", description = STALE)
    @APIResponse(responseCode = "503", description = BACKLOG)
    public Uni<RestResponse<OrderView>> takeBack(
            UUID id,
            @HeaderParam(IfMatch.HEADER) @Nullable List<String> ifMatch,
            @NotNull @Valid ReturnRequest body) {
        return changing.takeBack(id, body.reason(), IfMatch.of(ifMatch))
                .map(outcome -> answer(id, outcome));
    }

    private static RestResponse<OrderView> answer(UUID id, ChangingOrders.Outcome outcome) {
        return switch (outcome) {
            case ChangingOrders.Outcome.Changed(var order) -> accepted(order).build();
            case ChangingOrders.Outcome.Unchanged(var order) -> ok(order);
            case ChangingOrders.Outcome.Refused(var order, var reason) ->
                    throw problem(
                            Status.CONFLICT, reason, "The order is not in a state for this", order);
            case ChangingOrders.Outcome.Stale(var order) ->
                    throw problem(
                            Status.PRECONDITION_FAILED,
                            "precondition-failed",
                            "The order is not in the state that If-Match names",
                            order);
            case ChangingOrders.Outcome.NoSuchOrder() -> throw noSuchOrder(id);
        };
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

    static Uni<Versioned<Placed>> find(UUID id) {
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

    private static RestResponse<OrderView> ok(Versioned<Placed> order) {
        return ResponseBuilder.ok(OrderView.of(order)).header("ETag", etag(order)).build();
    }

    private static ResponseBuilder<OrderView> accepted(Versioned<Placed> order) {
        var view = OrderView.of(order);
        return ResponseBuilder.<OrderView>accepted(view)
                .header("Location", "/v1/orders/" + view.id())
                .header("ETag", etag(order));
    }

    private static String etag(Versioned<Placed> order) {
        return IfMatch.etag(order.version());
    }

    private static UUID orderId(Cursor cursor) {
        try {
            return UUID.fromString(cursor.place());
        } catch (IllegalArgumentException _) {
            throw Cursor.invalid();
        }
    }

    static HttpProblem noSuchOrder(UUID id) {
        return Problem.notFound("order " + id);
    }

    /// Says what became of the order meanwhile, so that the client need not ask.
    private static HttpProblem problem(
            Status status, String type, String title, Versioned<Placed> order) {
        var view = OrderView.of(order);
        return Problem.start(status, type, title)
                .withDetail(
                        "the order is %s in version %d".formatted(view.status(), view.version()))
                .withHeader("ETag", etag(order))
                .with("order", view)
                .build();
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
