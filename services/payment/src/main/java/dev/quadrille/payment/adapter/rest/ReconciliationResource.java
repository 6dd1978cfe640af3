package dev.quadrille.payment.adapter.rest;

import dev.quadrille.chassis.Problem;
import dev.quadrille.payment.adapter.provider.ProviderUnavailableException;
import dev.quadrille.payment.application.ReconcilingPayments;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The comparison with the provider, for an operator.
@Path("/v1/ops/reconciliation")
@Tag(name = "Operations")
public class ReconciliationResource {

    private static final Duration MAX_WINDOW = Duration.ofDays(31);

    private final ReconcilingPayments reconciling;

    ReconciliationResource(ReconcilingPayments reconciling) {
        this.reconciling = reconciling;
    }

    /// @param since an ISO 8601 duration before now
    @GET
    @Operation(
            summary = "Compare the payments with the provider's, and list the differences",
            operationId = "reconcilePayments")
    @APIResponse(
            responseCode = "200",
            description = "The differences",
            content = @Content(schema = @Schema(implementation = ReconciliationView.class)))
    @APIResponse(responseCode = "400", description = "The time is no duration within bounds")
    @APIResponse(responseCode = "409", description = "A comparison is under way")
    @APIResponse(responseCode = "503", description = "The provider does not answer")
    public Uni<ReconciliationView> reconcile(
            @QueryParam("since") @DefaultValue("PT24H") String since) {
        return reconciling
                .reconcile(window(since))
                .onFailure(ProviderUnavailableException.class)
                .transform(_ ->
                        Problem.of(
                                Status.SERVICE_UNAVAILABLE,
                                "provider-unavailable",
                                "The provider does not answer",
                                "ask again later"))
                .map(found ->
                        ReconciliationView.of(
                                found.orElseThrow(() ->
                                        Problem.of(
                                                Status.CONFLICT,
                                                "reconciliation-under-way",
                                                "A comparison is under way",
                                                "ask again when it is done"))));
    }

    private static Duration window(String since) {
        try {
            var window = Duration.parse(since);
            if (window.isPositive() && window.compareTo(MAX_WINDOW) <= 0) {
                return window;
            }
        } catch (DateTimeParseException _) {
            // Said below, as for one that is too long.
        }
        throw Problem.badRequest("since", "must be an ISO 8601 duration of at most 31 days");
    }
}
