package dev.quadrille.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;

/// The stack as a client over HTTP sees it.
final class Shop implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final long POLL_MS = 25;
    private static final Duration CATALOGUE_LIMIT = Duration.ofSeconds(10);
    private static final long CATALOGUE_POLL_MS = 20;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();
    private final ObjectMapper json = new ObjectMapper();
    private final StackState stack;

    /// @param stack which may have taken other ports than the environment says now
    Shop(StackState stack) {
        this.stack = stack;
    }

    /// What a service said.
    ///
    /// @param body an object, or a missing node
    record Answer(int status, JsonNode body) {}

    Answer get(Port service, String path) throws IOException, InterruptedException {
        return send(request(service, path).GET());
    }

    Answer put(Port service, String path, String body) throws IOException, InterruptedException {
        return send(request(service, path).PUT(BodyPublishers.ofString(body)));
    }

    Answer post(Port service, String path, String body) throws IOException, InterruptedException {
        return send(
                request(service, path)
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .POST(BodyPublishers.ofString(body)));
    }

    /// The order service has a copy of the catalogue that comes by Kafka: a product that was listed
    /// a moment ago may not be there yet.
    JsonNode place(String body) throws IOException, InterruptedException {
        long end = System.nanoTime() + CATALOGUE_LIMIT.toNanos();
        var answer = post(Port.ORDER, "/v1/orders", body);
        while (answer.status() == 422 && System.nanoTime() < end) {
            Thread.sleep(CATALOGUE_POLL_MS);
            answer = post(Port.ORDER, "/v1/orders", body);
        }
        if (answer.status() != 202) {
            throw new IOException("POST /v1/orders was answered with " + answer);
        }
        return answer.body();
    }

    /// Asks until the answer is as wished, or the time is up.
    ///
    /// @return the last answer
    Answer await(Port service, String path, Duration limit, Predicate<Answer> wish)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Answer answer = get(service, path);
        while (!wish.test(answer) && System.nanoTime() < end) {
            Thread.sleep(POLL_MS);
            answer = get(service, path);
        }
        return answer;
    }

    static String order(String paymentMethod, String... lines) {
        return """
        {"customer":{"id":"demo","email":"ada@example.com"},"currency":"EUR",\
        "lines":[%s],"paymentMethod":"%s"}\
        """
                .formatted(String.join(",", lines), paymentMethod);
    }

    static String line(String sku, int quantity) {
        return "{\"sku\":\"%s\",\"quantity\":%d}".formatted(sku, quantity);
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder request(Port service, String path) {
        return HttpRequest.newBuilder(
                        URI.create(
                                "http://localhost:"
                                        + stack.port(service.key()).orElseThrow()
                                        + path))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), json.readTree(response.body()));
    }
}
