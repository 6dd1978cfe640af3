/// The order service's use cases: load, decide, store and announce, in one transaction.
@NullMarked
package dev.quadrille.order.application;

import org.jspecify.annotations.NullMarked;
