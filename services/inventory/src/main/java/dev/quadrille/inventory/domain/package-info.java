/// What a reservation is and how it moves: pure functions of state, input and stock.
@NullMarked
package dev.quadrille.inventory.domain;

import org.jspecify.annotations.NullMarked;
