package dev.quadrille.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.endtoend.Shop.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/// The same race again and again, some of them at the same time.
final class Rounds {

    static final int ROUNDS = 200;

    private static final int AT_A_TIME = 16;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Rounds() {}

    /// What two commands were answered that were sent at the same moment.
    record Pair(Answer first, Answer second) {

        List<Answer> both() {
            return List.of(first, second);
        }
    }

    /// @param round gets its number, from 0
    /// @return what came of each
    static <T> List<T> run(int rounds, IntFunction<Callable<T>> round) {
        try (var hands = Executors.newFixedThreadPool(AT_A_TIME)) {
            var begun = new ArrayList<Future<T>>(rounds);
            for (int i = 0; i < rounds; i++) {
                begun.add(hands.submit(round.apply(i)));
            }
            var results = new ArrayList<T>(rounds);
            for (var each : begun) {
                results.add(each.get(LIMIT.toSeconds(), SECONDS));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Sends both as nearly at the same moment as two threads can.
    static Pair atOnce(Callable<Answer> first, Callable<Answer> second) throws Exception {
        var start = new CyclicBarrier(2);
        try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = other.submit(() -> sendAfter(start, second));
            return new Pair(sendAfter(start, first), answer.get(LIMIT.toSeconds(), SECONDS));
        }
    }

    /// 202, 200, or a refusal that says how the order is now.
    static void assertIsAnswer(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isIn(200, 202, 409);
        var order = answer.status() == 409 ? answer.body().path("order") : answer.body();
        assertThat(order.path("status").asText()).as("%s", answer).isNotEmpty();
        assertThat(answer.etag())
                .as("%s", answer)
                .isEqualTo("\"" + order.path("version").asLong() + "\"");
    }

    private static Answer sendAfter(CyclicBarrier start, Callable<Answer> command)
            throws Exception {
        try {
            start.await(LIMIT.toSeconds(), SECONDS);
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
        return command.call();
    }
}
