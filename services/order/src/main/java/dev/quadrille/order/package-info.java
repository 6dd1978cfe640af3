/// The order service: it takes orders and is the only judge of how they end.
///
/// - Owns: orders, their deadline and their timeline; a copy of the catalogue, for prices.
/// - Accepts: PlaceOrder, CancelOrder, ShipOrder, ReturnOrder.
/// - Announces: OrderPlaced, OrderConfirmed, OrderCancelled, OrderShipped, OrderReturned.
/// - Listens to: StockReserved, StockRejected, StockReleased, StockCommitted, StockRestocked;
///   PaymentAuthorized, PaymentDeclined, PaymentVoided, PaymentCaptured, PaymentRefunded;
///   ProductListed, of which it can read the whole topic again.
@NullMarked
package dev.quadrille.order;

import org.jspecify.annotations.NullMarked;
