package dev.quadrille.contract;

/// A Kafka topic of Quadrille.
public enum Topic {
    ORDER_EVENTS("order-events", "/order", false),
    INVENTORY_EVENTS("inventory-events", "/inventory", false),
    PAYMENT_EVENTS("payment-events", "/payment", false),
    NOTIFICATION_EVENTS("notification-events", "/notification", false),
    /// The catalogue: keyed by sku, and compacted to the newest event of each.
    PRODUCTS("products", "/inventory", true);

    /// How many partitions a topic gets unless the operator says otherwise. All topics have the
    /// same number, so that one replica of a listener sees all events of an order.
    public static final int DEFAULT_PARTITIONS = 6;

    private final String wireName;
    private final String source;
    private final boolean compacted;

    Topic(String wireName, String source, boolean compacted) {
        this.wireName = wireName;
        this.source = source;
        this.compacted = compacted;
    }

    /// The name on the broker, unless an installation sets a prefix before it.
    public String wireName() {
        return wireName;
    }

    /// The CloudEvents `source` of what is published here: the service that owns the topic.
    public String source() {
        return source;
    }

    public boolean compacted() {
        return compacted;
    }
}
