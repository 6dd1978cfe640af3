/// The inventory service: it keeps the catalogue and the stock, and holds stock for orders.
///
/// - Owns: products, stock with its ledger, reservations.
/// - Accepts: ListProduct, AdjustStock.
/// - Announces: StockReserved, StockRejected, StockReleased, StockCommitted, StockRestocked;
///   ProductListed.
/// - Listens to: OrderPlaced, OrderCancelled, OrderShipped, OrderReturned.
@NullMarked
package dev.quadrille.inventory;

import org.jspecify.annotations.NullMarked;
