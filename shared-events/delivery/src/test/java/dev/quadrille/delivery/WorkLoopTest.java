package dev.quadrille.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkLoopTest {

    /// One event loop, so that a test can hold it up.
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /// The event loop is held up so that the loop's timer fires while somebody's wake is on its
    /// way: then both want to begin a round, and only one may.
    @Test
    void aWakeThatMeetsTheEndOfAPauseBeginsOneRound() throws InterruptedException {
        var rounds = new AtomicInteger();
        var timersAreDue = new CountDownLatch(1);
        var woken = new CountDownLatch(1);
        var endless = Uni.createFrom().<Integer>nothing();
        var loop =
                new WorkLoop(
                        "The test",
                        vertx,
                        Duration.ofSeconds(1),
                        () -> {
                            if (rounds.incrementAndGet() > 1) {
                                return endless;
                            }
                            // Once the first round has ended and its pause, of 5 ms, has begun.
                            afterTwoTurns(() -> {
                                vertx.setTimer(
                                        1,
                                        _ -> {
                                            timersAreDue.countDown();
                                            awaitUninterrupted(woken);
                                        });
                                spin(Duration.ofMillis(30));
                            });
                            return Uni.createFrom().item(0);
                        });
        loop.wake();
        timersAreDue.await();

        loop.wake();
        woken.countDown();

        var turns = new CountDownLatch(1);
        vertx.setTimer(20, _ -> turns.countDown());
        turns.await();
        assertThat(rounds).hasValue(2);
    }

    @Test
    void aRoundThatFailsIsFollowedByAnother() throws InterruptedException {
        var rounds = new CountDownLatch(3);
        var loop =
                new WorkLoop(
                        "The test",
                        vertx,
                        Duration.ofMillis(1),
                        () -> {
                            rounds.countDown();
                            return Uni.createFrom().failure(new IllegalStateException("broken"));
                        });

        loop.wake();

        assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
        loop.stop();
    }

    @Test
    void aRoundThatThrowsIsFollowedByAnother() throws InterruptedException {
        var rounds = new CountDownLatch(2);
        var loop =
                new WorkLoop(
                        "The test",
                        vertx,
                        Duration.ofMillis(1),
                        () -> {
                            rounds.countDown();
                            throw new IllegalStateException("broken");
                        });

        loop.wake();

        assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
        loop.stop();
    }

    /// What wakes it in an outage is what the outage keeps from being done.
    @Test
    void aWakeDoesNotCutThePauseAfterAFailureShort() throws InterruptedException {
        var rounds = new AtomicInteger();
        var failed = new CountDownLatch(1);
        var loop =
                new WorkLoop(
                        "The test",
                        vertx,
                        Duration.ofMillis(1),
                        () -> {
                            rounds.incrementAndGet();
                            afterTwoTurns(failed::countDown);
                            return Uni.createFrom().failure(new IllegalStateException("broken"));
                        });
        loop.wake();
        failed.await();

        loop.wake();

        var turns = new CountDownLatch(1);
        afterTwoTurns(turns::countDown);
        turns.await();
        assertThat(rounds).hasValue(1);
        loop.stop();
    }

    @Test
    void afterTheEndNoRoundBegins() {
        var rounds = new AtomicInteger();
        var loop =
                new WorkLoop(
                        "The test",
                        vertx,
                        Duration.ofMillis(1),
                        () -> Uni.createFrom().item(rounds.incrementAndGet() > 0 ? 0 : 1));
        loop.wake();

        loop.stop();

        int done = rounds.get();
        loop.wake();
        loop.stop();
        assertThat(rounds).hasValue(done);
    }

    private void afterTwoTurns(Runnable action) {
        vertx.runOnContext(_ -> vertx.runOnContext(_ -> action.run()));
    }

    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
