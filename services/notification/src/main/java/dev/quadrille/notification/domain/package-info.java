/// What a customer is told, and how a notification moves: pure functions of state, input and time.
@NullMarked
package dev.quadrille.notification.domain;

import org.jspecify.annotations.NullMarked;
