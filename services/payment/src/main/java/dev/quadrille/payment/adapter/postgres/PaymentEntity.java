package dev.quadrille.payment.adapter.postgres;

import static java.util.Objects.requireNonNull;

import dev.quadrille.contract.Money;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.delivery.Versioned;
import dev.quadrille.payment.domain.Payment.Abandoning;
import dev.quadrille.payment.domain.Payment.Authorized;
import dev.quadrille.payment.domain.Payment.Authorizing;
import dev.quadrille.payment.domain.Payment.AwaitingOrder;
import dev.quadrille.payment.domain.Payment.AwaitingStock;
import dev.quadrille.payment.domain.Payment.Cancelled;
import dev.quadrille.payment.domain.Payment.Captured;
import dev.quadrille.payment.domain.Payment.Capturing;
import dev.quadrille.payment.domain.Payment.CapturingToRefund;
import dev.quadrille.payment.domain.Payment.Declined;
import dev.quadrille.payment.domain.Payment.Known;
import dev.quadrille.payment.domain.Payment.Refunded;
import dev.quadrille.payment.domain.Payment.Refunding;
import dev.quadrille.payment.domain.Payment.Voided;
import dev.quadrille.payment.domain.Payment.Voiding;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/// A row of `payments`, for queries; it is written by [Payments] alone.
@Entity
@Immutable
@Table(name = "payments")
@NullUnmarked
public class PaymentEntity extends PanacheEntityBase {

    enum State {
        AWAITING_STOCK,
        AWAITING_ORDER,
        AUTHORIZING,
        AUTHORIZED,
        DECLINED,
        ABANDONING,
        VOIDING,
        VOIDED,
        CANCELLED,
        CAPTURING,
        CAPTURED,
        CAPTURING_TO_REFUND,
        REFUNDING,
        REFUNDED
    }

    @Id UUID orderId;
    long version;

    @Enumerated(EnumType.STRING)
    State state;

    Long amountMinor;
    String currency;
    String paymentMethod;
    String providerReference;
    String declineCode;
    int attempts;

    public static Uni<@Nullable PaymentEntity> find(UUID orderId) {
        return findById(orderId);
    }

    static PaymentEntity of(Row row) {
        var entity = new PaymentEntity();
        entity.orderId = row.getUUID("order_id");
        entity.version = row.getLong("version");
        entity.state = State.valueOf(row.getString("state"));
        entity.amountMinor = row.getLong("amount_minor");
        entity.currency = row.getString("currency");
        entity.paymentMethod = row.getString("payment_method");
        entity.providerReference = row.getString("provider_reference");
        entity.declineCode = row.getString("decline_code");
        entity.attempts = row.getInteger("attempts");
        return entity;
    }

    public Versioned<Known> payment() {
        return new Versioned<>(
                switch (state) {
                    case AWAITING_STOCK -> new AwaitingStock(orderId, amount(), method());
                    case AWAITING_ORDER -> new AwaitingOrder(orderId);
                    case AUTHORIZING -> new Authorizing(orderId, amount(), method(), attempts > 0);
                    case AUTHORIZED -> new Authorized(orderId, amount(), reference());
                    case DECLINED -> new Declined(orderId, amount(), requireNonNull(declineCode));
                    case ABANDONING -> new Abandoning(orderId, amount(), method());
                    case VOIDING -> new Voiding(orderId, amount(), reference());
                    case VOIDED -> new Voided(orderId, amount(), reference());
                    case CANCELLED -> new Cancelled(orderId, amountMinor == null ? null : amount());
                    case CAPTURING -> new Capturing(orderId, amount(), reference());
                    case CAPTURED -> new Captured(orderId, amount(), reference());
                    case CAPTURING_TO_REFUND ->
                            new CapturingToRefund(orderId, amount(), reference());
                    case REFUNDING -> new Refunding(orderId, amount(), reference());
                    case REFUNDED -> new Refunded(orderId, amount(), reference());
                },
                version);
    }

    private Money amount() {
        return new Money(requireNonNull(amountMinor), requireNonNull(currency));
    }

    private PaymentMethod method() {
        return new PaymentMethod(requireNonNull(paymentMethod));
    }

    private String reference() {
        return requireNonNull(providerReference);
    }
}
