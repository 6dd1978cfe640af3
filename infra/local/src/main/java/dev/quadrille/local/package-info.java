/// The embedded stack: PostgreSQL, Kafka, the mail sink, the payment sandbox and the services, each
/// as its own process, started and watched by one small launcher.
@NullMarked
package dev.quadrille.local;

import org.jspecify.annotations.NullMarked;
