/// What the services share at their edges: the form of problems and pages, idempotency keys, the
/// clock, and the defaults of their configuration (`META-INF/microprofile-config.properties`).
@NullMarked
package dev.quadrille.chassis;

import org.jspecify.annotations.NullMarked;
