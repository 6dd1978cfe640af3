package dev.quadrille.notification.adapter.postgres;

import dev.quadrille.contract.NotificationEvent.Kind;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/// A row of `webhook_deliveries`, for queries; it is written by [Deliveries] alone.
@Entity
@Immutable
@Table(name = "webhook_deliveries")
@NullUnmarked
public class DeliveryEntity extends PanacheEntityBase {

    /// As they are stored.
    public enum State {
        WAITING,
        ATTEMPTING,
        DELIVERED,
        GIVEN_UP
    }

    @Id public UUID id;
    public UUID notificationId;
    public UUID endpointId;
    public UUID orderId;

    @Enumerated(EnumType.STRING)
    public Kind kind;

    @Enumerated(EnumType.STRING)
    public State state;

    public int attempts;
    public Instant workDueAt;
    public Integer lastStatus;
    public String lastError;
    public Instant changedAt;

    /// @param endpointId only those to this endpoint; null for all
    /// @param states only those in one of these
    /// @param before only those that became due before this one; null to begin with the newest
    public static Uni<List<DeliveryEntity>> newest(
            UUID endpointId, List<State> states, UUID before, int limit) {
        var where = new StringJoiner(" and ");
        var values = new HashMap<String, Object>();
        if (states.size() < State.values().length) {
            where.add("state in :states");
            values.put("states", states);
        }
        if (endpointId != null) {
            where.add("endpointId = :endpointId");
            values.put("endpointId", endpointId);
        }
        if (before != null) {
            where.add("id < :before");
            values.put("before", before);
        }
        return find(where.toString(), Sort.descending("id"), values).page(0, limit).list();
    }
}
