/// The notification service's use cases: load, decide, store and announce, in one transaction.
@NullMarked
package dev.quadrille.notification.application;

import org.jspecify.annotations.NullMarked;
