package dev.quadrille.notification.adapter.postgres;

import dev.quadrille.contract.NotificationEvent.Channel;
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
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/// A row of `notifications`, for queries; it is written by [Notifications] alone.
@Entity
@Immutable
@Table(name = "notifications")
@NullUnmarked
public class NotificationEntity extends PanacheEntityBase {

    /// As they are stored.
    public enum State {
        PENDING,
        SENDING,
        DELIVERING,
        SENT,
        FAILED
    }

    @Id public UUID id;
    long position;
    public UUID orderId;

    @Enumerated(EnumType.STRING)
    public Kind kind;

    @Enumerated(EnumType.STRING)
    public Channel channel;

    @Enumerated(EnumType.STRING)
    public State state;

    public int attempts;
    public String error;
    public Instant changedAt;

    /// The notifications of an order, in the order in which they became due.
    public static Uni<List<NotificationEntity>> of(UUID orderId) {
        return list("orderId", Sort.by("position"), orderId);
    }
}
