package dev.quadrille.order.adapter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.order.adapter.postgres.TimelineEntity;
import dev.quadrille.order.application.FollowingTimelines;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/// What happened to an order, at once or as it happens.
@Path("/v1/orders/{id}/timeline")
public class TimelineResource {

    /// Who takes anything gets the page: a stream is for those who ask for it.
    private static final String STREAM = MediaType.SERVER_SENT_EVENTS + ";qs=0.1";

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int RETRY_AFTER_SECONDS = 5;

    private final FollowingTimelines following;
    private final ObjectMapper json;

    TimelineResource(FollowingTimelines following, ObjectMapper json) {
        this.following = following;
        this.json = json;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Show what happened to an order", operationId = "getTimeline")
    public Uni<Page<TimelineItem>> show(UUID id) {
        return Panache.withSession(() -> TimelineEntity.of(id))
                .map(rows -> {
                    if (rows.isEmpty()) {
                        throw OrdersResource.noSuchOrder(id);
                    }
                    return Page.whole(rows.stream().map(TimelineItem::of).toList());
                });
    }

    /// The answer is written here and not by the framework, whose event streams have no answer but
    /// 200, no lines of comment, and no bound for a reader that does not read.
    @GET
    @Produces(STREAM)
    @Operation(
            summary = "Follow what happens to an order",
            operationId = "followTimeline",
            description =
                    "The items of the timeline as server-sent events, what has happened first:"
                        + " `event` is the type, `id` the position in the timeline, `data` the"
                        + " item. The server closes the stream once the order is settled. With"
                        + " `Last-Event-ID` it goes on after that position; 204 if nothing will"
                        + " come any more. A client that reads too slowly is disconnected, and may"
                        + " resume.")
    @APIResponse(
            responseCode = "200",
            description = "The events",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(type = SchemaType.STRING)))
    @APIResponse(responseCode = "204", description = "The order is settled, and all of it was seen")
    public Uni<@Nullable Response> follow(
            UUID id,
            @HeaderParam(LAST_EVENT_ID) @Nullable String lastEventId,
            @Context RoutingContext http) {
        long after = position(lastEventId);
        return OrdersResource.find(id)
                .flatMap(order ->
                        // A browser would come back forever if it were not told so.
                        after > 0 && order.state().settled()
                                ? Panache.withSession(() -> TimelineEntity.hasMore(id, after))
                                : Uni.createFrom().item(true))
                .flatMap(more ->
                        more
                                ? new TimelineStream(http, json).follow(following, id, after)
                                : Uni.createFrom().item(true))
                // Nothing to answer: 204, or it was answered.
                .map(served -> served ? null : tooMany(http));
    }

    /// Not thrown: a line in the log for each refused request would help nobody.
    private static Response tooMany(RoutingContext http) {
        return Problem.start(
                        Status.SERVICE_UNAVAILABLE,
                        "too-many-streams",
                        "Too many clients follow timelines")
                .withDetail("try again in " + RETRY_AFTER_SECONDS + " s, or poll the timeline")
                .withInstance(URI.create(http.normalizedPath()))
                .withHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS))
                .build()
                .toResponse();
    }

    private static long position(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isBlank()) {
            return 0;
        }
        try {
            long position = Long.parseLong(lastEventId.strip());
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException _) {
            // Falls through: the answer is the same as for a negative number.
        }
        throw Problem.badRequest(LAST_EVENT_ID, "must be the id of an event of this stream");
    }
}
