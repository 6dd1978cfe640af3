package dev.quadrille.payment.adapter.provider;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/// What is used of [Stripe's PaymentIntents](https://docs.stripe.com/api/payment_intents). A
/// response of any status is an item, not a failure.
@Path("/v1/payment_intents")
@RegisterRestClient(configKey = "provider")
@ClientHeaderParam(name = "Stripe-Version", value = PaymentIntents.API_VERSION)
@Produces(MediaType.APPLICATION_JSON)
interface PaymentIntents {

    /// Pinned, so that an upgrade of the account does not change the answers. From [Stripe's list
    /// of versions](https://docs.stripe.com/upgrades): the last one before its versions got names.
    String API_VERSION = "2024-06-20";

    /// @param authorization `Bearer ` and the key
    /// @param amount in Stripe's unit, see [StripeAmount]
    /// @param currency in lower case
    /// @param paymentMethodTypes `card` alone, so that no return address is needed
    /// @param errorOnRequiresAction nobody is there who could act, so a card that wants it is
    ///   declined
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> create(
            @HeaderParam("Authorization") String authorization,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @FormParam("amount") long amount,
            @FormParam("currency") String currency,
            @FormParam("payment_method") String paymentMethod,
            @FormParam("payment_method_types[]") String paymentMethodTypes,
            @FormParam("confirm") boolean confirm,
            @FormParam("capture_method") String captureMethod,
            @FormParam("error_on_requires_action") boolean errorOnRequiresAction,
            @FormParam("metadata[orderId]") UUID orderId);

    @POST
    @Path("/{id}/capture")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> capture(
            @HeaderParam("Authorization") String authorization,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @PathParam("id") String id);

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> cancel(
            @HeaderParam("Authorization") String authorization,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @PathParam("id") String id);

    /// @param expand `latest_charge`, which says what was given back
    @GET
    @Path("/{id}")
    Uni<Response> show(
            @HeaderParam("Authorization") String authorization,
            @PathParam("id") String id,
            @QueryParam("expand[]") String expand);

    /// @param query in [Stripe's query
    ///   language](https://docs.stripe.com/search#search-query-language)
    /// @param limit 1 to 100
    @GET
    @Path("/search")
    Uni<Response> search(
            @HeaderParam("Authorization") String authorization,
            @QueryParam("query") String query,
            @QueryParam("limit") int limit);
}
