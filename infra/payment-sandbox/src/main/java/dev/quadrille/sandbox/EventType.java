package dev.quadrille.sandbox;

/// What webhooks are told.
enum EventType implements Named {
    AMOUNT_CAPTURABLE_UPDATED("payment_intent.amount_capturable_updated"),
    SUCCEEDED("payment_intent.succeeded"),
    CANCELED("payment_intent.canceled"),
    PAYMENT_FAILED("payment_intent.payment_failed"),
    CHARGE_REFUNDED("charge.refunded"),
    REFUND_UPDATED("charge.refund.updated");

    private final String wire;

    EventType(String wire) {
        this.wire = wire;
    }

    @Override
    public String wire() {
        return wire;
    }
}
