/// What there is to tell of orders, and how notifications, deliveries to webhooks and their
/// endpoints move: pure functions of state, input and time.
@NullMarked
package dev.quadrille.notification.domain;

import org.jspecify.annotations.NullMarked;
