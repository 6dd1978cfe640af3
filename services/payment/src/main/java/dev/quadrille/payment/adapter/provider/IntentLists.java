package dev.quadrille.payment.adapter.provider;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jspecify.annotations.Nullable;

/// The list of [Stripe's PaymentIntents](https://docs.stripe.com/api/payment_intents/list). A
/// client of its own, because a page of a hundred takes longer than a customer is kept waiting.
@Path("/v1/payment_intents")
@RegisterRestClient(configKey = "provider-list")
@ClientHeaderParam(name = "Stripe-Version", value = PaymentIntents.API_VERSION)
@Produces(MediaType.APPLICATION_JSON)
interface IntentLists {

    /// Newest first. Unlike a search it shows what was made a moment ago.
    ///
    /// @param sinceSeconds since 1970
    /// @param untilSeconds since 1970; null for now
    /// @param after the id that the page before ended with
    /// @param limit 1 to 100
    /// @param expand `data.latest_charge`, which says what was given back
    @GET
    Uni<Response> list(
            @HeaderParam("Authorization") String authorization,
            @QueryParam("created[gte]") long sinceSeconds,
            @QueryParam("created[lte]") @Nullable Long untilSeconds,
            @QueryParam("starting_after") @Nullable String after,
            @QueryParam("limit") int limit,
            @QueryParam("expand[]") String expand);
}
