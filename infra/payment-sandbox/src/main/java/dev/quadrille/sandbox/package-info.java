/// A payment provider to develop against: the PaymentIntents part of Stripe's API, good enough that
/// a client which works here works against Stripe with another base URL and key. It behaves as
/// Stripe's API version 2022-11-15: `capture_method` is `automatic` unless said otherwise, and an
/// intent may be confirmed by its creation without a `return_url`. A client says so to Stripe with
/// the header `Stripe-Version: 2022-11-15`, or sends `payment_method_types[]=card`, which is taken
/// here as well.
///
/// What waits at Stripe happens here at once: a search finds everything, a refund has succeeded or
/// failed when it is answered, and a hold lapses when somebody says so (`POST
/// /sandbox/intents/{id}/lapse`). [TestMethod] lists the cards that make trouble.
///
/// Read it from the inside out: [Intent] holds the states and their table, [Decision] the rules,
/// [Account] the one place where something changes, [Journal] what survives, [StripeApi] the
/// endpoints and [HttpFace] the wire. [Settings] lists what the environment may set.
///
/// It is for development: money, cards and customers do not exist, and an answer is durable against
/// the death of the process but not of the machine.
@NullMarked
package dev.quadrille.sandbox;

import org.jspecify.annotations.NullMarked;
