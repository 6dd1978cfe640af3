package dev.quadrille.delivery;

import dev.quadrille.contract.Envelope;
import dev.quadrille.delivery.Inbox.Noted;
import dev.quadrille.delivery.Received.Content;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes a batch of records in: one transaction holds their inbox rows, what the service makes of
/// them, and what has to be parked.
///
/// If that fails for a fault of the world, it is tried again until it succeeds. If it fails for a
/// fault of an event, the batch is halved until the event is alone, which is then parked; so its
/// neighbours pay with the logarithm of the batch, and not with their life.
@ApplicationScoped
class Intake {

    private static final Logger LOG = Logger.getLogger(Intake.class);

    private static final Duration MIN_RETRY = Duration.ofMillis(50);
    private static final Duration MAX_RETRY = Duration.ofSeconds(2);

    private final Transactions transactions;
    private final Inbox inbox;
    private final ParkedEvents parked;
    private final Listener listener;

    private volatile boolean stopping;

    Intake(Transactions transactions, Inbox inbox, ParkedEvents parked, Listener listener) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.parked = parked;
        this.listener = listener;
    }

    /// What became of the records of a batch.
    ///
    /// @param statements that were run for it
    record Taken(int handled, int duplicate, int parked, int ofNoKnownType, int statements) {

        private Taken plus(Taken other) {
            return new Taken(
                    handled + other.handled,
                    duplicate + other.duplicate,
                    parked + other.parked,
                    ofNoKnownType + other.ofNoKnownType,
                    statements + other.statements);
        }
    }

    /// @param batch those of one key in their order
    Uni<Taken> take(List<Received> batch) {
        return untilTheWorldIsWell(
                        () -> transactions.run(transaction -> process(transaction, batch, null)))
                .onFailure(failure -> !Fault.isOfTheWorld(failure))
                .recoverWithUni(failure ->
                        batch.size() == 1
                                ? park(batch.getFirst(), failure)
                                : takeHalves(batch, failure));
    }

    /// From now on a failure ends the intake, and does not begin it again.
    void stop() {
        stopping = true;
    }

    private Uni<Taken> takeHalves(List<Received> batch, Throwable failure) {
        LOG.debugf("A batch of %d failed (%s) and is halved", batch.size(), Fault.named(failure));
        int half = batch.size() / 2;
        return take(batch.subList(0, half))
                .flatMap(first -> take(batch.subList(half, batch.size())).map(first::plus));
    }

    private static void tell(ParkedRecord parked) {
        if (parked.eventId() == null) {
            LOG.errorf(
                    "%s is parked, it is not fit: %s", parked.received().place(), parked.error());
        }
    }

    private Uni<Taken> park(Received received, Throwable failure) {
        return untilTheWorldIsWell(() ->
                        transactions.run(
                                transaction -> process(transaction, List.of(received), failure)))
                .invoke(() -> tell(received, failure));
    }

    private static void tell(Received received, Throwable failure) {
        if (received.content() instanceof Content.Event(var envelope)) {
            LogContext.of(received.key(), envelope.traceparent())
                    .log(() ->
                            LOG.errorf(
                                    "%s is parked, its handling failed: %s",
                                    received.place(), Fault.named(failure)));
        }
    }

    /// @param failure why the only event of the batch is to be parked; null for a batch to be
    ///   handled
    private Uni<Taken> process(
            Transaction transaction, List<Received> batch, @Nullable Throwable failure) {
        var ids = new ArrayList<UUID>(batch.size());
        var keys = new HashSet<String>();
        var unfit = new ArrayList<Received>();
        for (var received : batch) {
            switch (received.content()) {
                case Content.Event(var envelope) -> {
                    ids.add(envelope.id());
                    keys.add(received.key());
                }
                case Content.Unfit _ -> {
                    unfit.add(received);
                    keys.add(received.key());
                }
                case Content.OfNoKnownType _ -> {}
            }
        }
        if (ids.isEmpty() && unfit.isEmpty()) {
            return Uni.createFrom().item(new Taken(0, 0, 0, batch.size(), 0));
        }
        return inbox.note(transaction, ids, keys)
                .flatMap(noted ->
                        seen(transaction, unfit)
                                .call(() -> lookAgain(transaction, noted, ids, unfit, keys))
                                .flatMap(seen ->
                                        store(transaction, sort(batch, noted, seen, failure))));
    }

    /// What was known already may have been parked by a transaction that we have waited for.
    private Uni<Void> lookAgain(
            Transaction transaction,
            Noted noted,
            List<UUID> ids,
            List<Received> unfit,
            Set<String> keys) {
        return noted.fresh().size() == ids.size() && unfit.isEmpty()
                ? Uni.createFrom().voidItem()
                : inbox.parkedKeys(transaction, keys)
                        .invoke(noted.parkedKeys()::addAll)
                        .replaceWithVoid();
    }

    private Uni<Set<String>> seen(Transaction transaction, List<Received> unfit) {
        return unfit.isEmpty() ? Uni.createFrom().item(Set.of()) : parked.seen(transaction, unfit);
    }

    /// What is to be done with a batch.
    private record Sorted(
            List<Envelope<?>> toHandle,
            List<ParkedRecord> toPark,
            int duplicate,
            int ofNoKnownType) {}

    private static Sorted sort(
            List<Received> batch, Noted noted, Set<String> seen, @Nullable Throwable failure) {
        var toHandle = new ArrayList<Envelope<?>>(batch.size());
        var toPark = new ArrayList<ParkedRecord>();
        var parkedKeys = noted.parkedKeys();
        int duplicate = 0;
        int ofNoKnownType = 0;
        for (var received : batch) {
            switch (received.content()) {
                case Content.OfNoKnownType _ -> ofNoKnownType++;
                case Content.Unfit(var error) -> {
                    if (seen.contains(received.place())) {
                        duplicate++;
                    } else {
                        toPark.add(ParkedRecord.unfit(received, error));
                        parkedKeys.add(received.key());
                    }
                }
                case Content.Event(var envelope) -> {
                    if (!noted.fresh().remove(envelope.id())) {
                        duplicate++;
                    } else if (parkedKeys.contains(received.key())) {
                        toPark.add(ParkedRecord.following(received, envelope));
                    } else if (failure != null) {
                        toPark.add(ParkedRecord.failed(received, envelope, failure));
                    } else {
                        toHandle.add(envelope);
                    }
                }
            }
        }
        return new Sorted(toHandle, toPark, duplicate, ofNoKnownType);
    }

    private Uni<Taken> store(Transaction transaction, Sorted sorted) {
        Uni<Void> handled =
                sorted.toHandle.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : listener.on(transaction, sorted.toHandle);
        transaction.afterCommit(() -> sorted.toPark.forEach(Intake::tell));
        return handled.chain(() ->
                        sorted.toPark.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : parked.insert(transaction, sorted.toPark))
                .map(_ -> taken(transaction, sorted));
    }

    private static Taken taken(Transaction transaction, Sorted sorted) {
        return new Taken(
                sorted.toHandle.size(),
                sorted.duplicate,
                sorted.toPark.size(),
                sorted.ofNoKnownType,
                transaction.statements());
    }

    private <T> Uni<T> untilTheWorldIsWell(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom()
                .deferred(work)
                .onFailure(Fault::isOfTheWorld)
                .invoke(failure ->
                        LOG.warnf("A batch cannot be taken in: %s", Fault.named(failure)))
                .onFailure(Fault::isOfTheWorld)
                .retry()
                .withBackOff(MIN_RETRY, MAX_RETRY)
                .until(_ -> !stopping);
    }
}
