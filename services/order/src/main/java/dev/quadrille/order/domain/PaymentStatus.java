package dev.quadrille.order.domain;

/// What an order knows of its payment.
public enum PaymentStatus {
    NONE,
    AUTHORIZED,
    DECLINED,
    CAPTURED,
    VOIDED,
    REFUNDED;

    /// Whether the provider still holds money, or may yet do so.
    boolean owesVoid() {
        return switch (this) {
            case NONE, AUTHORIZED -> true;
            case DECLINED, CAPTURED, VOIDED, REFUNDED -> false;
        };
    }
}
