package dev.quadrille.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A running sandbox as a test sees it: over HTTP, by a client that does not know its classes.
final class Sandbox implements AutoCloseable {

    static final String INTENTS = "/v1/payment_intents";
    static final String REFUNDS = "/v1/refunds";
    static final String KEY = "sk_test_for_tests";
    static final String WEBHOOK_SECRET = "whsec_for_tests";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// A clock that stands until it is moved.
    static final class Clock implements InstantSource {
        private volatile Instant now = Instant.parse("2026-01-02T03:04:05Z");

        @Override
        public Instant instant() {
            return now;
        }

        void advance(Duration by) {
            now = now.plus(by);
        }
    }

    /// What came back.
    record Got(int status, JsonNode body, HttpResponse<String> response) {

        String id() {
            return body.path("id").asText();
        }

        String text(String pointer) {
            return body.at(pointer).asText();
        }

        long number(String pointer) {
            return body.at(pointer).asLong();
        }

        @Nullable String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    final Clock clock = new Clock();
    private final PaymentSandbox sandbox;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Sandbox(Settings settings, Pause pause) throws IOException, Settings.Unusable {
        this.sandbox = PaymentSandbox.start(settings, clock, pause);
    }

    static Sandbox in(Path folder) throws IOException, Settings.Unusable {
        return new Sandbox(settings(folder, null, Settings.Pace.USUAL), Thread::sleep);
    }

    static Sandbox in(Path folder, Settings.Pace pace) throws IOException, Settings.Unusable {
        return new Sandbox(settings(folder, null, pace), Thread::sleep);
    }

    static Sandbox in(Path folder, Pause pause) throws IOException, Settings.Unusable {
        return new Sandbox(settings(folder, null, Settings.Pace.USUAL), pause);
    }

    static Sandbox tellingTo(URI webhookUrl, Path folder) throws IOException, Settings.Unusable {
        Settings.Pace pace =
                new Settings.Pace(Duration.ZERO, Duration.ofSeconds(120), Duration.ofMillis(5));
        return new Sandbox(settings(folder, webhookUrl, pace), Thread::sleep);
    }

    static Settings settings(Path folder, @Nullable URI webhookUrl, Settings.Pace pace) {
        return new Settings("127.0.0.1", 0, folder, KEY, webhookUrl, WEBHOOK_SECRET, pace);
    }

    URI at(String path) {
        return sandbox.address().resolve(path);
    }

    /// Holds `amount` for an order.
    Got hold(long amount, String orderId) {
        return post(
                INTENTS,
                "amount=" + amount,
                "currency=eur",
                "payment_method=pm_card_visa",
                "confirm=true",
                "capture_method=manual",
                "metadata[orderId]=" + orderId);
    }

    Got post(String path, String... parameters) {
        return send(posting(path, parameters));
    }

    Got postWithKey(String key, String path, String... parameters) {
        return send(posting(path, parameters).header("Idempotency-Key", key));
    }

    CompletableFuture<Got> postLater(String key, String path, String... parameters) {
        return client.sendAsync(
                        posting(path, parameters).header("Idempotency-Key", key).build(),
                        BodyHandlers.ofString())
                .thenApply(Sandbox::got);
    }

    Got get(String path) {
        return send(HttpRequest.newBuilder(at(path)).header("Authorization", "Bearer " + KEY));
    }

    JsonNode ledger(String orderId) {
        return get("/sandbox/ledger?orderId=" + orderId).body().path("items");
    }

    Got send(HttpRequest.Builder request) {
        try {
            return got(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder posting(String path, String... parameters) {
        return HttpRequest.newBuilder(at(path))
                .header("Authorization", "Bearer " + KEY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(parameters)));
    }

    /// Ends the sandbox and leaves the client to hear what it still says.
    void end() {
        sandbox.close();
    }

    @Override
    public void close() {
        client.shutdownNow();
        end();
    }

    private static Got got(HttpResponse<String> response) {
        try {
            return new Got(response.statusCode(), MAPPER.readTree(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String form(String... parameters) {
        List<String> pairs = new ArrayList<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            pairs.add(
                    encoded(parameter.substring(0, equals))
                            + "="
                            + encoded(parameter.substring(equals + 1)));
        }
        return String.join("&", pairs);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
