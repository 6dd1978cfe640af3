/// The topics of the contract on a broker: created before a service starts, by the local stack and
/// by a job of an installation alike.
@NullMarked
package dev.quadrille.topics;

import org.jspecify.annotations.NullMarked;
