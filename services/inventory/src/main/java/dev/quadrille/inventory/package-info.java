/// The inventory service: it keeps the catalogue and the stock, and holds stock for orders.
///
/// - Owns: products, stock with its ledger, reservations.
/// - Accepts: ListProduct, AdjustStock.
/// - Announces: StockReserved, StockRejected, StockReleased; ProductListed.
/// - Listens to: OrderPlaced, OrderCancelled.
@NullMarked
package dev.quadrille.inventory;

import org.jspecify.annotations.NullMarked;
