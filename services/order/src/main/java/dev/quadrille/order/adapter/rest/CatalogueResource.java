package dev.quadrille.order.adapter.rest;

import dev.quadrille.chassis.Problem;
import dev.quadrille.order.application.RebuildingCatalogue;
import dev.quadrille.order.application.RebuildingCatalogue.Rebuilt;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// This service's copy of the catalogue, for its operator.
@Path("/v1/ops/catalogue")
@Tag(name = "Operations")
public class CatalogueResource {

    private static final int RETRY_AFTER_SECONDS = 5;

    private final RebuildingCatalogue rebuilding;

    CatalogueResource(RebuildingCatalogue rebuilding) {
        this.rebuilding = rebuilding;
    }

    @POST
    @Path("/rebuild")
    @Operation(
            summary = "Take the catalogue over from its topic, from beginning to end",
            operationId = "rebuildCatalogue",
            description =
                    "Answers when it is done. Only what is newer than the copy is taken over, so it"
                            + " may be repeated; records that are no readable product are"
                            + " skipped.")
    @APIResponse(responseCode = "200", description = "What was read and taken over")
    @APIResponse(
            responseCode = "503",
            description = "Broker or database are away; Retry-After says when to ask again")
    public Uni<Rebuilt> rebuild() {
        return rebuilding
                .rebuild()
                .onFailure(CatalogueResource::isOfTheWorld)
                .transform(_ ->
                        Problem.start(
                                        Status.SERVICE_UNAVAILABLE,
                                        "unavailable",
                                        "The topic cannot be read, or the catalogue not written")
                                .withDetail("try again in " + RETRY_AFTER_SECONDS + " s")
                                .withHeader(
                                        HttpHeaders.RETRY_AFTER,
                                        Integer.toString(RETRY_AFTER_SECONDS))
                                .build());
    }

    private static boolean isOfTheWorld(Throwable failure) {
        return failure instanceof KafkaException
                || failure instanceof TimeoutException
                || failure instanceof IOException
                || failure instanceof CancellationException;
    }
}
