package dev.quadrille.simulation;

import dev.quadrille.contract.Topic;
import java.util.List;

/// The four couples of the quadrille.
enum Service {
    ORDER(Topic.ORDER_EVENTS),
    INVENTORY(Topic.INVENTORY_EVENTS),
    PAYMENT(Topic.PAYMENT_EVENTS),
    NOTIFICATION(Topic.NOTIFICATION_EVENTS);

    static final List<Service> ALL = List.of(values());

    private final Topic topic;

    Service(Topic topic) {
        this.topic = topic;
    }

    /// Where it announces.
    Topic topic() {
        return topic;
    }

    /// Whom it listens to.
    List<Service> heard() {
        return switch (this) {
            case ORDER -> List.of(INVENTORY, PAYMENT);
            case INVENTORY -> List.of(ORDER);
            case PAYMENT -> List.of(ORDER, INVENTORY);
            case NOTIFICATION -> List.of(ORDER, PAYMENT);
        };
    }
}
