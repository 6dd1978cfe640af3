package dev.quadrille.inventory.adapter.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.quadrille.contract.StockLine;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.inventory.domain.Reservation.CancelledEarly;
import dev.quadrille.inventory.domain.Reservation.Committed;
import dev.quadrille.inventory.domain.Reservation.Held;
import dev.quadrille.inventory.domain.Reservation.Known;
import dev.quadrille.inventory.domain.Reservation.Rejected;
import dev.quadrille.inventory.domain.Reservation.Released;
import dev.quadrille.inventory.domain.Reservation.Restocked;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A row of `reservations`, for queries; it is written by [Reservations] alone.
@Entity
@Immutable
@Table(name = "reservations")
@NullUnmarked
public class ReservationEntity extends PanacheEntityBase {

    /// A reservation's state as it is stored and shown. A tombstone is a RELEASED without lines.
    public enum State {
        HELD,
        REJECTED,
        RELEASED,
        COMMITTED,
        RESTOCKED
    }

    private static final JsonMapper JSON = new JsonMapper();

    @Id public UUID orderId;
    long version;

    @Enumerated(EnumType.STRING)
    public State state;

    @ColumnTransformer(read = "lines::text")
    String lines;

    public static Uni<@Nullable ReservationEntity> find(UUID orderId) {
        return findById(orderId);
    }

    static ReservationEntity of(Row row) {
        var entity = new ReservationEntity();
        entity.orderId = row.getUUID("order_id");
        entity.version = row.getLong("version");
        entity.state = State.valueOf(row.getString("state"));
        entity.lines = row.getString("lines");
        return entity;
    }

    static State state(Known reservation) {
        return switch (reservation) {
            case Held _ -> State.HELD;
            case Rejected _ -> State.REJECTED;
            case Released _, CancelledEarly _ -> State.RELEASED;
            case Committed _ -> State.COMMITTED;
            case Restocked _ -> State.RESTOCKED;
        };
    }

    static String lines(Known reservation) {
        try {
            return JSON.writeValueAsString(reservation.lines());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reservation's lines cannot be written", e);
        }
    }

    public List<StockLine> lines() {
        try {
            return JSON.readerForListOf(StockLine.class).readValue(lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a reservation's lines cannot be read", e);
        }
    }

    Versioned<Known> reservation() {
        var held = lines();
        return new Versioned<>(
                switch (state) {
                    case HELD -> new Held(orderId, held);
                    case REJECTED -> new Rejected(orderId, held);
                    case RELEASED ->
                            held.isEmpty()
                                    ? new CancelledEarly(orderId)
                                    : new Released(orderId, held);
                    case COMMITTED -> new Committed(orderId, held);
                    case RESTOCKED -> new Restocked(orderId, held);
                },
                version);
    }
}
