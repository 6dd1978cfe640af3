package dev.quadrille.delivery;

import static java.util.Collections.newSetFromMap;

import dev.quadrille.contract.Decoded;
import dev.quadrille.contract.Envelope;
import dev.quadrille.delivery.ParkedEvents.Stored;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// What could not be processed waits here, and so does every later event of the same key; the other
/// keys do not notice. An operator has a key replayed once the cause is mended, or discards what is
/// not to have its effect.
///
/// | a record | in the inbox | in `parked_events` |
/// |---|---|---|
/// | whose handling failed | yes | with the error |
/// | that follows one of its key | yes | without an error |
/// | that cannot be read, or has no key | no: it has no id that counts | with the error |
/// | that was replayed | yes | no longer |
/// | that was discarded | as it was | marked; stays out when it is delivered again, unless it can be read only now |
@ApplicationScoped
public class Parking {

    private static final Logger LOG = Logger.getLogger(Parking.class);

    /// The most events that one replay handles: a bound for its transaction, and for its time.
    private static final int MAX_REPLAYED = 1_000;

    /// If one of them fails again. Fewer, because each is a transaction.
    private static final int MAX_ONE_BY_ONE = 100;

    private final Transactions transactions;
    private final ParkedEvents parked;
    private final Inbox inbox;
    private final Listener listener;

    Parking(Transactions transactions, ParkedEvents parked, Inbox inbox, Listener listener) {
        this.transactions = transactions;
        this.parked = parked;
        this.inbox = inbox;
        this.listener = listener;
    }

    /// A key whose events wait.
    ///
    /// @param events how many
    /// @param firstType the type of the first, as its record says
    /// @param error why the first could not be processed; it may quote the data
    /// @param replays how often it was tried again in vain
    public record ParkedKey(
            String key,
            long events,
            @Nullable String firstType,
            @Nullable String error,
            Instant since,
            int replays) {}

    /// An event that waits.
    ///
    /// @param position its number, by which it can be discarded alone
    /// @param place where its record stands, such as `order-events-3@17`
    /// @param error null for one that only follows another
    public record ParkedEvent(
            long position,
            String place,
            Instant recordedAt,
            @Nullable UUID eventId,
            @Nullable String type,
            @Nullable String error,
            Instant parkedAt) {}

    /// What came of a replay.
    public sealed interface Replay {

        /// @param events have had their effect, in their order
        /// @param left are more than one replay takes
        record Done(int events, long left) implements Replay {}

        /// @param events have had their effect, in their order
        /// @param position of the one that failed again; it and those behind it still wait
        record FailedAgain(int events, long position, String error) implements Replay {}

        /// Nothing is parked under this key.
        record NothingParked() implements Replay {}
    }

    /// @param after the key after which the list goes on; empty for its beginning
    public Uni<List<ParkedKey>> keys(String after, int limit) {
        return transactions.run(transaction -> parked.keys(transaction, after, limit));
    }

    /// @param after the position after which the list goes on; 0 for its beginning
    public Uni<List<ParkedEvent>> events(String key, long after, int limit) {
        return transactions.run(transaction -> parked.ofKey(transaction, key, after, limit));
    }

    /// Processes the events of a key in their order: all at once, or if one of them fails again,
    /// those before it.
    public Uni<Replay> replay(String key) {
        return replay(key, MAX_REPLAYED)
                .onFailure(failure -> Fault.of(failure) == Fault.OF_THE_EVENT)
                .recoverWithUni(_ -> replayOneByOne(key, 0))
                .invoke(replay -> LOG.infof("Replay of the parked key %s: %s", key, told(replay)));
    }

    /// Decides that what is parked under a key is not to have its effect. The rows stay, marked.
    ///
    /// @param position of the one event that is meant; null for all
    /// @return how many were discarded
    public Uni<Integer> discard(String key, @Nullable Long position) {
        return transactions
                .run(transaction ->
                        parked.lock(transaction, key)
                                .flatMap(_ -> parked.discard(transaction, key, position)))
                .invoke(events -> LOG.infof("Discarded %d parked events of %s", events, key));
    }

    private Uni<Replay> replay(String key, int limit) {
        return transactions.run(transaction ->
                parked.lock(transaction, key)
                        .flatMap(isParked ->
                                isParked
                                        ? parked.take(transaction, key, limit)
                                                .flatMap(events -> replay(transaction, key, events))
                                        : outcome(new Replay.NothingParked())));
    }

    private Uni<Replay> replay(Transaction transaction, String key, List<Stored> events) {
        return fitting(transaction, key, events)
                .flatMap(fitting ->
                        fitting.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : listener.on(transaction, fitting))
                .chain(() -> parked.release(transaction, key, events))
                .map(left -> new Replay.Done(events.size(), left));
    }

    /// Each in a transaction of its own, until one fails.
    private Uni<Replay> replayOneByOne(String key, int done) {
        var position = new long[1];
        return transactions
                .run(transaction ->
                        parked.lock(transaction, key)
                                .chain(() -> parked.take(transaction, key, 1))
                                .flatMap(events -> {
                                    if (events.isEmpty()) {
                                        return outcome(new Replay.Done(0, 0));
                                    }
                                    position[0] = events.getFirst().position();
                                    return replay(transaction, key, events);
                                }))
                .onFailure(failure -> Fault.of(failure) == Fault.OF_THE_EVENT)
                .recoverWithUni(failure -> failedAgain(key, done, position[0], failure))
                .flatMap(replay ->
                        replay instanceof Replay.Done(var events, var left)
                                ? goOn(key, done + events, left)
                                : outcome(replay));
    }

    private Uni<Replay> goOn(String key, int done, long left) {
        return left > 0 && done < MAX_ONE_BY_ONE
                ? replayOneByOne(key, done)
                : outcome(new Replay.Done(done, left));
    }

    private Uni<Replay> failedAgain(String key, int done, long position, Throwable failure) {
        var error = Fault.described(failure);
        return transactions
                .run(transaction -> parked.noteFailure(transaction, key, position, error))
                .replaceWith(new Replay.FailedAgain(done, position, error));
    }

    /// Of these, what the service is to hear.
    private Uni<List<Envelope<?>>> fitting(
            Transaction transaction, String key, List<Stored> events) {
        var fitting = new ArrayList<Envelope<?>>(events.size());
        // Those that were not fit when they came have not been noted in the inbox.
        Set<Envelope<?>> unnoted = newSetFromMap(new IdentityHashMap<>());
        for (var event : events) {
            switch (event.content()) {
                case Decoded.Known(var envelope) -> {
                    fitting.add(envelope);
                    if (event.eventId() == null) {
                        unnoted.add(envelope);
                    }
                }
                case Decoded.UnknownType _ -> {}
                case Decoded.Unreadable(var error) -> throw new StillUnfitException(error);
            }
        }
        if (unnoted.isEmpty()) {
            return Uni.createFrom().item(fitting);
        }
        return inbox.note(
                        transaction,
                        unnoted.stream().<UUID>map(Envelope::id).toList(),
                        unnoted.stream().map(event -> event.event().subject()).toList())
                .map(noted -> {
                    for (var parkedKey : noted.parkedKeys()) {
                        if (!parkedKey.equals(key)) {
                            throw new StillUnfitException(
                                    "its subject " + parkedKey + " is parked, replay that first");
                        }
                    }
                    var fresh = noted.fresh();
                    fitting.removeIf(event -> unnoted.contains(event) && !fresh.remove(event.id()));
                    return fitting;
                });
    }

    private static String told(Replay replay) {
        return switch (replay) {
            case Replay.Done(var events, var left) -> events + " processed, " + left + " left";
            // The error may quote the data, so it stays in the table.
            case Replay.FailedAgain(var events, var position, _) ->
                    events + " processed, number " + position + " failed again";
            case Replay.NothingParked() -> "nothing is parked";
        };
    }

    private static Uni<Replay> outcome(Replay replay) {
        return Uni.createFrom().item(replay);
    }

    /// A parked record that still cannot be handed to the service.
    static final class StillUnfitException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        StillUnfitException(String message) {
            super(message);
        }
    }
}
