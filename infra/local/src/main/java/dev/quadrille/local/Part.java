package dev.quadrille.local;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/// A part of the stack, which the launcher starts, watches and ends: one process, or a service's
/// replicas ([Instance]). In the order in which they are started and listed; they end in the
/// opposite order.
public enum Part {
    POSTGRES("postgres"),
    KAFKA("kafka"),
    MAIL("mail"),
    PAYMENT_SANDBOX("payment-sandbox"),
    ORDER("order"),
    INVENTORY("inventory"),
    PAYMENT("payment"),
    NOTIFICATION("notification");

    private final String title;

    Part(String title) {
        this.title = title;
    }

    /// Its name on the command line, in the state file and of its log file.
    public String title() {
        return title;
    }

    /// Whether it is one of the four services, which need PostgreSQL and Kafka to start.
    public boolean isService() {
        return switch (this) {
            case POSTGRES, KAFKA, MAIL, PAYMENT_SANDBOX -> false;
            case ORDER, INVENTORY, PAYMENT, NOTIFICATION -> true;
        };
    }

    static Stream<Part> all() {
        return Arrays.stream(values());
    }

    static Stream<Part> services() {
        return all().filter(Part::isService);
    }

    static Optional<Part> titled(String title) {
        return all().filter(part -> part.title.equals(title)).findFirst();
    }

    static String titles() {
        return all().map(Part::title).collect(joining(", "));
    }
}
