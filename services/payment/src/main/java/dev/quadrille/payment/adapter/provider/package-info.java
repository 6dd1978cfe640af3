/// The payment provider, over HTTP: the PaymentIntents of Stripe's API.
@NullMarked
package dev.quadrille.payment.adapter.provider;

import org.jspecify.annotations.NullMarked;
