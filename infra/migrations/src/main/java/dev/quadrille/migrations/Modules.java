package dev.quadrille.migrations;

import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

/// Which modules' migrations make up a service's database.
final class Modules {

    private static final String DELIVERY = "shared-events/delivery";
    private static final String CHASSIS = "services/chassis";

    /// A service's own, and those of the parts it is made of. Each module counts its migrations for
    /// itself, so that one may come after another's that has a higher number.
    static final Map<String, List<String>> OF_SERVICE =
            Map.of(
                    "order", List.of(DELIVERY, CHASSIS, "services/order"),
                    "inventory", List.of(DELIVERY, CHASSIS, "services/inventory"),
                    "payment", List.of(DELIVERY, "services/payment"),
                    "notification", List.of(DELIVERY, "services/notification"));

    // Kept, because a logger that nobody holds forgets its level.
    static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private Modules() {}

    static List<String> of(String service) {
        var modules = OF_SERVICE.get(service);
        if (modules == null) {
            throw new IllegalArgumentException(
                    "There is no service '%s', but %s"
                            .formatted(service, String.join(", ", Migrations.services())));
        }
        return modules;
    }
}
