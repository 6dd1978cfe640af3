package dev.quadrille.contract;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The types of events, by their names on the wire.
///
/// The name and the version are data and outlive every class name. A new shape is a new version,
/// with a schema and a golden sample of its own; it may add optional members and nothing else,
/// since one record reads all versions and older readers live on. What an older reader would not
/// survive is a new type.
public enum EventType {
    ORDER_PLACED("order-placed", 1, OrderEvent.OrderPlaced.class, Topic.ORDER_EVENTS),
    ORDER_CONFIRMED("order-confirmed", 1, OrderEvent.OrderConfirmed.class, Topic.ORDER_EVENTS),
    ORDER_CANCELLED("order-cancelled", 1, OrderEvent.OrderCancelled.class, Topic.ORDER_EVENTS),
    ORDER_SHIPPED("order-shipped", 1, OrderEvent.OrderShipped.class, Topic.ORDER_EVENTS),
    ORDER_RETURNED("order-returned", 1, OrderEvent.OrderReturned.class, Topic.ORDER_EVENTS),

    STOCK_RESERVED("stock-reserved", 1, InventoryEvent.StockReserved.class, Topic.INVENTORY_EVENTS),
    STOCK_REJECTED("stock-rejected", 1, InventoryEvent.StockRejected.class, Topic.INVENTORY_EVENTS),
    STOCK_RELEASED("stock-released", 1, InventoryEvent.StockReleased.class, Topic.INVENTORY_EVENTS),
    STOCK_COMMITTED(
            "stock-committed", 1, InventoryEvent.StockCommitted.class, Topic.INVENTORY_EVENTS),
    STOCK_RESTOCKED(
            "stock-restocked", 1, InventoryEvent.StockRestocked.class, Topic.INVENTORY_EVENTS),

    PAYMENT_AUTHORIZED(
            "payment-authorized", 1, PaymentEvent.PaymentAuthorized.class, Topic.PAYMENT_EVENTS),
    PAYMENT_DECLINED(
            "payment-declined", 1, PaymentEvent.PaymentDeclined.class, Topic.PAYMENT_EVENTS),
    PAYMENT_CAPTURED(
            "payment-captured", 1, PaymentEvent.PaymentCaptured.class, Topic.PAYMENT_EVENTS),
    PAYMENT_VOIDED("payment-voided", 1, PaymentEvent.PaymentVoided.class, Topic.PAYMENT_EVENTS),
    PAYMENT_REFUNDED(
            "payment-refunded", 1, PaymentEvent.PaymentRefunded.class, Topic.PAYMENT_EVENTS),

    NOTIFICATION_SENT(
            "notification-sent",
            1,
            NotificationEvent.NotificationSent.class,
            Topic.NOTIFICATION_EVENTS),
    NOTIFICATION_FAILED(
            "notification-failed",
            1,
            NotificationEvent.NotificationFailed.class,
            Topic.NOTIFICATION_EVENTS),

    PRODUCT_LISTED("product-listed", 1, ProductEvent.ProductListed.class, Topic.PRODUCTS);

    private static final Map<String, EventType> BY_WIRE_NAME =
            Stream.of(values())
                    .collect(toUnmodifiableMap(EventType::wireName, Function.identity()));
    private static final Map<Class<?>, EventType> BY_RECORD =
            Stream.of(values())
                    .collect(toUnmodifiableMap(EventType::recordClass, Function.identity()));

    private final String wireName;
    private final int version;
    private final Class<? extends DomainEvent> recordClass;
    private final Topic topic;

    EventType(String wireName, int version, Class<? extends DomainEvent> recordClass, Topic topic) {
        this.wireName = wireName;
        this.version = version;
        this.recordClass = recordClass;
        this.topic = topic;
    }

    public static EventType of(DomainEvent event) {
        var type = BY_RECORD.get(event.getClass());
        if (type == null) {
            throw new IllegalStateException(event.getClass() + " has no EventType");
        }
        return type;
    }

    /// Empty for a type that this version of the contract does not know.
    public static Optional<EventType> named(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    /// The CloudEvents `type`, such as `order-placed`.
    public String wireName() {
        return wireName;
    }

    /// The version that is written; every version that was ever released is read.
    public int version() {
        return version;
    }

    public Class<? extends DomainEvent> recordClass() {
        return recordClass;
    }

    public Topic topic() {
        return topic;
    }

    /// The CloudEvents `dataschema`, which is the `$id` of the JSON Schema too, such as
    /// `urn:quadrille:order-placed:1`.
    public String dataSchema() {
        return "urn:quadrille:" + wireName + ":" + version;
    }
}
