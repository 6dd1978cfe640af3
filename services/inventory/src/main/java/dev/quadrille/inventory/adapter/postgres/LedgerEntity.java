package dev.quadrille.inventory.adapter.postgres;

import dev.quadrille.inventory.domain.StockMove.Cause;
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

/// A row of `stock_ledger`, for queries; it is written by [StockLevels] alone.
@Entity
@Immutable
@Table(name = "stock_ledger")
@NullUnmarked
public class LedgerEntity extends PanacheEntityBase {

    @Id public long position;
    String sku;

    @Enumerated(EnumType.STRING)
    public Cause cause;

    public long onHandDelta;
    public long reservedDelta;
    public UUID orderId;
    public String reason;
    public Instant occurredAt;

    /// A sku's changes in the order in which they were made.
    ///
    /// @param position the changes after this one; 0 to begin with the first
    public static Uni<List<LedgerEntity>> after(String sku, long position, int limit) {
        return find("sku = ?1 and position > ?2", Sort.by("position"), sku, position)
                .page(0, limit)
                .list();
    }
}
