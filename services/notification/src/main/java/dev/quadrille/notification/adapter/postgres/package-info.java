/// The notification service's tables.
@NullMarked
package dev.quadrille.notification.adapter.postgres;

import org.jspecify.annotations.NullMarked;
