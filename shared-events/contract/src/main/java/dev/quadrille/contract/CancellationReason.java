package dev.quadrille.contract;

/// Why an order was cancelled.
public enum CancellationReason {
    OUT_OF_STOCK,
    PAYMENT_DECLINED,
    TIMED_OUT,
    CUSTOMER_REQUEST
}
