/// What a payment is and how it moves: pure functions of state and input.
@NullMarked
package dev.quadrille.payment.domain;

import org.jspecify.annotations.NullMarked;
