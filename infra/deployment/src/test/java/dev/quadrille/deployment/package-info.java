/// What takes the services to a cluster or into containers, held to what it promises.
@NullMarked
package dev.quadrille.deployment;

import org.jspecify.annotations.NullMarked;
