package dev.quadrille.order.application;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Not ready while an empty catalogue is being filled at the start: every order would be refused.
@Readiness
class CatalogueCheck implements HealthCheck {

    private final RebuildingCatalogue rebuilding;

    CatalogueCheck(RebuildingCatalogue rebuilding) {
        this.rebuilding = rebuilding;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("catalogue").status(rebuilding.isUsable()).build();
    }
}
