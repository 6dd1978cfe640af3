package dev.quadrille.chassis;

import dev.quadrille.delivery.Parking;
import dev.quadrille.delivery.Parking.ParkedEvent;
import dev.quadrille.delivery.Parking.ParkedKey;
import dev.quadrille.delivery.Parking.Replay;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response.Status;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The events that a service could not process, for its operator.
@Path("/v1/ops/parked")
@Tag(name = "Operations")
public class ParkedResource {

    private final Parking parking;

    ParkedResource(Parking parking) {
        this.parking = parking;
    }

    /// What a replay has done.
    ///
    /// @param replayed how many events have had their effect
    /// @param left how many a further replay would take
    public record ReplayView(String key, int replayed, long left) {}

    @GET
    @Operation(summary = "List the keys whose events wait", operationId = "listParkedKeys")
    public Uni<Page<ParkedKey>> keys(
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit,
            @QueryParam("cursor") @Nullable Cursor cursor) {
        return parking.keys(cursor == null ? "" : cursor.place(), limit.rows())
                .map(rows -> Page.of(rows, limit, key -> key, ParkedKey::key));
    }

    @GET
    @Path("/{key}")
    @Operation(summary = "List the events of a parked key", operationId = "listParkedEvents")
    public Uni<Page<ParkedEvent>> events(
            String key,
            @QueryParam("limit") @DefaultValue(Limit.DEFAULT) Limit limit,
            @QueryParam("cursor") @Nullable Cursor cursor) {
        return parking.events(key, cursor == null ? 0 : position(cursor), limit.rows())
                .map(rows -> {
                    if (rows.isEmpty() && cursor == null) {
                        throw nothingParked(key);
                    }
                    return Page.of(
                            rows, limit, event -> event, event -> Long.toString(event.position()));
                });
    }

    @POST
    @Path("/{key}/replay")
    @Operation(
            summary = "Process the events of a parked key again, in their order",
            operationId = "replayParkedKey")
    public Uni<ReplayView> replay(String key) {
        return parking.replay(key)
                .map(replay ->
                        switch (replay) {
                            case Replay.Done(var events, var left) ->
                                    new ReplayView(key, events, left);
                            case Replay.FailedAgain(var events, var position, var error) ->
                                    throw Problem.start(
                                                    Status.CONFLICT,
                                                    "parked-event-failed-again",
                                                    "A parked event failed again")
                                            .withDetail(
                                                    "mend the cause and replay again, or discard it"
                                                            + " with DELETE /v1/ops/parked/"
                                                            + key
                                                            + "/events/"
                                                            + position)
                                            .with("error", error)
                                            .with("replayed", events)
                                            .with("position", position)
                                            .build();
                            case Replay.NothingParked() -> throw nothingParked(key);
                        });
    }

    @DELETE
    @Path("/{key}")
    @Operation(
            summary = "Discard all events of a parked key: they will never have their effect",
            operationId = "discardParkedKey")
    public Uni<Void> discard(String key) {
        return discard(key, null);
    }

    @DELETE
    @Path("/{key}/events/{position}")
    @Operation(
            summary = "Discard one event of a parked key; the others still wait for a replay",
            operationId = "discardParkedEvent")
    public Uni<Void> discardOne(String key, long position) {
        return discard(key, position);
    }

    private Uni<Void> discard(String key, @Nullable Long position) {
        return parking.discard(key, position)
                .invoke(events -> {
                    if (events == 0) {
                        throw nothingParked(key);
                    }
                })
                .replaceWithVoid();
    }

    private static long position(Cursor cursor) {
        try {
            return Long.parseLong(cursor.place());
        } catch (NumberFormatException _) {
            throw Cursor.invalid();
        }
    }

    private static RuntimeException nothingParked(String key) {
        return Problem.notFound("a parked event of " + key);
    }
}
