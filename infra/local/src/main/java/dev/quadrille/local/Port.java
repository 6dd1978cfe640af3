package dev.quadrille.local;

/// A TCP port of the stack, on the loopback interface.
enum Port {
    POSTGRES(Part.POSTGRES, "postgres.port", "QUADRILLE_POSTGRES_PORT", 15432),
    KAFKA(Part.KAFKA, "kafka.port", "QUADRILLE_KAFKA_PORT", 19092),
    /// Where the broker reaches the controller, which is itself.
    KAFKA_CONTROLLER(Part.KAFKA, "kafka.controller.port", "QUADRILLE_KAFKA_CONTROLLER_PORT", 19093),
    SMTP(Part.MAIL, "mail.port", "QUADRILLE_SMTP_PORT", 11025),
    IMAP(Part.MAIL, "mail.imap.port", "QUADRILLE_IMAP_PORT", 11143),
    SANDBOX(Part.PAYMENT_SANDBOX, "payment-sandbox.port", "QUADRILLE_SANDBOX_PORT", 8085),
    ORDER(Part.ORDER, "order.port", "QUADRILLE_ORDER_PORT", 8081),
    INVENTORY(Part.INVENTORY, "inventory.port", "QUADRILLE_INVENTORY_PORT", 8082),
    PAYMENT(Part.PAYMENT, "payment.port", "QUADRILLE_PAYMENT_PORT", 8083),
    NOTIFICATION(Part.NOTIFICATION, "notification.port", "QUADRILLE_NOTIFICATION_PORT", 8084);

    private final Part part;
    private final String key;
    private final String variable;
    private final int standard;

    Port(Part part, String key, String variable, int standard) {
        this.part = part;
        this.key = key;
        this.variable = variable;
        this.standard = standard;
    }

    Part part() {
        return part;
    }

    /// Its name in the state file.
    String key() {
        return key;
    }

    /// The environment variable that sets it.
    String variable() {
        return variable;
    }

    /// What it is unless the environment says otherwise.
    int standard() {
        return standard;
    }

    /// Whether it is the one under which its part is known.
    boolean isMain() {
        return this == of(part);
    }

    /// The port under which a part is known, the first of its ports.
    static Port of(Part part) {
        return switch (part) {
            case POSTGRES -> POSTGRES;
            case KAFKA -> KAFKA;
            case MAIL -> SMTP;
            case PAYMENT_SANDBOX -> SANDBOX;
            case ORDER -> ORDER;
            case INVENTORY -> INVENTORY;
            case PAYMENT -> PAYMENT;
            case NOTIFICATION -> NOTIFICATION;
        };
    }
}
