/// What the tests of every service share: real PostgreSQL and Kafka, started once for a build; a
/// hand on the topics; the walls of the architecture.
@NullMarked
package dev.quadrille.testkit;

import org.jspecify.annotations.NullMarked;
