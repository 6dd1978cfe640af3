package dev.quadrille.inventory.adapter.postgres;

import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A row of `products`, for queries; it is written by [Products] alone.
@Entity
@Immutable
@Table(name = "products")
@NullUnmarked
public class ProductEntity extends PanacheEntityBase {

    @Id public String sku;
    public long version;
    public String name;
    public long priceMinor;
    public String currency;

    public static Uni<@Nullable ProductEntity> find(String sku) {
        return findById(sku);
    }

    /// In the order of their skus.
    ///
    /// @param sku the products after this one; empty to begin with the first
    public static Uni<List<ProductEntity>> after(String sku, int limit) {
        return find("sku > ?1", Sort.by("sku"), sku).page(0, limit).list();
    }
}
