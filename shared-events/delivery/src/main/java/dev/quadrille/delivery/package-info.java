/// How an event is safely sent and received.
///
/// Sending: a use case announces events in its [Transaction]; they lie in the outbox until the
/// [Relay] has brought them to Kafka. Receiving: the [EventConsumer] hands each batch to the
/// service's [Listener] in one transaction with the inbox, so that an event has one effect however
/// often it arrives.
@NullMarked
package dev.quadrille.delivery;

import org.jspecify.annotations.NullMarked;
