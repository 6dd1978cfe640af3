package dev.quadrille.notification.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.Limit;
import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.notification.adapter.postgres.DeliveryEntity;
import dev.quadrille.notification.application.RedeliveringWebhooks;
import dev.quadrille.notification.application.RedeliveringWebhooks.Outcome;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The log of deliveries to webhooks over HTTP.
@Path("/v1/webhook-deliveries")
public class WebhookDeliveriesResource {

    private final RedeliveringWebhooks redelivering;

    WebhookDeliveriesResource(RedeliveringWebhooks redelivering) {
        this.redelivering = redelivering;
    }

    @GET
    @Operation(summary = "List the deliveries, newest first", operationId = "listWebhookDeliveries")
    public Uni<Page<DeliveryView>> list(
            @QueryParam("endpoint") @Nullable EndpointId endpoint,
            @QueryParam("state") @Nullable @Pattern(regexp = "PENDING|SENT|FAILED") String state,
            @QueryParam("cursor") @Nullable Cursor cursor,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit) {
        var before = Places.id(cursor);
        var states =
                state == null
                        ? List.of(DeliveryEntity.State.values())
                        : DeliveryView.State.valueOf(state).stored();
        return Panache.withSession(() ->
                        DeliveryEntity.newest(
                                endpoint == null ? null : endpoint.value(),
                                states,
                                before,
                                limit.rows()))
                .map(rows ->
                        Page.of(rows, limit, DeliveryView::of, delivery -> delivery.id.toString()));
    }

    @POST
    @Path("/{id}/redelivery")
    @Operation(
            summary = "Have a delivery attempted again, with the same webhook-id and body",
            operationId = "redeliverWebhook")
    public Uni<RestResponse<Void>> redeliver(UUID id) {
        return redelivering
                .redeliver(id)
                .map(outcome ->
                        switch (outcome) {
                            case Outcome.Accepted() -> RestResponse.accepted();
                            case Outcome.Refused(var reason) -> throw refused(reason);
                            case Outcome.NoSuchDelivery() ->
                                    throw Problem.notFound("webhook delivery " + id);
                        });
    }

    private static HttpProblem refused(String reason) {
        return Problem.of(
                Status.CONFLICT,
                reason,
                "The endpoint is not called any more",
                "enable it, or register one anew, which then hears of what comes");
    }
}
