package dev.quadrille.notification.adapter.rest;

import dev.quadrille.chassis.Cursor;
import dev.quadrille.chassis.Limit;
import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.chassis.Problem.Violation;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.adapter.postgres.EndpointEntity;
import dev.quadrille.notification.application.RegisteringEndpoints;
import dev.quadrille.notification.application.RegisteringEndpoints.Outcome;
import dev.quadrille.notification.application.RegisteringEndpoints.Rotation;
import dev.quadrille.notification.domain.SigningSecrets;
import dev.quadrille.notification.domain.SigningSecrets.Previous;
import dev.quadrille.notification.domain.WireName;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/// The endpoints of webhooks over HTTP.
@Path("/v1/webhook-endpoints")
public class WebhookEndpointsResource {

    private final RegisteringEndpoints registering;

    WebhookEndpointsResource(RegisteringEndpoints registering) {
        this.registering = registering;
    }

    @POST
    @Operation(
            summary = "Register an endpoint; its secret is shown in this answer alone",
            operationId = "registerWebhookEndpoint")
    public Uni<RestResponse<SecretView>> register(@NotNull @Valid EndpointRequest body) {
        return registering
                .register(body.url(), kinds(body.events()))
                .map(outcome ->
                        switch (outcome) {
                            case Outcome.Registered(var id, var secrets) ->
                                    ResponseBuilder.create(
                                                    RestResponse.Status.CREATED, view(id, secrets))
                                            .header("Location", "/v1/webhook-endpoints/" + id)
                                            .build();
                            case Outcome.BadUrl(var fault) ->
                                    throw Problem.badRequest("url", fault);
                            case Outcome.TooMany(var max) -> throw tooMany(max);
                        });
    }

    @GET
    @Operation(summary = "List the endpoints, newest first", operationId = "listWebhookEndpoints")
    public Uni<Page<EndpointView>> list(
            @QueryParam("cursor") @Nullable Cursor cursor,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit) {
        var before = Places.id(cursor);
        return Panache.withSession(() -> EndpointEntity.newest(before, limit.rows()))
                .map(rows ->
                        Page.of(rows, limit, EndpointView::of, endpoint -> endpoint.id.toString()));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Show an endpoint", operationId = "getWebhookEndpoint")
    public Uni<EndpointView> get(UUID id) {
        return Panache.withSession(() -> EndpointEntity.find(id))
                .map(entity -> {
                    if (entity == null) {
                        throw noSuchEndpoint(id);
                    }
                    return EndpointView.of(entity);
                });
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            summary = "Take an endpoint out; what waits for it is given up",
            operationId = "deleteWebhookEndpoint")
    public Uni<Void> delete(UUID id) {
        return registering.delete(id).invoke(there -> requireThere(there, id)).replaceWithVoid();
    }

    @POST
    @Path("/{id}/secret-rotation")
    @Operation(
            summary =
                    "Give an endpoint a new secret; those before sign too for a while, three at"
                            + " most",
            operationId = "rotateWebhookSecret")
    public Uni<SecretView> rotateSecret(UUID id) {
        return registering
                .rotateSecret(id)
                .map(rotation ->
                        switch (rotation) {
                            case Rotation.Rotated(var secrets) -> view(id, secrets);
                            case Rotation.Refused(var reason) -> throw refused(reason);
                            case Rotation.NoSuchEndpoint() -> throw noSuchEndpoint(id);
                        });
    }

    @POST
    @Path("/{id}/enable")
    @Operation(
            summary = "Have a disabled endpoint called again",
            operationId = "enableWebhookEndpoint")
    public Uni<EndpointView> enable(UUID id) {
        return registering
                .enable(id)
                .invoke(there -> requireThere(there, id))
                .flatMap(_ -> get(id));
    }

    private static List<Kind> kinds(List<String> events) {
        var kinds = new ArrayList<Kind>(events.size());
        var violations = new ArrayList<Violation>();
        for (int i = 0; i < events.size(); i++) {
            var kind = WireName.kind(events.get(i));
            if (kind.isEmpty()) {
                violations.add(new Violation("events[" + i + "]", "is not an event to hear of"));
            } else if (kinds.contains(kind.get())) {
                violations.add(new Violation("events[" + i + "]", "stands there a second time"));
            } else {
                kinds.add(kind.get());
            }
        }
        if (!violations.isEmpty()) {
            throw Problem.of(
                    Status.BAD_REQUEST, "invalid-request", "The request is not valid", violations);
        }
        return kinds;
    }

    private static SecretView view(UUID id, SigningSecrets secrets) {
        var before = secrets.previous().stream().findFirst();
        return new SecretView(id, secrets.current(), before.map(Previous::until).orElse(null));
    }

    private static void requireThere(boolean there, UUID id) {
        if (!there) {
            throw noSuchEndpoint(id);
        }
    }

    private static HttpProblem noSuchEndpoint(UUID id) {
        return Problem.notFound("webhook endpoint " + id);
    }

    private static HttpProblem refused(String reason) {
        return Problem.of(
                Status.CONFLICT,
                reason,
                "Too many secrets of the endpoint sign at once",
                "wait until the oldest signs no more, or delete the endpoint and register it anew");
    }

    private static HttpProblem tooMany(int maxEndpoints) {
        return Problem.of(
                Status.CONFLICT,
                "too-many-webhook-endpoints",
                "There are too many webhook endpoints",
                "there may be " + maxEndpoints + "; delete one that is not needed any more");
    }
}
