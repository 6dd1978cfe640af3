/// The payment service's HTTP face.
@NullMarked
package dev.quadrille.payment.adapter.rest;

import org.jspecify.annotations.NullMarked;
