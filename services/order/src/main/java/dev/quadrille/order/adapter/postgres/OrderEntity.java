package dev.quadrille.order.adapter.postgres;

import dev.quadrille.contract.CancellationReason;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.order.domain.Order.Cancelled;
import dev.quadrille.order.domain.Order.Confirmed;
import dev.quadrille.order.domain.Order.Pending;
import dev.quadrille.order.domain.Order.Placed;
import dev.quadrille.order.domain.Order.Returned;
import dev.quadrille.order.domain.Order.Shipped;
import dev.quadrille.order.domain.OrderDetails;
import dev.quadrille.order.domain.PaymentStatus;
import dev.quadrille.order.domain.StockStatus;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A row of `orders`, for queries; it is written by [Orders] alone.
@Entity
@Immutable
@Table(name = "orders")
@NullUnmarked
public class OrderEntity extends PanacheEntityBase {

    enum Status {
        PENDING,
        CONFIRMED,
        SHIPPED,
        RETURNED,
        CANCELLED
    }

    @Id UUID id;
    long version;

    @Enumerated(EnumType.STRING)
    Status status;

    @Enumerated(EnumType.STRING)
    CancellationReason reason;

    String note;

    @Enumerated(EnumType.STRING)
    StockStatus stock;

    @Enumerated(EnumType.STRING)
    PaymentStatus payment;

    String customerId;
    String customerEmail;
    String currency;

    @ColumnTransformer(read = "lines::text")
    String lines;

    long totalMinor;
    String paymentMethod;
    Instant placedAt;
    Instant deadline;
    String carrier;
    String trackingNumber;
    String returnReason;
    Instant statusSince;

    public static Uni<@Nullable OrderEntity> find(UUID id) {
        return findById(id);
    }

    /// @param customer only this customer's; null for all
    /// @param status only those of this name; null for all
    /// @param before only those placed before this one; null to begin with the newest
    public static Uni<List<OrderEntity>> newest(
            String customer, String status, UUID before, int limit) {
        var where = new StringJoiner(" and ");
        var values = new HashMap<String, Object>();
        if (customer != null) {
            where.add("customerId = :customer");
            values.put("customer", customer);
        }
        if (status != null) {
            where.add("status = :status");
            values.put("status", Status.valueOf(status));
        }
        if (before != null) {
            where.add("id < :before");
            values.put("before", before);
        }
        return find(where.toString(), Sort.descending("id"), values).page(0, limit).list();
    }

    static OrderEntity of(Row row) {
        var entity = new OrderEntity();
        entity.id = row.getUUID("id");
        entity.version = row.getLong("version");
        entity.status = Status.valueOf(row.getString("status"));
        var reason = row.getString("reason");
        entity.reason = reason == null ? null : CancellationReason.valueOf(reason);
        entity.note = row.getString("note");
        entity.stock = StockStatus.valueOf(row.getString("stock"));
        entity.payment = PaymentStatus.valueOf(row.getString("payment"));
        entity.customerId = row.getString("customer_id");
        entity.customerEmail = row.getString("customer_email");
        entity.currency = row.getString("currency");
        entity.lines = row.getString("lines");
        entity.totalMinor = row.getLong("total_minor");
        entity.paymentMethod = row.getString("payment_method");
        entity.placedAt = row.getOffsetDateTime("placed_at").toInstant();
        entity.deadline = row.getOffsetDateTime("deadline").toInstant();
        entity.carrier = row.getString("carrier");
        entity.trackingNumber = row.getString("tracking_number");
        entity.returnReason = row.getString("return_reason");
        entity.statusSince = row.getOffsetDateTime("status_since").toInstant();
        return entity;
    }

    public Versioned<Placed> order() {
        var details =
                new OrderDetails(
                        id,
                        new Customer(customerId, new EmailAddress(customerEmail)),
                        Lines.read(lines),
                        new Money(totalMinor, currency),
                        new PaymentMethod(paymentMethod),
                        placedAt,
                        deadline);
        return new Versioned<>(
                switch (status) {
                    case PENDING -> new Pending(details, stock, payment);
                    case CONFIRMED -> new Confirmed(details);
                    case SHIPPED ->
                            new Shipped(
                                    details,
                                    Objects.requireNonNull(carrier),
                                    Objects.requireNonNull(trackingNumber),
                                    stock,
                                    payment);
                    case RETURNED ->
                            new Returned(
                                    details,
                                    Objects.requireNonNull(carrier),
                                    Objects.requireNonNull(trackingNumber),
                                    Objects.requireNonNull(returnReason),
                                    stock,
                                    payment);
                    case CANCELLED ->
                            new Cancelled(
                                    details, Objects.requireNonNull(reason), stock, payment, note);
                },
                version);
    }
}
