/// The notification service: it tells customers by mail, and other systems by webhooks, how orders
/// fare.
///
/// - Owns: correspondences, which hold what it takes to write to an order's customer;
///   notifications, and how each of them ended; the endpoints of webhooks, and the deliveries to
///   them.
/// - Accepts: the registration of endpoints, their changes and their removal; the redelivery of
///   what an endpoint missed.
/// - Announces: NotificationSent, NotificationFailed.
/// - Listens to: OrderPlaced, OrderConfirmed, OrderCancelled, OrderShipped, OrderReturned;
///   PaymentRefunded.
@NullMarked
package dev.quadrille.notification;

import org.jspecify.annotations.NullMarked;
