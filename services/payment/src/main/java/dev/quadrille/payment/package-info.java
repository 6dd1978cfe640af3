/// The payment service: it holds the money of an order at the payment provider, and lets it go.
///
/// - Owns: payments, and what is still to be asked of the provider for them.
/// - Accepts: nothing from outside; it works by itself.
/// - Announces: PaymentAuthorized, PaymentDeclined, PaymentVoided.
/// - Listens to: OrderPlaced, OrderCancelled; StockReserved.
/// - Asks: the provider, to authorize and to void.
@NullMarked
package dev.quadrille.payment;

import org.jspecify.annotations.NullMarked;
