package dev.quadrille.notification.adapter.rest;

import dev.quadrille.chassis.Page;
import dev.quadrille.chassis.Problem;
import dev.quadrille.notification.adapter.postgres.NotificationEntity;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/// Notifications over HTTP.
@Path("/v1/notifications")
public class NotificationsResource {

    private static final int UUID_CHARACTERS = 36;

    @GET
    @Operation(
            summary = "List what the customer of an order was told",
            operationId = "listNotifications")
    public Uni<Page<NotificationView>> list(
            @Parameter(required = true, schema = @Schema(type = SchemaType.STRING, format = "uuid"))
                    @QueryParam("orderId")
                    @Nullable String orderId) {
        var id = id(orderId);
        return Panache.withSession(() -> NotificationEntity.of(id))
                .map(rows -> Page.whole(rows.stream().map(NotificationView::of).toList()));
    }

    /// As text, because JAX-RS answers a query parameter that it cannot convert with a 404.
    private static UUID id(@Nullable String orderId) {
        if (orderId != null && orderId.length() == UUID_CHARACTERS) {
            try {
                return UUID.fromString(orderId);
            } catch (IllegalArgumentException _) {
                // Falls through: the answer is the same as for an id that is not there.
            }
        }
        throw Problem.badRequest("orderId", "must be the id of an order");
    }
}
