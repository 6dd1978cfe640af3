package dev.quadrille.testkit;

import static java.util.stream.Collectors.toMap;

import dev.quadrille.contract.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a whole system shows of itself from outside, at a moment when it is at rest: its tables,
/// its topics, the provider's books, the customers' mailboxes. [Invariants] judges it. A [Witness]
/// takes it from a running stack; a simulation may put it together itself.
///
/// @param orders by id
/// @param timeline in its own order
/// @param reservations by order
/// @param stock by sku
/// @param payments by order
/// @param outboxRows what each service has announced and not published, by service
/// @param placements which order an Idempotency-Key stands for
/// @param published partition by partition, in the order in which a consumer reads it
public record Evidence(
        Map<UUID, Order> orders,
        List<Step> timeline,
        Map<UUID, Reservation> reservations,
        Map<String, Stock> stock,
        List<StockMove> stockLedger,
        Map<UUID, Payment> payments,
        List<Intent> intents,
        List<Notification> notifications,
        List<Mail> mails,
        Map<String, Long> outboxRows,
        Map<String, UUID> placements,
        List<Published> published) {

    /// @param customer their mail address
    public record Order(
            UUID id,
            long version,
            String status,
            @Nullable String reason,
            String stock,
            String payment,
            boolean settled,
            long totalMinor,
            String customer) {}

    /// An entry of an order's timeline: announced by the order itself, or heard.
    public record Step(UUID orderId, String type, String source, long sequence) {}

    /// @param lines quantities by sku
    public record Reservation(UUID orderId, String state, Map<String, Long> lines) {}

    public record Stock(String sku, long onHand, long reserved) {}

    /// @param orderId null for what no order caused
    public record StockMove(
            String sku,
            String cause,
            long onHandDelta,
            long reservedDelta,
            @Nullable UUID orderId) {}

    public record Payment(UUID orderId, String state) {}

    /// A payment intent in the provider's books, in minor units.
    public record Intent(UUID orderId, String id, long held, long captured, long refunded) {}

    public record Notification(UUID id, UUID orderId, String kind, String channel, String state) {}

    /// @param messageId the notification's, so that two mails of one notification are known
    public record Mail(String messageId, String subject) {}

    /// A record on a topic.
    ///
    /// @param subject the order
    /// @param aggregate whose version the sequence is: the order, its reservation, its payment, or
    ///   one of its notifications
    public record Published(
            Topic topic, UUID subject, String aggregate, UUID id, String type, long sequence) {}

    /// What concerns these orders alone, and the stock and the outboxes as a whole.
    public Evidence about(Set<UUID> ids) {
        return new Evidence(
                only(orders, ids),
                timeline.stream().filter(step -> ids.contains(step.orderId())).toList(),
                only(reservations, ids),
                stock,
                stockLedger,
                only(payments, ids),
                intents.stream().filter(intent -> ids.contains(intent.orderId())).toList(),
                notifications.stream().filter(one -> ids.contains(one.orderId())).toList(),
                mails,
                outboxRows,
                placements,
                published.stream().filter(one -> ids.contains(one.subject())).toList());
    }

    private static <T> Map<UUID, T> only(Map<UUID, T> all, Set<UUID> ids) {
        return all.entrySet().stream()
                .filter(entry -> ids.contains(entry.getKey()))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
