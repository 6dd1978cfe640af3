package dev.quadrille.simulation;

import dev.quadrille.notification.domain.Notification;
import dev.quadrille.order.domain.Order;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.simulation.Move.Mishap;
import dev.quadrille.simulation.Move.Talk;
import java.util.List;

/// What a dance does by itself when nothing goes wrong: as long as there is any of it, something is
/// still to happen.
final class Moves {

    private Moves() {}

    static void addOwn(World world, Dance dance, List<Move> moves) {
        for (var service : Service.ALL) {
            var desk = dance.at(service);
            if (!desk.outbox.isEmpty()) {
                moves.add(new Move.Publish(service, Mishap.NONE));
            }
            for (var from : service.heard()) {
                if (desk.position(from) < dance.at(from).topic.size()) {
                    moves.add(new Move.Deliver(service, from, Mishap.NONE));
                }
            }
            if (!desk.parked.isEmpty()) {
                moves.add(new Move.Replay(service));
            }
        }
        addPayment(dance, moves);
        dance.post.forEach((kind, post) -> {
            if (post.attempt() > 0) {
                moves.add(new Move.Converse(kind, Talk.ACCEPTED));
            } else if (post.notification() instanceof Notification.Pending
                    || post.notification() instanceof Notification.Sending) {
                moves.add(new Move.TakeUp(kind));
            }
        });
        if (dance.order instanceof Order.Pending && !world.now.isBefore(dance.details.deadline())) {
            moves.add(new Move.Expire());
        }
    }

    /// Whether an authorization may be given up: it was asked for, the provider knows nothing of
    /// it, and nothing that was asked is still on the way there. The real service waits until that
    /// last can be counted on.
    static boolean mayBeGivenUp(Dance dance) {
        return World.errand(dance.payment) instanceof Errand.Authorize errand
                && dance.attempts > 1
                && dance.calls.stream().allMatch(call -> call.answer() != null)
                && dance.books.query(errand).isEmpty();
    }

    private static void addPayment(Dance dance, List<Move> moves) {
        boolean called = false;
        for (int i = 0; i < dance.calls.size(); i++) {
            var call = dance.calls.get(i);
            moves.add(call.answer() == null ? new Move.Serve(i, false) : new Move.Learn(i, false));
            called |= call.attempt() == dance.attempts;
        }
        if (dance.heldBack != null) {
            moves.add(new Move.GiveBack());
        }
        if (World.errand(dance.payment) != null) {
            if (!dance.leased) {
                moves.add(new Move.Ask(false));
            } else if (!called && dance.heldBack == null) {
                moves.add(new Move.LeaseEnds());
            }
        }
        if (!dance.hooks.isEmpty()) {
            moves.add(new Move.Tell(0, false));
        }
    }
}
