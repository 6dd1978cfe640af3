/// What an order is and how it moves: pure functions of state, input and time.
@NullMarked
package dev.quadrille.order.domain;

import org.jspecify.annotations.NullMarked;
