/// The notification service: it tells customers by mail how their orders fare.
///
/// - Owns: correspondences, which hold what it takes to write to an order's customer;
///   notifications, and how each of them ended.
/// - Accepts: nothing; everything it does answers an event.
/// - Announces: NotificationSent, NotificationFailed.
/// - Listens to: OrderPlaced, OrderConfirmed, OrderCancelled, OrderShipped, OrderReturned;
///   PaymentRefunded.
@NullMarked
package dev.quadrille.notification;

import org.jspecify.annotations.NullMarked;
