/// The saga without a network, a database or a clock of its own: the services' deciders, in one
/// thread, under everything that a network, a database and a clock may do to them.
///
/// - [Dance] is one order with all that the parts know of it and all that is under way between
///   them; [World] is some dances on one stock, and applies a [Move] to one of them.
/// - [Simulation] picks moves by a seed. [Exploration] tries them all.
/// - [Always] holds the invariants that are checked after each move; those that hold at rest are
///   the test kit's, which judge the real system too.
/// - [Rules] is what the parts decide, in methods; a [Bug] replaces one of them, to see that it is
///   found.
@NullMarked
package dev.quadrille.simulation;

import org.jspecify.annotations.NullMarked;
