/// The contract of Quadrille: what the services tell each other, and anybody else who listens.
///
/// One sealed interface per family of events, records within it; [EventType] names each on the wire
/// and [Topic] says where it travels. [CloudEvents] turns an [Envelope] into headers and a body and
/// back. Nothing here knows a framework, so another team's consumer can depend on this jar alone.
@NullMarked
package dev.quadrille.contract;

import org.jspecify.annotations.NullMarked;
