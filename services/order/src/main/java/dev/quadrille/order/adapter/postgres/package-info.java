/// The order service's tables.
@NullMarked
package dev.quadrille.order.adapter.postgres;

import org.jspecify.annotations.NullMarked;
