package dev.quadrille.simulation;

/// How often people and faults may yet do something to an order while it is explored.
///
/// @param duplicates of messages that are handled once more, at any time after the first
/// @param lost requests to the provider, or answers of it, or calls that are held back
/// @param leaseEnds of an errand that somebody is still at, so that two are
/// @param lapses of the hold
/// @param tellings whether the provider also tells of what it did, at any time
record Allowed(
        int cancellations,
        int shipments,
        int returns,
        int duplicates,
        int lost,
        int leaseEnds,
        int lapses,
        boolean tellings) {

    /// What is left of it after a move.
    Allowed after(Move move) {
        return new Allowed(
                cancellations - (move instanceof Move.Cancel ? 1 : 0),
                shipments - (move instanceof Move.Ship ? 1 : 0),
                returns - (move instanceof Move.Return ? 1 : 0),
                duplicates - (move instanceof Move.HandleAgain ? 1 : 0),
                lost - (isLost(move) ? 1 : 0),
                leaseEnds - (move instanceof Move.LeaseEnds ? 1 : 0),
                lapses - (move instanceof Move.Lapse ? 1 : 0),
                tellings);
    }

    private static boolean isLost(Move move) {
        return (move instanceof Move.Serve(_, var request) && request)
                || (move instanceof Move.Learn(_, var answer) && answer)
                || (move instanceof Move.Ask(var heldBack) && heldBack);
    }
}
