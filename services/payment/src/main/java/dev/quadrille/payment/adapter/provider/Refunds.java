package dev.quadrille.payment.adapter.provider;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/// What is used of [Stripe's Refunds](https://docs.stripe.com/api/refunds). A response of any
/// status is an item, not a failure.
@Path("/v1/refunds")
@RegisterRestClient(configKey = "provider")
@ClientHeaderParam(name = "Stripe-Version", value = PaymentIntents.API_VERSION)
@Produces(MediaType.APPLICATION_JSON)
interface Refunds {

    /// Of all that is left of what was taken, because no amount is said: somebody may have given
    /// back a part of it already.
    ///
    /// @param orderId so that an event about the refund tells whose it is
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    Uni<Response> create(
            @HeaderParam("Authorization") String authorization,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @FormParam("payment_intent") String intent,
            @FormParam("metadata[orderId]") UUID orderId);

    /// Newest first.
    ///
    /// @param limit 1 to 100
    @GET
    Uni<Response> list(
            @HeaderParam("Authorization") String authorization,
            @QueryParam("payment_intent") String intent,
            @QueryParam("limit") int limit);
}
