package dev.quadrille.simulation;

import dev.quadrille.contract.NotificationEvent.Kind;

/// The smallest thing that can happen to a [Dance]. Everything that chance decides stands in the
/// move, so that a list of moves can be played again.
sealed interface Move {

    /// What goes wrong with it.
    enum Mishap {
        NONE,
        /// The service dies before its transaction commits.
        CRASH_BEFORE_COMMIT,
        /// The service dies after its transaction committed: the offset is not committed, the rows
        /// are not deleted, the answer is not given.
        CRASH_AFTER_COMMIT,
        /// The handler cannot process this event: it is parked.
        FAULT
    }

    // Of people.

    /// A customer places the order.
    record Place() implements Move {}

    /// A customer who got no answer places it again, by the same Idempotency-Key.
    record PlaceAgain() implements Move {}

    record Cancel() implements Move {}

    /// @param trackingNumber of the parcel; two operators may have two
    record Ship(String trackingNumber) implements Move {}

    record Return() implements Move {}

    /// The watch over deadlines looks at the order.
    record Expire() implements Move {}

    // Of delivery.

    /// The relay publishes what lies in a service's outbox.
    record Publish(Service of, Mishap mishap) implements Move {}

    /// The next record of a topic reaches a listener.
    record Deliver(Service to, Service from, Mishap mishap) implements Move {}

    /// A record that reached a listener before does so again.
    record Redeliver(Service to, Service from, int index) implements Move {}

    /// A record that was handled before is handled again, because the inbox has forgotten it.
    record HandleAgain(Service to, Service from, int index) implements Move {}

    /// An operator has the first event that is parked processed.
    record Replay(Service at) implements Move {}

    // Of the payment provider.

    /// The payment service takes up the errand and calls the provider.
    ///
    /// @param heldBack whether the circuit is open, so that no call is made
    record Ask(boolean heldBack) implements Move {}

    /// An errand that was held back is given back, as if it had not been taken up.
    record GiveBack() implements Move {}

    /// An authorization of which the provider has known nothing for so long that whatever was asked
    /// would have been done by now is given up.
    record GiveUp() implements Move {}

    /// Who has taken up the errand counts as dead.
    record LeaseEnds() implements Move {}

    /// The provider gets the request, or it is lost on the way.
    record Serve(int call, boolean lost) implements Move {}

    /// The payment service gets the answer, or it is lost on the way.
    record Learn(int call, boolean lost) implements Move {}

    /// Whoever made the call dies with it.
    record Forget(int call) implements Move {}

    /// The hold lapses at the provider.
    record Lapse() implements Move {}

    /// The provider tells of what it did.
    ///
    /// @param again whether it will tell it once more
    record Tell(int index, boolean again) implements Move {}

    // Of the mail server.

    /// The notification service takes up a mail, or finds that who did is dead.
    record TakeUp(Kind kind) implements Move {}

    /// The conversation with the mail server ends.
    record Converse(Kind kind, Talk talk) implements Move {}

    /// How a conversation with the mail server may end.
    enum Talk {
        ACCEPTED,
        /// The server takes the mail, and who was sending it never learns.
        ACCEPTED_UNHEARD,
        /// The server takes the mail, and who was sending it dies.
        ACCEPTED_CRASH,
        NOT_SENT,
        REFUSED
    }
}
