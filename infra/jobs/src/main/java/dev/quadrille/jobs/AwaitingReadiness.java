package dev.quadrille.jobs;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Waits for services that cannot be asked from within: their images have no shell and no client.
final class AwaitingReadiness {

    private static final Duration ONE_QUESTION = Duration.ofSeconds(3);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private AwaitingReadiness() {}

    /// `http://…`, `https://…` or `tcp://host:port`.
    static URI url(String text) throws Unfit {
        try {
            var url = URI.create(text);
            var scheme = String.valueOf(url.getScheme());
            boolean good = scheme.equals("tcp") ? url.getPort() > 0 : scheme.matches("https?");
            if (good && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException _) {
            // Said below, as for one that is something else.
        }
        throw new Unfit("'%s' is no URL such as http://host:port/path.".formatted(text));
    }

    static int run(List<URI> urls, Duration within, Consumer<String> said)
            throws InterruptedException {
        long begun = System.nanoTime();
        long lines = 0;
        try (var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(ONE_QUESTION)
                        .build()) {
            for (URI url : urls) {
                var missing = missing(client, url);
                while (missing.isPresent()) {
                    long waited = System.nanoTime() - begun;
                    if (waited > within.toNanos()) {
                        said.accept(
                                "%s is not ready within %s: %s"
                                        .formatted(url, within, missing.get()));
                        return Jobs.FAILED;
                    }
                    if (waited >= lines * BETWEEN_LINES.toNanos()) {
                        said.accept("Waits for %s: %s".formatted(url, missing.get()));
                        lines = waited / BETWEEN_LINES.toNanos() + 1;
                    }
                    Thread.sleep(BETWEEN_QUESTIONS);
                    missing = missing(client, url);
                }
                said.accept(url + " is ready");
            }
        }
        return Jobs.DONE;
    }

    /// What keeps it from being ready; empty if nothing does.
    private static Optional<String> missing(HttpClient client, URI url)
            throws InterruptedException {
        try {
            if ("tcp".equals(url.getScheme())) {
                connect(url);
                return Optional.empty();
            }
            int status =
                    client.send(
                                    HttpRequest.newBuilder(url).timeout(ONE_QUESTION).build(),
                                    BodyHandlers.discarding())
                            .statusCode();
            return status == 200 ? Optional.empty() : Optional.of("it answers " + status);
        } catch (IOException e) {
            return Optional.of("it does not answer");
        }
    }

    private static void connect(URI url) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(url.getHost(), url.getPort()),
                    (int) ONE_QUESTION.toMillis());
        }
    }
}
