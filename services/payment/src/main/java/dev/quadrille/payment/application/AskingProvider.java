package dev.quadrille.payment.application;

import dev.quadrille.delivery.Transactions;
import dev.quadrille.delivery.WorkLoop;
import dev.quadrille.payment.adapter.postgres.Due;
import dev.quadrille.payment.adapter.postgres.Payments;
import dev.quadrille.payment.adapter.provider.Provider;
import dev.quadrille.payment.adapter.provider.Reply;
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
import org.jboss.logging.Logger;

/// Asks the provider for what the payments want of it, outside of any transaction.
///
/// What is wanted was stored before, and stays due until an answer has had its effect. It is leased
/// while somebody asks: if he dies in between, it becomes due again. So the provider may be asked
/// for the same thing more than once, and that is no harm, because it is asked by the same key.
///
/// A round of the loop only begins the calls. They end when they end, so that one that is slow
/// holds up no other.
@ApplicationScoped
class AskingProvider {

    private static final Logger LOG = Logger.getLogger(AskingProvider.class);

    private static final int MAX_CALLS = 16;
    private static final Duration MAX_PAUSE = Duration.ofMillis(500);

    /// Longer than the slowest call and the transaction after it.
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
    private final WorkLoop loop;
    private final Semaphore freeCalls = new Semaphore(MAX_CALLS);

    /// Whether the last round could begin no more calls than it did, so that more may be waiting.
    private volatile boolean busy;

    AskingProvider(
            Vertx vertx,
            Transactions transactions,
            Payments payments,
            Provider provider,
            LearningAnswers learning,
            InstantSource clock) {
        this.transactions = transactions;
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
        return transactions
                .run(transaction -> payments.leaseDue(transaction, now, now.plus(LEASE), free))
                .onFailure()
                .invoke(() -> freeCalls.release(free))
                .invoke(due -> {
                    busy = due.size() == free;
                    freeCalls.release(free - due.size());
                    due.forEach(this::begin);
                })
                .map(List::size);
    }

    private void begin(Due due) {
        provider.ask(due.errand())
                .flatMap(reply -> heedPatiently(due, reply))
                .onTermination()
                .invoke(this::end)
                .subscribe()
                .with(
                        _ -> {},
                        failure ->
                                LOG.warnf(
                                        "%s is asked again when its lease ends: %s",
                                        due.errand().idempotencyKey(), failure));
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
            case Reply.Unknown(var reason) -> askAgain(due, reason);
            case Reply.NotAsked() -> askLater(due);
        };
    }

    private Uni<Void> askAgain(Due due, String reason) {
        var pause = Pauses.after(due.attempt(), ThreadLocalRandom.current());
        if (due.attempt() >= ATTEMPTS_BEFORE_WARNING && Integer.bitCount(due.attempt()) == 1) {
            LOG.warnf(
                    "The outcome of %s is not known after %d attempts (%s); asking again in %d ms",
                    due.errand().idempotencyKey(), due.attempt(), reason, pause.toMillis());
        }
        return transactions.run(
                transaction -> payments.postpone(transaction, due, clock.instant().plus(pause)));
    }

    private Uni<Void> askLater(Due due) {
        var pause = Pauses.whileAway(ThreadLocalRandom.current());
        return transactions.run(
                transaction -> payments.giveBack(transaction, due, clock.instant().plus(pause)));
    }

    private void end() {
        freeCalls.release();
        if (busy) {
            loop.wake();
        }
    }
}
