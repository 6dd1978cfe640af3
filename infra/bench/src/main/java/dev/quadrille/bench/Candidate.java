package dev.quadrille.bench;

import static dev.quadrille.contract.Topic.INVENTORY_EVENTS;
import static dev.quadrille.contract.Topic.ORDER_EVENTS;
import static dev.quadrille.contract.Topic.PAYMENT_EVENTS;
import static dev.quadrille.contract.Topic.PRODUCTS;

import dev.quadrille.contract.EncodedEvent;
import dev.quadrille.contract.Topic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A service whose start is measured, with what is asked of it: a GET that reads its database, and
/// an event that it stores something for.
enum Candidate {
    ORDER,
    INVENTORY,
    PAYMENT,
    NOTIFICATION;

    /// So many products are in the catalogue and in stock.
    static final int PRODUCTS_LISTED = 10;

    /// Its name in folders, databases and groups.
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What it listens to.
    List<Topic> topics() {
        return switch (this) {
            case ORDER -> List.of(INVENTORY_EVENTS, PAYMENT_EVENTS, PRODUCTS);
            case INVENTORY -> List.of(ORDER_EVENTS);
            case PAYMENT -> List.of(ORDER_EVENTS, INVENTORY_EVENTS);
            case NOTIFICATION -> List.of(ORDER_EVENTS, PAYMENT_EVENTS);
        };
    }

    /// What is read over HTTP; every one of them is answered from the database.
    ///
    /// @param order of which the service has heard
    String path(String order) {
        return switch (this) {
            case ORDER -> "/v1/orders?customer=nobody";
            case INVENTORY -> "/v1/products/" + Orders.sku(0);
            case PAYMENT -> "/v1/payments/" + order;
            case NOTIFICATION -> "/v1/webhook-endpoints";
        };
    }

    /// Events that it handles by itself: none of them makes it wait for another service or the
    /// provider. All are new.
    Stream<EncodedEvent> events(Orders orders, int count) {
        return switch (this) {
            case ORDER -> orders.listed(count);
            case INVENTORY, PAYMENT, NOTIFICATION -> orders.placed(count, PRODUCTS_LISTED);
        };
    }
}
