/// The payment service's use cases: load, decide, store and announce, in one transaction. The
/// provider is asked outside of any.
@NullMarked
package dev.quadrille.payment.application;

import org.jspecify.annotations.NullMarked;
