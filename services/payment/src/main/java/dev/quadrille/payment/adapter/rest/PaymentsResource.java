package dev.quadrille.payment.adapter.rest;

import dev.quadrille.chassis.Problem;
import dev.quadrille.payment.adapter.postgres.PaymentEntity;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// Payments over HTTP.
@Path("/v1/payments")
public class PaymentsResource {

    @GET
    @Path("/{orderId}")
    @Operation(summary = "Show the payment of an order", operationId = "getPayment")
    public Uni<PaymentView> get(UUID orderId) {
        return Panache.withSession(() -> PaymentEntity.find(orderId))
                .map(entity -> {
                    if (entity == null) {
                        throw Problem.notFound("the payment of order " + orderId);
                    }
                    return PaymentView.of(entity.payment().state());
                });
    }
}
