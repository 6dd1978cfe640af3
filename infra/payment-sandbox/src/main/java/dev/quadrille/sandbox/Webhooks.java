package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Tells the listener what happened, signed as Stripe signs. An event is tried [#MAX_ATTEMPTS]
/// times with growing pauses and then given up; the ones that wait are bounded, and what comes on
/// top is dropped. The API never waits for any of this, and like Stripe's, events may overtake each
/// other. They do not survive the process: who must know asks the API.
final class Webhooks implements AutoCloseable {

    static final int MAX_ATTEMPTS = 8;

    private static final int MAX_WAITING = 1_000;
    private static final int SENDERS = 2;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private record Listener(
            URI url, String secret, HttpClient client, ScheduledExecutorService senders) {}

    private record Delivery(String id, EventType type, String body) {}

    private final @Nullable Listener listener;
    private final Duration firstPause;
    private final InstantSource clock;
    private final Ids ids;
    private final Semaphore room = new Semaphore(MAX_WAITING);

    Webhooks(Settings settings, InstantSource clock, Ids ids) {
        this.firstPause = settings.pace().firstWebhookPause();
        this.clock = clock;
        this.ids = ids;
        this.listener =
                settings.webhookUrl() == null
                        ? null
                        : new Listener(
                                settings.webhookUrl(),
                                settings.webhookSecret(),
                                client(),
                                senders());
    }

    /// Returns at once.
    ///
    /// @param refund null unless it is about one
    void announce(EventType type, Intent intent, @Nullable Refund refund, Account.Origin origin) {
        if (listener == null) {
            return;
        }
        String id = ids.event();
        if (!room.tryAcquire()) {
            Log.warning("webhook " + id + " dropped: " + MAX_WAITING + " are waiting already");
            return;
        }
        long now = clock.instant().getEpochSecond();
        ObjectNode event =
                StripeJson.event(id, type, now, intent, refund, origin.requestId(), origin.key());
        schedule(listener, new Delivery(id, type, event.toString()), 1, Duration.ZERO);
    }

    /// The header `Stripe-Signature`: `t` is signed together with the body, so that an old delivery
    /// cannot be sent again as a new one.
    static String signature(String secret, long atSeconds, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signed = (atSeconds + "." + body).getBytes(StandardCharsets.UTF_8);
            return "t=" + atSeconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.senders().shutdownNow();
            listener.client().shutdownNow();
        }
    }

    private void schedule(Listener to, Delivery delivery, int attempt, Duration pause) {
        try {
            var _ =
                    to.senders()
                            .schedule(
                                    () -> deliver(to, delivery, attempt),
                                    pause.toMillis(),
                                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            room.release(); // The sandbox is ending.
        }
    }

    private void deliver(Listener to, Delivery delivery, int attempt) {
        String failure;
        try {
            failure = post(to, delivery);
        } catch (IOException e) {
            failure = e.getClass().getSimpleName();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return; // The sandbox is ending.
        }
        if (failure == null) {
            room.release();
        } else if (attempt < MAX_ATTEMPTS) {
            Duration pause = firstPause.multipliedBy(1L << (attempt - 1));
            schedule(to, delivery, attempt + 1, pause);
        } else {
            room.release();
            Log.warning(
                    "webhook "
                            + delivery.id()
                            + " ("
                            + delivery.type().wire()
                            + ") given up after "
                            + MAX_ATTEMPTS
                            + " attempts: "
                            + failure);
        }
    }

    /// Null if the listener took it, else what was wrong.
    private @Nullable String post(Listener to, Delivery delivery)
            throws IOException, InterruptedException {
        long now = clock.instant().getEpochSecond();
        HttpRequest request =
                HttpRequest.newBuilder(to.url())
                        .timeout(ANSWER_WITHIN)
                        .header("Content-Type", "application/json; charset=utf-8")
                        .header("Stripe-Signature", signature(to.secret(), now, delivery.body()))
                        .POST(BodyPublishers.ofString(delivery.body()))
                        .build();
        int status = to.client().send(request, BodyHandlers.discarding()).statusCode();
        return status >= 200 && status < 300 ? null : "answered " + status;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    private static ScheduledExecutorService senders() {
        return Executors.newScheduledThreadPool(
                SENDERS, Thread.ofPlatform().daemon().name("webhook-", 0).factory());
    }
}
