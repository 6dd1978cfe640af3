package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.Sandbox.INTENTS;
import static dev.quadrille.sandbox.Sandbox.REFUNDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quadrille.sandbox.Sandbox.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {

    private static final String[] HOLD = paying("pm_card_visa");

    @TempDir Path folder;

    @Test
    void theSameRequestAgainGetsTheSameAnswerAndDoesNothing() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got first = sandbox.postWithKey("k", INTENTS, HOLD);
            Got again = sandbox.postWithKey("k", INTENTS, reversed(HOLD));

            assertThat(first.status()).isEqualTo(200);
            assertThat(first.header("Idempotent-Replayed")).isNull();
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.response().body()).isEqualTo(first.response().body());
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.header("Original-Request")).isEqualTo(first.header("Request-Id"));
            assertThat(again.header("Request-Id")).isNotEqualTo(first.header("Request-Id"));
            assertThat(sandbox.ledger("o-1")).hasSize(1);
        }
    }

    @Test
    void aReplayShowsTheFirstAnswerEvenAfterTheIntentMovedOn() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got first = sandbox.postWithKey("k", INTENTS, HOLD);
            sandbox.post(INTENTS + "/" + first.id() + "/cancel");

            Got again = sandbox.postWithKey("k", INTENTS, HOLD);

            assertThat(again.text("/status")).isEqualTo("requires_capture");
        }
    }

    @Test
    void captureCancelAndRefundHappenOncePerKey() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            String hold = sandbox.hold(1_000, "o-1").id();
            sandbox.postWithKey("c", INTENTS + "/" + hold + "/capture");
            Got capture = sandbox.postWithKey("c", INTENTS + "/" + hold + "/capture");
            Got refund = sandbox.postWithKey("r", REFUNDS, "payment_intent=" + hold, "amount=400");
            Got refundAgain =
                    sandbox.postWithKey("r", REFUNDS, "payment_intent=" + hold, "amount=400");
            String other = sandbox.hold(1_000, "o-2").id();
            sandbox.postWithKey("x", INTENTS + "/" + other + "/cancel");
            Got cancel = sandbox.postWithKey("x", INTENTS + "/" + other + "/cancel");

            assertThat(capture.text("/status")).isEqualTo("succeeded");
            assertThat(refundAgain.id()).isEqualTo(refund.id());
            assertThat(cancel.text("/status")).isEqualTo("canceled");
            assertThat(sandbox.ledger("o-1").at("/0/refunded").asLong()).isEqualTo(400);
            assertThat(sandbox.ledger("o-2").at("/0/voided").asLong()).isEqualTo(1_000);
        }
    }

    @Test
    void aDeclineIsReplayedToo() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got first = sandbox.postWithKey("k", INTENTS, paying("pm_card_chargeDeclined"));
            Got again = sandbox.postWithKey("k", INTENTS, paying("pm_card_chargeDeclined"));

            assertThat(first.status()).isEqualTo(402);
            assertThat(again.status()).isEqualTo(402);
            assertThat(again.response().body()).isEqualTo(first.response().body());
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(sandbox.ledger("o-1")).hasSize(1);
        }
    }

    @Test
    void aFailureOnceExecutionBeganIsReplayedToo() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got first = sandbox.postWithKey("k", INTENTS, paying("pm_sandbox_broken"));
            Got again = sandbox.postWithKey("k", INTENTS, paying("pm_sandbox_broken"));

            assertThat(first.status()).isEqualTo(500);
            assertThat(first.text("/error/type")).isEqualTo("api_error");
            assertThat(again.status()).isEqualTo(500);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(sandbox.ledger("o-1")).isEmpty();
        }
    }

    @Test
    void aRefusalByTheStateIsReplayedToo() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got made = sandbox.post(INTENTS, "amount=5", "currency=eur", "capture_method=manual");
            String capture = INTENTS + "/" + made.id() + "/capture";
            sandbox.postWithKey("k", capture);
            sandbox.post(INTENTS + "/" + made.id() + "/confirm", "payment_method=pm_card_visa");

            Got again = sandbox.postWithKey("k", capture);

            assertThat(again.text("/error/code")).isEqualTo("payment_intent_unexpected_state");
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        }
    }

    @Test
    void whatFailedValidationMayBeCorrectedUnderTheSameKey() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got wrong = sandbox.postWithKey("k", INTENTS, "currency=eur");
            Got right = sandbox.postWithKey("k", INTENTS, HOLD);

            assertThat(wrong.status()).isEqualTo(400);
            assertThat(right.status()).isEqualTo(200);
            assertThat(right.header("Idempotent-Replayed")).isNull();
        }
    }

    @Test
    void aKeyIsForOneRequestOnly() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            String hold = sandbox.postWithKey("k", INTENTS, HOLD).id();

            List<Got> others =
                    List.of(
                            sandbox.postWithKey("k", INTENTS, paying("pm_card_mastercard")),
                            sandbox.postWithKey("k", REFUNDS, HOLD),
                            sandbox.postWithKey("k", INTENTS + "/" + hold + "/capture"));

            assertThat(others)
                    .allSatisfy(other -> {
                        assertThat(other.status()).isEqualTo(400);
                        assertThat(other.text("/error/type")).isEqualTo("idempotency_error");
                    });
            assertThat(sandbox.ledger("o-1").at("/0/held").asLong()).isEqualTo(500);
        }
    }

    @Test
    void aKeyHas1To255Characters() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got longest = sandbox.postWithKey("k".repeat(255), INTENTS, HOLD);
            Got tooLong = sandbox.postWithKey("k".repeat(256), INTENTS, HOLD);
            Got blank = sandbox.postWithKey(" ", INTENTS, HOLD);

            assertThat(longest.status()).isEqualTo(200);
            assertThat(tooLong.status()).isEqualTo(400);
            assertThat(blank.status()).isEqualTo(400);
            assertThat(sandbox.ledger("o-1")).hasSize(1);
        }
    }

    @Test
    void aKeyIsForgottenAfter24Hours() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            String first = sandbox.postWithKey("k", INTENTS, HOLD).id();
            sandbox.clock.advance(Duration.ofHours(24).minusMillis(1));
            String replayed = sandbox.postWithKey("k", INTENTS, HOLD).id();
            sandbox.clock.advance(Duration.ofMillis(1));
            String anew = sandbox.postWithKey("k", INTENTS, HOLD).id();
            String anewReplayed = sandbox.postWithKey("k", INTENTS, HOLD).id();

            assertThat(replayed).isEqualTo(first);
            assertThat(anew).isNotEqualTo(first);
            assertThat(anewReplayed).isEqualTo(anew);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_sandbox_slow"})
    void concurrentRequestsWithOneKeyMakeOneIntent(String method) throws Exception {
        Duration slow = Duration.ofMillis(200);
        try (Sandbox sandbox =
                Sandbox.in(folder, new Settings.Pace(slow, slow, Duration.ofMillis(1)))) {
            List<CompletableFuture<Got>> all =
                    IntStream.range(0, 100)
                            .mapToObj(_ -> sandbox.postLater("k", INTENTS, paying(method)))
                            .toList();
            List<Got> answers = all.stream().map(CompletableFuture::join).toList();

            assertThat(answers).allMatch(got -> got.status() == 200 || got.status() == 409);
            assertThat(answers.stream().filter(got -> got.status() == 200).map(Got::id).distinct())
                    .hasSize(1);
            assertThat(sandbox.ledger("o-1")).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"pm_sandbox_slow, 3", "pm_sandbox_stuck, 15"})
    void aKeyIsInUseWhileItsFirstRequestRuns(String method, long seconds) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Pause pause =
                duration -> {
                    assertThat(duration).isEqualTo(Duration.ofSeconds(seconds));
                    running.countDown();
                    assertThat(goOn.await(30, SECONDS)).isTrue();
                };
        try (Sandbox sandbox = Sandbox.in(folder, pause)) {
            CompletableFuture<Got> first = sandbox.postLater("k", INTENTS, paying(method));
            assertThat(running.await(30, SECONDS)).isTrue();

            Got meanwhile = sandbox.postWithKey("k", INTENTS, paying(method));
            Got another = sandbox.postWithKey("k", INTENTS, HOLD);
            boolean nothingYet = sandbox.ledger("o-1").isEmpty();
            goOn.countDown();
            Got slow = first.get(30, SECONDS);
            Got after = sandbox.postWithKey("k", INTENTS, paying(method));

            assertThat(meanwhile.status()).isEqualTo(409);
            assertThat(meanwhile.text("/error/code")).isEqualTo("idempotency_key_in_use");
            assertThat(another.text("/error/type")).isEqualTo("idempotency_error");
            assertThat(nothingYet).isTrue();
            assertThat(slow.text("/status")).isEqualTo("requires_capture");
            assertThat(after.response().body()).isEqualTo(slow.response().body());
        }
    }

    @Test
    void theSlowMethodTakesItsTime() throws Exception {
        Duration slow = Duration.ofMillis(200);
        try (Sandbox sandbox =
                Sandbox.in(folder, new Settings.Pace(slow, slow, Duration.ofMillis(1)))) {
            long begun = System.nanoTime();

            Got answer = sandbox.post(INTENTS, paying("pm_sandbox_slow"));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(slow.toNanos());
        }
    }

    @Test
    void theFlakyMethodFailsTwiceAndThenWorksUnderTheSameKey() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            List<Integer> withKey =
                    IntStream.range(0, 4)
                            .mapToObj(_ ->
                                    sandbox.postWithKey("k", INTENTS, paying("pm_sandbox_flaky"))
                                            .status())
                            .toList();
            boolean onlyOne = sandbox.ledger("o-1").size() == 1;
            List<Integer> withoutKey =
                    IntStream.range(0, 3)
                            .mapToObj(
                                    _ -> sandbox.post(INTENTS, paying("pm_sandbox_flaky")).status())
                            .toList();

            assertThat(withKey).containsExactly(500, 500, 200, 200);
            assertThat(onlyOne).isTrue();
            assertThat(withoutKey).containsExactly(500, 500, 200);
        }
    }

    @Test
    void theFlakyMethodIsFlakyWhenItIsConfirmedLater() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            Got made =
                    sandbox.post(
                            INTENTS, "amount=5", "currency=eur", "payment_method=pm_sandbox_flaky");
            String confirm = INTENTS + "/" + made.id() + "/confirm";

            assertThat(made.status()).isEqualTo(200);
            assertThat(sandbox.post(confirm).status()).isEqualTo(500);
            assertThat(sandbox.post(confirm).status()).isEqualTo(500);
            assertThat(sandbox.post(confirm).status()).isEqualTo(200);
        }
    }

    @Test
    void theTimeoutMethodHoldsTheMoneyAndLetsOnlyTheSecondCallKnow() throws Exception {
        String[] silent = paying("pm_sandbox_timeout");
        try (Sandbox sandbox = Sandbox.in(folder)) {
            assertThatThrownBy(() ->
                            sandbox.send(
                                    sandbox.posting(INTENTS, silent)
                                            .header("Idempotency-Key", "k")
                                            .timeout(Duration.ofMillis(500))))
                    .hasCauseInstanceOf(HttpTimeoutException.class);
            long held = sandbox.ledger("o-1").at("/0/held").asLong();

            Got again = sandbox.postWithKey("k", INTENTS, silent);

            assertThat(held).isEqualTo(500);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(again.text("/status")).isEqualTo("requires_capture");
            assertThat(sandbox.ledger("o-1")).hasSize(1);
        }
    }

    @Test
    void aSilentConnectionIsClosedInTheEndAndWithoutAKeyTheNextCallIsAnswered() throws Exception {
        Settings.Pace pace =
                new Settings.Pace(Duration.ZERO, Duration.ofMillis(50), Duration.ofMillis(1));
        try (Sandbox sandbox = Sandbox.in(folder, pace)) {
            assertThatThrownBy(() ->
                            sandbox.send(
                                    sandbox.posting(INTENTS, paying("pm_sandbox_timeout"))
                                            .timeout(Duration.ofSeconds(20))))
                    .cause()
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);

            Got next = sandbox.post(INTENTS, paying("pm_sandbox_timeout"));

            assertThat(next.status()).isEqualTo(200);
            assertThat(next.header("Idempotent-Replayed")).isNull();
        }
    }

    @Test
    void aCaptureMayFailTwiceAndThenWorks() throws Exception {
        try (Sandbox sandbox = Sandbox.in(folder)) {
            String intent = held(sandbox, "pm_sandbox_capture_flaky");
            String capture = INTENTS + "/" + intent + "/capture";

            assertThat(IntStream.range(0, 4).map(_ -> sandbox.postWithKey("k", capture).status()))
                    .containsExactly(500, 500, 200, 200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_capture_timeout", "pm_sandbox_refund_timeout"})
    void whatIsDoneInSilenceIsDoneOnce(String method) throws Exception {
        Settings.Pace pace = new Settings.Pace(Duration.ZERO, Duration.ZERO, Duration.ofMillis(5));
        try (Sandbox sandbox = Sandbox.in(folder, pace)) {
            String intent = held(sandbox, method);
            boolean isCapture = method.contains("capture");
            String capture = INTENTS + "/" + intent + "/capture";
            if (!isCapture) {
                sandbox.post(capture);
            }
            String path = isCapture ? capture : "/v1/refunds";
            String[] parameters =
                    isCapture ? new String[0] : new String[] {"payment_intent=" + intent};

            assertThatThrownBy(() -> sandbox.postWithKey("k", path, parameters))
                    .isInstanceOf(UncheckedIOException.class);

            assertThat(sandbox.ledger("o-1").at("/0/captured").asLong()).isEqualTo(5);
            assertThat(sandbox.ledger("o-1").at("/0/refunded").asLong())
                    .isEqualTo(isCapture ? 0 : 5);
            assertThat(sandbox.postWithKey("k", path, parameters).status()).isEqualTo(200);
        }
    }

    private static String held(Sandbox sandbox, String method) {
        return sandbox.post(
                        INTENTS,
                        "amount=5",
                        "currency=eur",
                        "confirm=true",
                        "capture_method=manual",
                        "metadata[orderId]=o-1",
                        "payment_method=" + method)
                .id();
    }

    private static String[] paying(String method) {
        return new String[] {
            "amount=500",
            "currency=eur",
            "confirm=true",
            "capture_method=manual",
            "payment_method=" + method,
            "metadata[orderId]=o-1"
        };
    }

    private static String[] reversed(String[] parameters) {
        return List.of(parameters).reversed().toArray(String[]::new);
    }
}
