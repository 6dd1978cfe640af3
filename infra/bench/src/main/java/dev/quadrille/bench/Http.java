package dev.quadrille.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Speaks to a service as its clients do.
final class Http implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    Http(String url) {
        this.url = url;
    }

    void listProduct(String sku) throws Fault, InterruptedException {
        send(
                "PUT",
                "/v1/products/" + sku,
                """
                {"name": "A product of the bench", "price": {"amountMinor": 1999, "currency": "EUR"}}
                """);
    }

    void stock(String sku, long pieces) throws Fault, InterruptedException {
        send(
                "POST",
                "/v1/stock/" + sku + "/adjustments",
                """
                {"delta": %d, "reason": "bench"}
                """
                        .formatted(pieces));
    }

    /// Over one connection that is kept.
    void get(String path) throws Fault, InterruptedException {
        send("GET", path, "");
    }

    private void send(String method, String path, String body) throws Fault, InterruptedException {
        try {
            var answer =
                    client.send(
                            HttpRequest.newBuilder(URI.create(url + path))
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .header("Content-Type", "application/json")
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new Fault(
                        "%s %s was answered with %d: %s"
                                .formatted(method, path, answer.statusCode(), answer.body()));
            }
        } catch (IOException e) {
            throw new Fault("%s %s was not answered: %s".formatted(method, path, e));
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
