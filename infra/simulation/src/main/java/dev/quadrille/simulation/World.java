package dev.quadrille.simulation;

import dev.quadrille.contract.Decision;
import dev.quadrille.contract.Decision.Advance;
import dev.quadrille.contract.DomainEvent;
import dev.quadrille.contract.NotificationEvent;
import dev.quadrille.contract.NotificationEvent.Channel;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.inventory.domain.Reservation;
import dev.quadrille.notification.domain.Correspondence.Begun;
import dev.quadrille.notification.domain.News;
import dev.quadrille.notification.domain.Notification;
import dev.quadrille.notification.domain.NotificationDetails;
import dev.quadrille.notification.domain.NotificationInput;
import dev.quadrille.notification.domain.NotificationInput.Attempted;
import dev.quadrille.notification.domain.NotificationInput.WorkDue;
import dev.quadrille.notification.domain.Outcome;
import dev.quadrille.order.domain.Order;
import dev.quadrille.order.domain.OrderInput;
import dev.quadrille.order.domain.OrderInput.CancelOrder;
import dev.quadrille.order.domain.OrderInput.DeadlinePassed;
import dev.quadrille.order.domain.OrderInput.PlaceOrder;
import dev.quadrille.order.domain.OrderInput.ReturnOrder;
import dev.quadrille.order.domain.OrderInput.ShipOrder;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.Payment;
import dev.quadrille.payment.domain.PaymentInput;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.simulation.Dance.Post;
import dev.quadrille.simulation.Move.Mishap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Some dances on one stock. It knows what each [Move] does; which one comes is decided elsewhere.
///
/// The shells here do what those of the services do, in the same order: load, decide, store and
/// announce, in one transaction, which either happens or does not. Everything else, from the poll
/// of a consumer to the lease of an errand, is a move of its own, so that anything may come
/// between.
final class World {

    private static final String CARRIER = "DHL";

    final Rules rules;
    final List<Dance> dances;
    final Shelf shelf;

    /// Which order was placed under an Idempotency-Key, as the order service has it.
    final Map<String, UUID> placements;

    /// Which order the customer was told of.
    final Map<String, UUID> accepted;

    Instant now;

    World(Rules rules, List<Dance> dances, Shelf shelf, Instant now) {
        this.rules = rules;
        this.dances = new ArrayList<>(dances);
        this.shelf = shelf;
        this.placements = new HashMap<>();
        this.accepted = new HashMap<>();
        this.now = now;
    }

    /// A world to make one move in, without changing the other.
    ///
    /// @param moving the place of the dance that will move; the others are shared
    World(World other, int moving) {
        rules = other.rules;
        dances = new ArrayList<>(other.dances);
        dances.set(moving, new Dance(other.dances.get(moving)));
        shelf = new Shelf(other.shelf);
        placements = new HashMap<>(other.placements);
        accepted = new HashMap<>(other.accepted);
        now = other.now;
    }

    void apply(Dance dance, Move move) {
        switch (move) {
            case Move.Place() -> place(dance);
            case Move.PlaceAgain() -> placeAgain(dance);
            case Move.Cancel() -> command(dance, new CancelOrder(null));
            case Move.Ship(var trackingNumber) ->
                    command(dance, new ShipOrder(CARRIER, trackingNumber));
            case Move.Return() -> command(dance, new ReturnOrder("does not fit"));
            case Move.Expire() -> command(dance, new DeadlinePassed());
            case Move.Publish(var of, var mishap) -> publish(dance.at(of), mishap);
            case Move.Deliver(var to, var from, var mishap) -> deliver(dance, to, from, mishap);
            case Move.Redeliver(var to, var from, var index) ->
                    receive(dance, to, dance.at(from).topic.get(index), Mishap.NONE);
            case Move.HandleAgain(var to, var from, var index) ->
                    handle(dance, to, dance.at(from).topic.get(index));
            case Move.Replay(var at) -> replay(dance, at);
            case Move.Ask(var heldBack) -> ask(dance, heldBack);
            case Move.GiveBack() -> giveBack(dance);
            case Move.GiveUp() -> decidePayment(dance, new ProviderDeclined("provider_error"));
            case Move.LeaseEnds() -> dance.leased = false;
            case Move.Serve(var call, var lost) -> serve(dance, call, lost);
            case Move.Learn(var call, var lost) -> learn(dance, call, lost);
            case Move.Forget(var call) -> dance.calls.remove(call);
            case Move.Lapse() -> lapse(dance);
            case Move.Tell(var index, var again) -> tell(dance, index, again);
            case Move.TakeUp(var kind) -> takeUp(dance, kind);
            case Move.Converse(var kind, var talk) -> converse(dance, kind, talk);
        }
    }

    // The order service.

    private void place(Dance dance) {
        placements.put(dance.idempotencyKey, dance.id());
        decideOrder(dance, new PlaceOrder(dance.details), null);
        accepted.put(dance.idempotencyKey, dance.id());
    }

    /// Of two requests by one key the second waits for the first one's transaction, so here they
    /// follow each other too.
    private void placeAgain(Dance dance) {
        if (rules.recognizesRequests()) {
            accepted.put(dance.idempotencyKey, dance.id());
            return;
        }
        var second =
                new Dance(
                        new UUID(
                                dance.id().getMostSignificantBits(),
                                ~dance.id().getLeastSignificantBits()),
                        dance.idempotencyKey,
                        dance.lines(),
                        dance.bankAccepts,
                        now);
        dances.add(second);
        place(second);
    }

    private void command(Dance dance, OrderInput input) {
        decideOrder(dance, input, null);
    }

    /// @param heard what was heard; null for a command
    private void decideOrder(Dance dance, OrderInput input, @Nullable Message heard) {
        if (heard != null) {
            dance.timeline.add(heard);
        }
        var decision = rules.order(dance.order, input, now);
        if (heard != null) {
            contradict(dance, Service.ORDER, heard, decision);
        }
        if (decision instanceof Advance<Order.Placed, ?>(var next, var events)) {
            dance.order = next;
            dance.orderVersion++;
            announce(dance, Service.ORDER, dance.orderVersion, events);
        }
    }

    // Delivery.

    private void announce(
            Dance dance, Service from, long version, List<? extends DomainEvent> events) {
        for (var event : events) {
            var message = new Message(dance.committed.size(), from, version, event);
            dance.committed.add(message);
            dance.at(from).outbox.add(message);
            if (from == Service.ORDER) {
                dance.timeline.add(message);
            }
        }
    }

    private void publish(Desk desk, Mishap mishap) {
        var rows = rules.publishesInOrder() ? desk.outbox : desk.outbox.reversed();
        boolean lost = mishap != Mishap.NONE && !rules.keepsRowsUntilAcknowledged();
        if (!lost) {
            desk.topic.addAll(rows);
        }
        if (mishap == Mishap.NONE || lost) {
            desk.outbox.clear();
        }
    }

    private void deliver(Dance dance, Service to, Service from, Mishap mishap) {
        var desk = dance.at(to);
        var message = dance.at(from).topic.get(desk.position(from));
        switch (mishap) {
            case CRASH_BEFORE_COMMIT -> {
                if (!rules.announcesInTransaction()) {
                    announceBeside(dance, to, message);
                }
                if (!rules.commitsOffsetsLast()) {
                    desk.advance(from);
                }
            }
            case CRASH_AFTER_COMMIT -> receive(dance, to, message, mishap);
            case NONE, FAULT -> {
                receive(dance, to, message, mishap);
                desk.advance(from);
            }
        }
    }

    private void receive(Dance dance, Service to, Message message, Mishap mishap) {
        var desk = dance.at(to);
        if (!desk.note(message) && rules.consultsInbox()) {
            return;
        }
        boolean follows = !desk.parked.isEmpty() && rules.parksFollowers();
        if (mishap == Mishap.FAULT || follows) {
            desk.parked.add(message);
        } else {
            handle(dance, to, message);
        }
    }

    private void replay(Dance dance, Service at) {
        handle(dance, at, dance.at(at).parked.removeFirst());
    }

    private void handle(Dance dance, Service at, Message message) {
        dance.at(at).handled.add(message);
        switch (at) {
            case ORDER -> decideOrder(dance, new OrderInput.Heard(message.event()), message);
            case INVENTORY -> decideReservation(dance, message);
            case PAYMENT ->
                    contradict(
                            dance,
                            Service.PAYMENT,
                            message,
                            decidePayment(dance, new PaymentInput.Heard(message.event())));
            case NOTIFICATION -> decideCorrespondence(dance, message);
        }
    }

    /// Takes down what a service hears and cannot believe.
    private static void contradict(
            Dance dance, Service at, Message heard, Decision<?, ?> decision) {
        if (decision instanceof Decision.Reject<?, ?>(var reason)) {
            dance.contradictions.add(at + " rejects " + heard + ": " + reason);
        }
    }

    /// What a service does that sends its events past its transaction, which is then undone.
    private void announceBeside(Dance dance, Service at, Message message) {
        int index = dances.indexOf(dance);
        var undone = new World(this, index);
        var copy = undone.dances.get(index);
        int before = copy.at(at).outbox.size();
        undone.handle(copy, at, message);
        dance.at(at).topic.addAll(copy.at(at).outbox.subList(before, copy.at(at).outbox.size()));
    }

    // The inventory service.

    private void decideReservation(Dance dance, Message heard) {
        var decision = rules.reservation(dance.reservation, heard.event(), shelf::available);
        contradict(dance, Service.INVENTORY, heard, decision);
        if (decision instanceof Advance<Reservation.Known, ?>(var next, var events)) {
            for (var move : rules.stockMoves(dance.reservation, next)) {
                shelf.move(move);
                dance.moves.add(move);
            }
            dance.reservation = next;
            dance.reservationVersion++;
            announce(dance, Service.INVENTORY, dance.reservationVersion, events);
        }
    }

    // The payment service, and the provider.

    private Decision<Payment.Known, ?> decidePayment(Dance dance, PaymentInput input) {
        var before = loadedPayment(dance);
        Decision<Payment.Known, ?> decision = rules.payment(before, input);
        if (decision instanceof Advance<Payment.Known, ?>(var next, var events)) {
            if (!sameErrand(errand(before), next.errand())) {
                dance.attempts = 0;
                dance.leased = false;
            }
            dance.payment = next;
            dance.paymentVersion++;
            announce(dance, Service.PAYMENT, dance.paymentVersion, events);
        }
        return decision;
    }

    /// Whether it was asked is not stored with the state; it shows in the attempts.
    private Payment loadedPayment(Dance dance) {
        return dance.payment instanceof Payment.Authorizing(var id, var amount, var method, _)
                ? new Payment.Authorizing(
                        id, amount, method, rules.mayHaveBeenAsked(dance.attempts))
                : dance.payment;
    }

    static @Nullable Errand errand(Payment payment) {
        return payment instanceof Payment.Known known ? known.errand() : null;
    }

    private static boolean sameErrand(@Nullable Errand one, @Nullable Errand other) {
        return one == null
                ? other == null
                : other != null && one.getClass().equals(other.getClass());
    }

    private void ask(Dance dance, boolean heldBack) {
        var errand = errand(dance.payment);
        if (errand == null) {
            throw new IllegalStateException("there is no errand");
        }
        dance.attempts++;
        dance.leased = true;
        var call = Call.first(errand, rules.providerKey(errand, dance.attempts), dance.attempts);
        if (heldBack) {
            dance.heldBack = call;
        } else {
            dance.calls.add(call);
        }
    }

    private static void giveBack(Dance dance) {
        var heldBack = dance.heldBack;
        if (heldBack == null) {
            throw new IllegalStateException("nothing was held back");
        }
        dance.heldBack = null;
        if (isCurrent(dance, heldBack)) {
            dance.attempts--;
            dance.leased = false;
        }
    }

    /// Whether nobody else has taken up the errand since, and it is still wanted.
    private static boolean isCurrent(Dance dance, Call call) {
        return sameErrand(call.errand(), errand(dance.payment)) && call.attempt() == dance.attempts;
    }

    private void serve(Dance dance, int index, boolean lost) {
        var call = dance.calls.get(index);
        if (lost) {
            fail(dance, index);
            return;
        }
        if (!call.asks()) {
            var done = dance.books.query(call.errand());
            dance.calls.set(index, done.map(call::answered).orElseGet(call::asking));
            return;
        }
        var served = dance.books.serve(call.errand(), call.key(), dance.bankAccepts);
        if (!served.books().equals(dance.books)) {
            dance.hooks.add(served.answer());
        }
        dance.books = served.books();
        dance.calls.set(index, call.answered(served.answer()));
    }

    private void learn(Dance dance, int index, boolean lost) {
        if (lost) {
            fail(dance, index);
            return;
        }
        var answer = dance.calls.remove(index).answer();
        if (answer == null) {
            throw new IllegalStateException("the call has no answer yet");
        }
        decidePayment(dance, answer);
    }

    /// The outcome of a call stays unknown: its errand may be taken up again, unless somebody else
    /// has done so already.
    private void fail(Dance dance, int index) {
        var call = dance.calls.remove(index);
        if (!rules.seeksUnknownOutcomes() && call.errand() instanceof Errand.Authorize) {
            decidePayment(dance, new ProviderDeclined("unknown"));
        } else if (isCurrent(dance, call)) {
            dance.leased = false;
        }
    }

    private void lapse(Dance dance) {
        dance.books
                .lapse()
                .ifPresent(served -> {
                    dance.lapsed = true;
                    dance.books = served.books();
                    dance.hooks.add(served.answer());
                });
    }

    private void tell(Dance dance, int index, boolean again) {
        var answer = again ? dance.hooks.get(index) : dance.hooks.remove(index);
        decidePayment(dance, answer);
    }

    // The notification service, and the mail server.

    private void decideCorrespondence(Dance dance, Message heard) {
        var decision = rules.correspondence(dance.correspondence, heard.event(), now);
        contradict(dance, Service.NOTIFICATION, heard, decision);
        if (decision instanceof Advance<Begun, NotificationEvent>(var next, _)) {
            dance.correspondence = next;
            for (var due : next.due()) {
                due(dance, due.news());
            }
        }
    }

    private void due(Dance dance, News news) {
        var kind = news.kind();
        if (dance.post.containsKey(kind) && rules.tellsOnce()) {
            return;
        }
        var earlier = dance.post.get(kind);
        var details =
                new NotificationDetails(
                        new UUID(dance.id().getLeastSignificantBits(), kind.name().hashCode()),
                        dance.id(),
                        kind,
                        Channel.EMAIL,
                        dance.id(),
                        null);
        dance.post.put(
                kind,
                new Post(
                        new Notification.Pending(details, 0, now),
                        1,
                        0,
                        earlier == null ? 0 : earlier.mails()));
    }

    private void takeUp(Dance dance, Kind kind) {
        var notification = decideNotification(dance, kind, new WorkDue());
        var post = post(dance, kind);
        if (notification instanceof Notification.Sending(_, var attempts, _)) {
            dance.post.put(
                    kind, new Post(post.notification(), post.version(), attempts, post.mails()));
        }
    }

    private void converse(Dance dance, Kind kind, Move.Talk talk) {
        var post = post(dance, kind);
        boolean taken =
                switch (talk) {
                    case ACCEPTED, ACCEPTED_UNHEARD, ACCEPTED_CRASH -> true;
                    case NOT_SENT, REFUSED -> false;
                };
        dance.post.put(
                kind,
                new Post(post.notification(), post.version(), 0, post.mails() + (taken ? 1 : 0)));
        var outcome =
                switch (talk) {
                    case ACCEPTED -> new Outcome.Accepted();
                    case ACCEPTED_UNHEARD -> new Outcome.Unclear();
                    case NOT_SENT -> new Outcome.NotSent("smtp-450");
                    case REFUSED -> new Outcome.Refused("smtp-550");
                    case ACCEPTED_CRASH -> null;
                };
        if (outcome != null) {
            decideNotification(dance, kind, new Attempted(post.attempt(), outcome, 0));
        } else if (!rules.claimsMailsBeforeSending()) {
            decideNotification(
                    dance, kind, new Attempted(post.attempt(), new Outcome.NotSent("crash"), 0));
        }
    }

    /// All that waits for a time is decided at that time.
    private Notification decideNotification(Dance dance, Kind kind, NotificationInput input) {
        var post = post(dance, kind);
        var at =
                switch (post.notification()) {
                    case Notification.Pending(_, _, var dueAt) when dueAt.isAfter(now) -> dueAt;
                    case Notification.Sending(_, _, var leaseEndsAt)
                            when input instanceof WorkDue ->
                            leaseEndsAt;
                    case Notification.Pending _,
                            Notification.Sending _,
                            Notification.Delivering _,
                            Notification.Sent _,
                            Notification.Failed _ ->
                            now;
                };
        if (rules.notification(post.notification(), input, at)
                instanceof Advance<Notification, NotificationEvent>(var next, var events)) {
            dance.post.put(kind, new Post(next, post.version() + 1, post.attempt(), post.mails()));
            announce(dance, Service.NOTIFICATION, post.version() + 1, events);
        }
        return post(dance, kind).notification();
    }

    private static Post post(Dance dance, Kind kind) {
        var post = dance.post.get(kind);
        if (post == null) {
            throw new IllegalStateException("nobody is to be told of " + kind);
        }
        return post;
    }
}
