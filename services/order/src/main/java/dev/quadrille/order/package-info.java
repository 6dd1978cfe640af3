/// The order service: it takes orders and is the only judge of how they end.
///
/// - Owns: orders, their deadline and their timeline; a copy of the catalogue, for prices.
/// - Accepts: PlaceOrder, CancelOrder.
/// - Announces: OrderPlaced, OrderConfirmed, OrderCancelled.
/// - Listens to: StockReserved, StockRejected, StockReleased; PaymentAuthorized, PaymentDeclined,
///   PaymentVoided; ProductListed.
@NullMarked
package dev.quadrille.order;

import org.jspecify.annotations.NullMarked;
