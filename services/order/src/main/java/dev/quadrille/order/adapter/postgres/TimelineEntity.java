package dev.quadrille.order.adapter.postgres;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
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
    @Id public long position;
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

    /// Whether anything has happened to an order after a position.
    public static Uni<Boolean> hasMore(UUID orderId, long after) {
        return count("orderId = ?1 and position > ?2", orderId, after).map(rows -> rows > 0);
    }

    static TimelineEntity of(Row row) {
        var entity = new TimelineEntity();
        entity.orderId = row.getUUID("order_id");
        entity.position = row.getLong("position");
        entity.type = row.getString("type");
        entity.source = row.getString("source");
        entity.sequence = row.getLong("sequence");
        entity.occurredAt = row.getOffsetDateTime("occurred_at").toInstant();
        entity.causationId = row.getUUID("causation_id");
        entity.traceparent = row.getString("traceparent");
        return entity;
    }
}
