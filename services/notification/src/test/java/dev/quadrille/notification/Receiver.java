package dev.quadrille.notification;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A receiver of webhooks, which answers as a test wants it to.
final class Receiver implements AutoCloseable {

    /// Instead of a status: no answer until the receiver is closed.
    static final int HANG = 0;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile Script script = new Script(200);
    private volatile Map<String, String> headers = Map.of();

    private static final class Script {

        private final int[] statuses;
        private final AtomicInteger asked = new AtomicInteger();

        Script(int... statuses) {
            this.statuses = statuses;
        }

        int next() {
            return statuses[Math.min(asked.getAndIncrement(), statuses.length - 1)];
        }
    }

    /// What came in one request.
    record Message(String id, String timestamp, String signature, String body) {

        /// As a receiver checks it, by the standard's text and without the sender's code.
        boolean isSignedWith(String secret) {
            return List.of(signature.split(" ")).contains(expected(secret));
        }

        /// The secret that made each signature, in their order.
        List<String> signers(List<String> secrets) {
            var signers = new ArrayList<String>();
            for (var one : signature.split(" ")) {
                signers.add(
                        secrets.stream()
                                .filter(secret -> one.equals(expected(secret)))
                                .findFirst()
                                .orElse("nobody"));
            }
            return signers;
        }

        private String expected(String secret) {
            try {
                var key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                var signed = id + "." + timestamp + "." + body;
                return "v1,"
                        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Receiver() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/hooks/s3cret?key=s3cret";
    }

    /// From now on: the next request gets the first, the one after it the second, and all that come
    /// later the last.
    void answers(int... statuses) {
        script = new Script(statuses);
    }

    void answers(int newStatus, Map<String, String> newHeaders) {
        headers = newHeaders;
        answers(newStatus);
    }

    List<Message> messages() {
        return messages;
    }

    /// Waits until there are as many.
    List<Message> messages(int count) {
        await().atMost(Story.LIMIT).until(() -> messages.size() >= count);
        return messages;
    }

    int underWay() {
        return underWay.get();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        mostAtOnce.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try (exchange) {
            var asked = exchange.getRequestHeaders();
            messages.add(
                    new Message(
                            asked.getFirst("webhook-id"),
                            asked.getFirst("webhook-timestamp"),
                            asked.getFirst("webhook-signature"),
                            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            int status = script.next();
            if (status == HANG) {
                closed.await();
                return;
            }
            headers.forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.decrementAndGet();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
