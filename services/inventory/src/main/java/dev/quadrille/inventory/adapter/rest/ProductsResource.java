package dev.quadrille.inventory.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.Limit;
import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.ProductEvent.ProductListed;
import dev.quadrille.contract.Sku;
import dev.quadrille.inventory.adapter.postgres.ProductEntity;
import dev.quadrille.inventory.application.ListingProducts;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/// The catalogue over HTTP.
@Path("/v1/products")
public class ProductsResource {

    private final ListingProducts listing;

    ProductsResource(ListingProducts listing) {
        this.listing = listing;
    }

    @PUT
    @Path("/{sku}")
    @Operation(summary = "List a product, or change it", operationId = "listProduct")
    public Uni<RestResponse<ProductView>> put(
            @Pattern(regexp = Sku.PATTERN, message = "must be a sku") String sku,
            @NotNull @Valid ProductRequest body) {
        if (!Money.isCurrency(body.price().currency())) {
            throw Problem.badRequest("price.currency", "must be an ISO 4217 code in capitals");
        }
        var price = new Money(body.price().amountMinor(), body.price().currency());
        var view = new ProductView(sku, body.name(), price);
        return listing.list(new ProductListed(sku, body.name(), price))
                .map(outcome ->
                        switch (outcome) {
                            case CREATED ->
                                    ResponseBuilder.create(RestResponse.Status.CREATED, view)
                                            .header("Location", "/v1/products/" + sku)
                                            .build();
                            case CHANGED, UNCHANGED -> RestResponse.ok(view);
                        });
    }

    @GET
    @Path("/{sku}")
    @Operation(summary = "Show a product", operationId = "getProduct")
    public Uni<ProductView> get(String sku) {
        return Panache.withSession(() -> ProductEntity.find(sku))
                .map(entity -> {
                    if (entity == null) {
                        throw Problem.notFound("product " + sku);
                    }
                    return ProductView.of(entity);
                });
    }

    @GET
    @Operation(summary = "List the products by sku", operationId = "listProducts")
    public Uni<Page<ProductView>> list(
            @QueryParam("cursor") @Nullable Cursor cursor,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit) {
        var after = cursor == null ? "" : cursor.place();
        return Panache.withSession(() -> ProductEntity.after(after, limit.rows()))
                .map(rows -> Page.of(rows, limit, ProductView::of, row -> row.sku));
    }
}
