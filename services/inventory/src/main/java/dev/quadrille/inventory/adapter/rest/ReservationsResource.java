package dev.quadrille.inventory.adapter.rest;

import dev.quadrille.chassis.Problem;
import dev.quadrille.contract.StockLine;
import dev.quadrille.inventory.adapter.postgres.ReservationEntity;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// Reservations over HTTP.
@Path("/v1/reservations")
public class ReservationsResource {

    /// What is held for an order, or was.
    public record ReservationView(
            UUID orderId, ReservationEntity.State state, List<StockLine> lines) {}

    @GET
    @Path("/{orderId}")
    @Operation(summary = "Show what is held for an order", operationId = "getReservation")
    public Uni<ReservationView> get(UUID orderId) {
        return Panache.withSession(() -> ReservationEntity.find(orderId))
                .map(entity -> {
                    if (entity == null) {
                        throw Problem.notFound("a reservation for order " + orderId);
                    }
                    return new ReservationView(entity.orderId, entity.state, entity.lines());
                });
    }
}
