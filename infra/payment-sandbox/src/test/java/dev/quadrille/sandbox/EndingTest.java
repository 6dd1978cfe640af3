package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.Sandbox.INTENTS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.sandbox.Sandbox.Got;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EndingTest {

    private static final String[] SLOW = {
        "amount=5", "currency=eur", "confirm=true", "payment_method=pm_sandbox_slow"
    };

    @TempDir Path folder;

    @Test
    void aRequestUnderWayIsAnsweredAndNewOnesAreNotTaken() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Pause pause =
                _ -> {
                    running.countDown();
                    assertThat(goOn.await(30, SECONDS)).isTrue();
                };
        try (Sandbox sandbox = Sandbox.in(folder, pause)) {
            CompletableFuture<Got> underWay = sandbox.postLater("k", INTENTS, SLOW);
            assertThat(running.await(30, SECONDS)).isTrue();

            CompletableFuture<Void> ended = CompletableFuture.runAsync(sandbox::end);
            while (isTaken(sandbox)) {
                Thread.onSpinWait();
            }
            boolean waited = !ended.isDone();
            goOn.countDown();

            assertThat(waited).isTrue();
            assertThat(underWay.get(30, SECONDS).status()).isEqualTo(200);
            ended.get(30, SECONDS);
        }
        try (Sandbox again = Sandbox.in(folder)) {
            assertThat(again.postWithKey("k", INTENTS, SLOW).header("Idempotent-Replayed"))
                    .isEqualTo("true");
        }
    }

    @Test
    void aSilentConnectionDoesNotHoldUpTheEnd() throws Exception {
        String[] silent = {
            "amount=5",
            "currency=eur",
            "confirm=true",
            "payment_method=pm_sandbox_timeout",
            "metadata[orderId]=o-1"
        };
        try (Sandbox sandbox = Sandbox.in(folder)) {
            CompletableFuture<Got> unanswered = sandbox.postLater("k", INTENTS, silent);
            while (sandbox.ledger("o-1").isEmpty()) {
                Thread.onSpinWait();
            }

            long begun = System.nanoTime();
            sandbox.end();

            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(4));
            assertThat(unanswered).failsWithin(Duration.ofSeconds(30));
        }
    }

    private static boolean isTaken(Sandbox sandbox) {
        try {
            return sandbox.get("/healthz").status() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }
}
