/// What an operator sees and is woken by, held to what it promises.
@NullMarked
package dev.quadrille.deployment.observability;

import org.jspecify.annotations.NullMarked;
