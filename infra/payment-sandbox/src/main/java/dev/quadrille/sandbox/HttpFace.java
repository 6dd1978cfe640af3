package dev.quadrille.sandbox;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quadrille.sandbox.Reply.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The wire: one virtual thread per request, each body read whole and bounded.
final class HttpFace implements AutoCloseable {

    static final int MAX_BODY_BYTES = 64 * 1024;

    /// How much more than that is read and thrown away, so that a client which is still sending
    /// hears the 413 instead of a broken connection.
    private static final int MAX_WASTE_BYTES = 4 * 1024 * 1024;

    private static final int BACKLOG = 512;
    private static final int MAX_CONNECTIONS = 1_024;
    private static final int READ_REQUEST_WITHIN_SECONDS = 30;
    private static final int KEEP_IDLE_SECONDS = 120;
    private static final int END_WITHIN_SECONDS = 5;
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    static {
        // The JDK's server reads these once. Without the first, an answer on a kept connection
        // may wait 40 ms for the other side's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        setUnlessSet("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
        setUnlessSet("sun.net.httpserver.maxIdleConnections", MAX_CONNECTIONS);
        setUnlessSet("sun.net.httpserver.idleInterval", KEEP_IDLE_SECONDS);
        setUnlessSet("sun.net.httpserver.maxReqTime", READ_REQUEST_WITHIN_SECONDS);
    }

    private final StripeApi api;
    private final Ids ids;
    private final Duration silence;
    private final CountDownLatch ending = new CountDownLatch(1);

    /// One place for each request under way; who has them all knows that none is.
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);

    private final ExecutorService requests =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
    private final HttpServer server;

    /// @throws IOException if the address cannot be bound
    HttpFace(Settings settings, StripeApi api, Ids ids) throws IOException {
        this.api = api;
        this.ids = ids;
        this.silence = settings.pace().silence();
        this.server =
                HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
        server.setExecutor(requests);
        var _ = server.createContext("/", this::handle);
    }

    void start() {
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /// Takes no more requests and lets the ones under way finish, within a bound. The JDK's own
    /// `stop` would wait for the whole of the bound even when there is nothing to wait for.
    @Override
    public void close() {
        ending.countDown();
        try {
            if (!places.tryAcquire(MAX_CONNECTIONS, END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                Log.warning("cut off requests that took more than " + END_WITHIN_SECONDS + " s");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        requests.shutdownNow();
    }

    private void handle(HttpExchange exchange) {
        if (!places.tryAcquire()) {
            // There are as many places as connections, so this is the end of it all.
            exchange.close();
            return;
        }
        try (exchange) {
            String requestId = ids.request();
            switch (reply(exchange, requestId)) {
                case Answer answer -> send(exchange, requestId, answer);
                case Reply.Silence() -> {
                    // Whether the client is still there cannot be seen from here.
                    var _ = ending.await(silence.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (IOException _) {
            // The client has gone. What was done is done, and stands in the journal.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    private Reply reply(HttpExchange exchange, String requestId)
            throws IOException, InterruptedException {
        if (ending.getCount() == 0) {
            return new Answer(
                    503,
                    StripeJson.error(ApiError.unreadable(503, "The sandbox is ending.")),
                    Map.of("Retry-After", "1", "Connection", "close"));
        }
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            waste(in);
            return new Answer(
                    413,
                    StripeJson.error(
                            ApiError.unreadable(
                                    413,
                                    "The request is larger than " + MAX_BODY_BYTES + " bytes.")),
                    Map.of("Connection", "close"));
        }
        Headers headers = exchange.getRequestHeaders();
        return api.answer(
                new Request(
                        requestId,
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getRawPath(),
                        exchange.getRequestURI().getRawQuery(),
                        new String(body, StandardCharsets.UTF_8),
                        headers.getFirst("Content-Type"),
                        headers.getFirst("Authorization"),
                        headers.getFirst("Idempotency-Key")));
    }

    private static void waste(InputStream in) throws IOException {
        byte[] bin = new byte[8 * 1024];
        int left = MAX_WASTE_BYTES;
        int read;
        while (left > 0 && (read = in.read(bin)) >= 0) {
            left -= read;
        }
    }

    private static void send(HttpExchange exchange, String requestId, Answer answer)
            throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Cache-Control", "no-cache, no-store");
        headers.set("Request-Id", requestId);
        String version = exchange.getRequestHeaders().getFirst("Stripe-Version");
        if (isVersion(version)) {
            headers.set("Stripe-Version", version);
        }
        answer.headers().forEach(headers::set);
        byte[] body = Json.bytes(answer.body());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    /// Nothing goes back into a header that could not have come out of one.
    private static boolean isVersion(@Nullable String version) {
        return version != null && VERSION.matcher(version).matches();
    }

    private static void setUnlessSet(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }
}
