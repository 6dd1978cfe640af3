/// The payment service: it holds the money of an order at the payment provider, takes it when the
/// order is shipped, lets it go when the order is cancelled, and gives it back when the order
/// returns.
///
/// - Owns: payments, what is still to be asked of the provider for them, and which of the
///   provider's events it has heard.
/// - Accepts: the provider's events (`POST /v1/provider-events`), signed by it.
/// - Announces: PaymentAuthorized, PaymentDeclined, PaymentCaptured, PaymentVoided,
///   PaymentRefunded.
/// - Listens to: OrderPlaced, OrderCancelled, OrderShipped, OrderReturned; StockReserved.
/// - Asks: the provider, to authorize, capture, void and refund, and what became of it; and for its
///   list, to compare it with ours.
@NullMarked
package dev.quadrille.payment;

import org.jspecify.annotations.NullMarked;
