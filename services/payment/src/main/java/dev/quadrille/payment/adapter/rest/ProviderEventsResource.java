package dev.quadrille.payment.adapter.rest;

import dev.quadrille.chassis.Problem;
import dev.quadrille.payment.application.HearingProvider;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/// The provider's webhook.
@Path("/v1/provider-events")
public class ProviderEventsResource {

    private final HearingProvider hearing;

    ProviderEventsResource(HearingProvider hearing) {
        this.hearing = hearing;
    }

    /// The body is taken as it comes, because the signature is of its bytes.
    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(
            summary = "Hear an event of the payment provider, in Stripe's form and signed",
            operationId = "hearProviderEvent")
    @APIResponse(responseCode = "200", description = "It need not be sent again")
    @APIResponse(responseCode = "400", description = "It is not signed, or makes no sense")
    public Uni<Response> hear(
            @HeaderParam("Stripe-Signature") @Nullable String signature, byte @Nullable [] body) {
        return hearing.hear(signature, body == null ? new byte[0] : body)
                .map(outcome ->
                        switch (outcome) {
                            // Whatever it was, it need not be sent again.
                            case HEARD, REPEATED, NOT_OURS, NOT_USED -> Response.ok().build();
                            case UNSIGNED ->
                                    throw Problem.of(
                                            Status.BAD_REQUEST,
                                            "invalid-signature",
                                            "The signature is not valid",
                                            "Stripe-Signature must be a signature of this body, not"
                                                    + " older than 5 minutes, with our secret");
                            case UNREADABLE ->
                                    throw Problem.badRequest(
                                            "body", "must be an event of Stripe's");
                        });
    }
}
