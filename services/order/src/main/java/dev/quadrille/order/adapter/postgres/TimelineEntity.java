package dev.quadrille.order.adapter.postgres;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;

/// A row of `timeline`, for queries; it is written by [Timeline] alone.
@Entity
@Immutable
@Table(name = "timeline")
@IdClass(TimelineEntity.Key.class)
@NullUnmarked
public class TimelineEntity extends PanacheEntityBase {

    record Key(UUID orderId, long position) implements Serializable {}

    @Id UUID orderId;
    @Id long position;
    public String type;
    public String source;
    public long sequence;
    public Instant occurredAt;
    public UUID causationId;
    public String traceparent;

    /// What happened to an order, in the order in which this service saw it.
    public static Uni<List<TimelineEntity>> of(UUID orderId) {
        return list("orderId", Sort.by("position"), orderId);
    }
}
