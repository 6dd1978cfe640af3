package dev.quadrille.payment.application;

import dev.quadrille.delivery.LogContext;
import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.payment.adapter.postgres.Due;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.adapter.postgres.Payments.Wanted;
import dev.quadrille.payment.adapter.provider.Provider;
import dev.quadrille.payment.adapter.provider.ProviderConfig;
import dev.quadrille.payment.adapter.provider.Reply;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// Asks the provider for what the payments want of it, outside of any transaction.
///
/// What is wanted was stored before, and stays due until an answer has had its effect. It is leased
/// while somebody asks: if he dies in between, it becomes due again. What may have been asked
/// before is looked up at the provider before it is asked again, and asked by the same key.
///
/// An authorization of which the provider persistently says that it knows nothing is given up as
/// declined, see [Patience]; anything else is asked until it is known.
///
/// Authorizations on the one hand and voids, captures and refunds on the other have calls that the
/// other cannot take, so that a day's shipments do not keep a customer waiting, nor the reverse.
///
/// A round of the loop only begins the calls. They end when they end, so that one that is slow
/// holds up no other.
@ApplicationScoped
class AskingProvider {

    private static final Logger LOG = Logger.getLogger(AskingProvider.class);

    private static final int MAX_CALLS = 20;
    private static final int MAX_CALLS_OF_A_KIND = 16;
    private static final Duration MAX_PAUSE = Duration.ofMillis(500);

    /// What an authorization is declined with if the provider knows nothing of it.
    private static final String GIVEN_UP = "provider_error";

    private static final Reply NOT_FOUND = new Reply.Unknown("not-found");

    /// How much the provider's clock may differ from ours.
    private static final Duration SKEW = Duration.ofMinutes(5);

    /// Longer than the slowest query, the slowest call and the transaction after them.
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final Duration MIN_RETRY = Duration.ofMillis(50);
    private static final Duration MAX_RETRY = Duration.ofMillis(500);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(4);

    /// The first few are nothing unusual. After that a line each time there are twice as many.
    private static final int ATTEMPTS_BEFORE_WARNING = 4;

    private final Transactions transactions;
    private final Payments payments;
    private final Provider provider;
    private final LearningAnswers learning;
    private final InstantSource clock;
    private final Patience patience;
    private final Patience patienceWithoutSearch;
    private final WorkLoop loop;
    private final Semaphore freeCalls = new Semaphore(MAX_CALLS);
    private final AtomicInteger authorizing = new AtomicInteger();
    private final AtomicInteger settling = new AtomicInteger();

    /// Whether the last round could begin no more calls than it did, so that more may be waiting.
    private volatile boolean busy;

    AskingProvider(
            Vertx vertx,
            Transactions transactions,
            Payments payments,
            Provider provider,
            LearningAnswers learning,
            ProviderConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.patience = new Patience(config.giveUpAfter(), config.searchLag().plus(LEASE));
        this.patienceWithoutSearch = new Patience(config.giveUpAfter(), LEASE);
        this.payments = payments;
        this.provider = provider;
        this.learning = learning;
        this.clock = clock;
        this.loop = new WorkLoop("Asking the provider", vertx, MAX_PAUSE, this::beginSome);
    }

    /// Says that a payment wants something. From any thread.
    void wake() {
        loop.wake();
    }

    void start(@Observes StartupEvent event) {
        loop.wake();
    }

    /// Lets the calls under way finish, within a bound. What does not is done again by whoever runs
    /// when its lease ends.
    void stop(@Observes ShutdownEvent event) {
        loop.stop();
        try {
            if (!freeCalls.tryAcquire(MAX_CALLS, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Some answers of the provider are left to be learned after the restart");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Uni<Integer> beginSome() {
        int free = freeCalls.drainPermits();
        if (free == 0) {
            return Uni.createFrom().item(0);
        }
        var now = clock.instant();
        var wanted =
                new Wanted(
                        // One that is leased and not asked for would be taken for asked by a
                        // cancellation that comes meanwhile.
                        provider.isAway()
                                ? 0
                                : Math.min(free, MAX_CALLS_OF_A_KIND - authorizing.get()),
                        Math.min(free, MAX_CALLS_OF_A_KIND - settling.get()),
                        free);
        return transactions
                .run(transaction -> payments.leaseDue(transaction, now, now.plus(LEASE), wanted))
                .onFailure()
                .invoke(() -> freeCalls.release(free))
                .invoke(due -> {
                    int toAuthorize = (int) due.stream().filter(d -> isToAuthorize(d)).count();
                    busy =
                            due.size() == wanted.all()
                                    || toAuthorize == wanted.toAuthorize()
                                    || due.size() - toAuthorize == wanted.toSettle();
                    freeCalls.release(free - due.size());
                    due.forEach(this::begin);
                })
                .map(List::size);
    }

    private static boolean isToAuthorize(Due due) {
        return due.errand() instanceof Errand.Authorize;
    }

    private AtomicInteger ofItsKind(Due due) {
        return isToAuthorize(due) ? authorizing : settling;
    }

    private void begin(Due due) {
        ofItsKind(due).incrementAndGet();
        (due.attempt() == 1 ? provider.ask(due.errand(), 0) : findOrAsk(due))
                .flatMap(reply -> heedPatiently(due, reply))
                .onTermination()
                .invoke(() -> end(due))
                .subscribe()
                .with(
                        _ -> {},
                        failure ->
                                log(
                                        due,
                                        () ->
                                                LOG.warnf(
                                                        "%s is asked again when its lease ends: %s",
                                                        due.errand().idempotencyKey(), failure)));
    }

    /// What was asked before may have been done, whatever came back.
    private Uni<Reply> findOrAsk(Due due) {
        return provider.find(due.errand())
                .flatMap(found ->
                        switch (found) {
                            case Reply.NotDone(var inVain) -> askAgain(due, inVain);
                            case Reply.NotSearchable() -> askAgainOrList(due);
                            case Reply.Answered _, Reply.Unknown _, Reply.NotAsked _ ->
                                    Uni.createFrom().item(found);
                        });
    }

    private Uni<Reply> askAgain(Due due, int inVain) {
        return switch (due.errand()) {
            case Errand.Authorize errand ->
                    switch (patience.at(due.firstAskedAt(), clock.instant())) {
                        case ASK_AGAIN -> provider.ask(errand, inVain);
                        case SEEK -> Uni.createFrom().item(NOT_FOUND);
                        case GIVE_UP -> Uni.createFrom().item(giveUp(due));
                    };
            case Errand.LetGo _, Errand.Capture _, Errand.Refund _ ->
                    provider.ask(due.errand(), inVain);
        };
    }

    /// Without a search, asking by the same key is how the answer is learned, for as long as the
    /// provider is sure to know the key. After that the list is read once the last request must
    /// have ended: it is long, but it misses nothing.
    private Uni<Reply> askAgainOrList(Due due) {
        return switch (due.errand()) {
            case Errand.Authorize errand ->
                    switch (patienceWithoutSearch.at(due.firstAskedAt(), clock.instant())) {
                        case ASK_AGAIN -> provider.ask(errand, 0);
                        case SEEK -> Uni.createFrom().item(NOT_FOUND);
                        case GIVE_UP ->
                                provider.seek(
                                                errand,
                                                due.firstAskedAt().minus(SKEW),
                                                patienceWithoutSearch
                                                        .endOfAsking(due.firstAskedAt())
                                                        .plus(LEASE)
                                                        .plus(SKEW))
                                        .map(found ->
                                                found instanceof Reply.NotDone
                                                        ? giveUp(due)
                                                        : found);
                    };
            case Errand.LetGo _, Errand.Capture _, Errand.Refund _ ->
                    throw new IllegalStateException("only an authorization is searched for");
        };
    }

    private static Reply giveUp(Due due) {
        log(
                due,
                () ->
                        LOG.errorf(
                                "The provider knows nothing of %s since %s: it is given up",
                                due.errand().idempotencyKey(), due.firstAskedAt()));
        return new Reply.Answered(new ProviderDeclined(GIVEN_UP));
    }

    /// What is known now should not have to be asked again because the database was away for a
    /// moment. After the lease somebody else asks anyway.
    private Uni<Void> heedPatiently(Due due, Reply reply) {
        return Uni.createFrom()
                .deferred(() -> heed(due, reply))
                .onFailure()
                .retry()
                .withBackOff(MIN_RETRY, MAX_RETRY)
                .expireIn(LEASE.toMillis());
    }

    private Uni<Void> heed(Due due, Reply reply) {
        return switch (reply) {
            case Reply.Answered(var answer) ->
                    learning.learn(due.errand().orderId(), answer)
                            .invoke(more -> {
                                if (more) {
                                    loop.wake();
                                }
                            })
                            .replaceWithVoid();
            case Reply.Unknown(var reason) ->
                    postpone(due, reason, Pauses.after(due.attempt(), ThreadLocalRandom.current()));
            case Reply.NotDone(var inVain) ->
                    postpone(
                            due,
                            "refund-failed",
                            Pauses.afterRefunds(
                                    inVain, due.attempt(), ThreadLocalRandom.current()));
            case Reply.NotSearchable _ -> throw new IllegalStateException("it was not asked");
            case Reply.NotAsked() -> giveBack(due);
        };
    }

    private Uni<Void> postpone(Due due, String reason, Duration pause) {
        if (due.attempt() >= ATTEMPTS_BEFORE_WARNING && Integer.bitCount(due.attempt()) == 1) {
            log(
                    due,
                    () ->
                            LOG.warnf(
                                    "The outcome of %s is not known after %d attempts (%s); asking"
                                            + " again in %d ms",
                                    due.errand().idempotencyKey(),
                                    due.attempt(),
                                    reason,
                                    pause.toMillis()));
        }
        return transactions.run(
                transaction -> payments.postpone(transaction, due, clock.instant().plus(pause)));
    }

    private Uni<Void> giveBack(Due due) {
        var pause = Pauses.whileAway(ThreadLocalRandom.current());
        return transactions.run(
                transaction -> payments.giveBack(transaction, due, clock.instant().plus(pause)));
    }

    private static void log(Due due, Runnable line) {
        LogContext.of(due.errand().orderId().toString(), null).log(line);
    }

    private void end(Due due) {
        ofItsKind(due).decrementAndGet();
        freeCalls.release();
        if (busy) {
            loop.wake();
        }
    }
}
