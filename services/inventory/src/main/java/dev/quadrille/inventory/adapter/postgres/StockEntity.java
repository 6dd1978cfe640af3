package dev.quadrille.inventory.adapter.postgres;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A row of `stock`, for queries; it is written by [StockLevels] alone.
@Entity
@Immutable
@Table(name = "stock")
@NullUnmarked
public class StockEntity extends PanacheEntityBase {

    @Id String sku;
    long onHand;
    long reserved;

    public static Uni<@Nullable StockEntity> find(String sku) {
        return findById(sku);
    }

    public StockLevel level() {
        return new StockLevel(sku, onHand, reserved);
    }
}
