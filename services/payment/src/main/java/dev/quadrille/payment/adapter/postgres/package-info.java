/// The payment service's tables.
@NullMarked
package dev.quadrille.payment.adapter.postgres;

import org.jspecify.annotations.NullMarked;
