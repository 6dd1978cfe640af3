/// Measures the services as a user runs them: their own jars, started by the launcher, on a real
/// PostgreSQL and a real Kafka, observed from outside. It judges no figure.
@NullMarked
package dev.quadrille.bench;

import org.jspecify.annotations.NullMarked;
