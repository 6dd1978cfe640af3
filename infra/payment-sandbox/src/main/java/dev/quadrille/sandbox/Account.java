package dev.quadrille.sandbox;

import dev.quadrille.sandbox.Entry.Kept;
import dev.quadrille.sandbox.Journal.Place;
import dev.quadrille.sandbox.Reply.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The provider's books: the one place where something changes. Each operation happens under one
/// lock and is in the journal before anybody can see it.
final class Account implements AutoCloseable {

    /// Stripe may forget a key once it is that old.
    static final Duration KEY_LIFE = Duration.ofHours(24);

    /// Who asks, and how the request is told from another one with the same key.
    ///
    /// @param key the idempotency key, null if there is none
    record Origin(String requestId, @Nullable String key, String fingerprint) {}

    /// What an idempotency key is worth to the request that brings it.
    sealed interface Claim {

        /// Go on. The key is taken until an answer is kept for it or it is released.
        record Granted() implements Claim {}

        /// It was answered before.
        record Answered(Kept kept) implements Claim {}

        /// The first request is still under way.
        record InUse() implements Claim {}

        /// The first request was another one.
        record Reused() implements Claim {}
    }

    /// @param changed whether the operation did anything
    record Settled(Answer answer, boolean changed) {}

    record Page(List<Intent> intents, boolean more) {}

    record RefundPage(List<Refund> refunds, boolean more) {}

    private record Known(String fingerprint, long atMillis, Place place) {}

    private final InstantSource clock;
    private final Webhooks webhooks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Intent> intents = new HashMap<>();
    private final Map<String, Refund> refunds = new HashMap<>();
    private final Map<String, List<Refund>> refundsOfIntent = new HashMap<>();

    /// Ids in the order of creation, and where each stands in it.
    private final List<String> sequence = new ArrayList<>();

    private final Map<String, Integer> positions = new HashMap<>();
    private final Map<String, List<String>> intentsOfOrder = new HashMap<>();

    /// Oldest first, so that the expired ones are found at the front.
    private final LinkedHashMap<String, Known> answered = new LinkedHashMap<>();

    private final Map<String, String> inUse = new HashMap<>();
    private final Journal journal;

    Account(Path folder, InstantSource clock, Webhooks webhooks)
            throws IOException, Settings.Unusable {
        this.clock = clock;
        this.webhooks = webhooks;
        this.journal = Journal.open(folder, this::apply);
    }

    int size() {
        return locked(sequence::size);
    }

    Claim claim(String key, String fingerprint) throws IOException {
        lock.lock();
        try {
            forgetOldKeys();
            Known known = answered.get(key);
            if (known != null) {
                return known.fingerprint().equals(fingerprint)
                        ? new Claim.Answered(kept(known.place()))
                        : new Claim.Reused();
            }
            String underWay = inUse.putIfAbsent(key, fingerprint);
            if (underWay == null) {
                return new Claim.Granted();
            }
            return underWay.equals(fingerprint) ? new Claim.InUse() : new Claim.Reused();
        } finally {
            lock.unlock();
        }
    }

    /// Lets go of a key that was granted. Whether an answer was kept for it makes no difference.
    void release(String key) {
        locked(() -> inUse.remove(key));
    }

    /// Decides about the command, writes what comes of it, and only then lets it be seen.
    ///
    /// @throws IOException if it could not be written; nothing has changed then
    Settled settle(Command command, Origin origin) throws IOException {
        lock.lock();
        try {
            Decision decision = decide(command);
            Answer answer = Answer.of(decision);
            return switch (decision) {
                case Decision.Changed(Intent intent, Refund refund, EventType event) -> {
                    record(intent, refund, origin, answer);
                    if (event != null) {
                        webhooks.announce(event, intent, refund, origin);
                    }
                    yield new Settled(answer, true);
                }
                case Decision.Declined(Intent.AwaitingMethod intent, _) -> {
                    record(intent, null, origin, answer);
                    webhooks.announce(EventType.PAYMENT_FAILED, intent, null, origin);
                    yield new Settled(answer, true);
                }
                case Decision.Refused _ -> {
                    record(null, null, origin, answer);
                    yield new Settled(answer, false);
                }
            };
        } finally {
            lock.unlock();
        }
    }

    /// Keeps an answer that nothing led to.
    void keep(Answer answer, Origin origin) throws IOException {
        lock.lock();
        try {
            record(null, null, origin, answer);
        } finally {
            lock.unlock();
        }
    }

    Optional<Intent> intent(String id) {
        return locked(() -> Optional.ofNullable(intents.get(id)));
    }

    Optional<Refund> refund(String id) {
        return locked(() -> Optional.ofNullable(refunds.get(id)));
    }

    /// The refunds of an intent, newest first.
    RefundPage refundsOf(String intent, int limit) {
        return locked(() -> {
            List<Refund> all = refundsOfIntent.getOrDefault(intent, List.of()).reversed();
            int end = Math.min(limit, all.size());
            return new RefundPage(List.copyOf(all.subList(0, end)), end < all.size());
        });
    }

    /// The newest intents of those wanted, or those of them that came before the one named `after`;
    /// empty if there is no such intent.
    Optional<Page> newest(int limit, @Nullable String after, Predicate<Intent> wanted) {
        return locked(() -> {
            Integer from = after == null ? Integer.valueOf(sequence.size()) : positionOf(after);
            return from == null
                    ? Optional.empty()
                    : Optional.of(page(sequence.subList(0, from).reversed(), limit, wanted));
        });
    }

    /// The newest intents of those wanted, of an order or of all.
    Page find(@Nullable String orderId, int limit, Predicate<Intent> wanted) {
        return locked(() -> {
            List<String> ids =
                    orderId == null ? sequence : intentsOfOrder.getOrDefault(orderId, List.of());
            return page(ids.reversed(), limit, wanted);
        });
    }

    /// The intents of an order, or of all, newest first.
    List<Intent> intentsOf(@Nullable String orderId, int limit) {
        return locked(() -> {
            List<String> ids =
                    orderId == null ? sequence : intentsOfOrder.getOrDefault(orderId, List.of());
            return intents(ids.reversed().subList(0, Math.min(limit, ids.size())));
        });
    }

    @Override
    public void close() {
        lock.lock();
        try {
            journal.close();
        } finally {
            lock.unlock();
        }
    }

    private Decision decide(Command command) {
        return switch (command) {
            case Command.Open open -> Decision.open(open);
            case Command.Change change -> {
                Intent intent = intents.get(change.intent());
                yield intent == null
                        ? new Decision.Refused(noSuchIntent(change))
                        : Decision.on(intent, change);
            }
        };
    }

    private static ApiError noSuchIntent(Command.Change change) {
        String param = change instanceof Command.GiveBack ? "payment_intent" : "intent";
        return ApiError.noSuch(404, "payment_intent", change.intent(), param);
    }

    private void record(
            @Nullable Intent intent, @Nullable Refund refund, Origin origin, Answer answer)
            throws IOException {
        Kept kept =
                origin.key() == null
                        ? null
                        : new Kept(
                                origin.key(),
                                origin.fingerprint(),
                                origin.requestId(),
                                answer.status(),
                                answer.body());
        if (intent == null && kept == null) {
            return;
        }
        Entry entry = new Entry(clock.millis(), intent, refund, kept);
        apply(entry, journal.append(entry));
    }

    /// The same for an entry just written and for one read at the start, so that a restart cannot
    /// end up elsewhere.
    private void apply(Entry entry, Place place) {
        if (entry.intent() != null) {
            apply(entry.intent());
        }
        if (entry.refund() != null) {
            refunds.put(entry.refund().id(), entry.refund());
            refundsOfIntent
                    .computeIfAbsent(entry.refund().intent(), _ -> new ArrayList<>(1))
                    .add(entry.refund());
        }
        if (entry.kept() != null) {
            Kept kept = entry.kept();
            answered.putLast(kept.key(), new Known(kept.fingerprint(), entry.atMillis(), place));
        }
    }

    private void apply(Intent intent) {
        String id = intent.terms().id();
        if (intents.put(id, intent) == null) {
            positions.put(id, sequence.size());
            sequence.add(id);
            String orderId = intent.terms().orderId();
            if (orderId != null) {
                intentsOfOrder.computeIfAbsent(orderId, _ -> new ArrayList<>(1)).add(id);
            }
        }
    }

    private Kept kept(Place place) throws IOException {
        Kept kept = journal.read(place).kept();
        if (kept == null) {
            throw new IOException("the journal holds no answer where there was one");
        }
        return kept;
    }

    private void forgetOldKeys() {
        long horizon = clock.millis() - KEY_LIFE.toMillis();
        Iterator<Known> oldest = answered.values().iterator();
        while (oldest.hasNext() && oldest.next().atMillis() <= horizon) {
            oldest.remove();
        }
    }

    private @Nullable Integer positionOf(String id) {
        return positions.get(id);
    }

    private List<Intent> intents(List<String> ids) {
        List<Intent> found = new ArrayList<>(ids.size());
        for (String id : ids) {
            Intent intent = intents.get(id);
            if (intent != null) {
                found.add(intent);
            }
        }
        return found;
    }

    private Page page(List<String> ids, int limit, Predicate<Intent> wanted) {
        List<Intent> found = new ArrayList<>();
        for (String id : ids) {
            Intent intent = intents.get(id);
            if (intent != null && wanted.test(intent)) {
                if (found.size() == limit) {
                    return new Page(found, true);
                }
                found.add(intent);
            }
        }
        return new Page(found, false);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
