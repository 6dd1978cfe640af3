package dev.quadrille.notification.adapter.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import dev.quadrille.contract.NotificationEvent.Kind;
import dev.quadrille.notification.domain.Answer;
import dev.quadrille.notification.domain.Answer.Gone;
import dev.quadrille.notification.domain.Answer.Taken;
import dev.quadrille.notification.domain.Answer.Trouble;
import dev.quadrille.notification.domain.Call;
import dev.quadrille.notification.domain.Delivery.Attempting;
import dev.quadrille.notification.domain.DeliveryDetails;
import dev.quadrille.notification.domain.EndpointDetails;
import dev.quadrille.notification.domain.Tries;
import dev.quadrille.testkit.FreePort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiversTest {

    private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PATIENT = Duration.ofSeconds(15);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final UUID NOTIFICATION_ID = new UUID(2, 2);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("8.8.8.8");
    private static final Vertx VERTX = Vertx.vertx();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir Path folder;

    private record Config(
            boolean allowPrivateAddresses, Duration answerLimit, Optional<Path> trustedCertificates)
            implements WebhookConfig {

        @Override
        public int maxEndpoints() {
            return 5;
        }

        @Override
        public int atOncePerEndpoint() {
            return 4;
        }

        @Override
        public List<Duration> pauses() {
            return List.of();
        }

        @Override
        public Duration disableAfter() {
            return Duration.ofDays(5);
        }

        @Override
        public Duration rotationOverlap() {
            return Duration.ofDays(1);
        }

        @Override
        public Duration retention() {
            return Duration.ofDays(30);
        }

        @Override
        public Duration pruneEvery() {
            return Duration.ofHours(1);
        }
    }

    @AfterEach
    void close() throws Exception {
        end.countDown();
        for (var resource : open) {
            resource.close();
        }
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void theRequestIsAsTheStandardHasIt() {
        var seen = new AtomicReference<String>();
        int port =
                server(exchange -> {
                    var headers = exchange.getRequestHeaders();
                    seen.set(
                            String.join(
                                    "|",
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().toString(),
                                    headers.getFirst("Host"),
                                    headers.getFirst("Content-Type"),
                                    headers.getFirst("webhook-id"),
                                    headers.getFirst("webhook-timestamp"),
                                    headers.getFirst("webhook-signature"),
                                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
                    assertThat(headers).doesNotContainKey("Traceparent");
                    answer(exchange, 204, "");
                });

        assertThat(call("http://receiver.example:" + port + "/hooks?a=b", LOOPBACK))
                .isEqualTo(new Taken(204));
        assertThat(seen.get())
                .isEqualTo(
                        String.join(
                                "|",
                                "POST",
                                "/hooks?a=b",
                                "receiver.example:" + port,
                                "application/json",
                                NOTIFICATION_ID.toString(),
                                Long.toString(NOW.getEpochSecond()),
                                Signature.header(
                                        List.of("whsec_MQ=="),
                                        NOTIFICATION_ID.toString(),
                                        NOW.getEpochSecond(),
                                        "{\"ü\":1}".getBytes(UTF_8)),
                                "{\"ü\":1}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 400, 401, 404, 418, 500, 502, 504})
    void anyOtherStatusIsTroubleAndNoRedirectIsFollowed(int status) {
        int port =
                server(exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.getResponseHeaders().add("Retry-After", "7");
                    answer(exchange, status, "no");
                });

        assertThat(call("http://receiver.example:" + port + "/", LOOPBACK))
                .isEqualTo(new Trouble("http-" + status, status, null));
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whoAsksForTimeIsHeard(int status) {
        int port =
                server(exchange -> {
                    exchange.getResponseHeaders().add("Retry-After", "7");
                    answer(exchange, status, "later");
                });

        assertThat(call("http://receiver.example:" + port + "/", LOOPBACK))
                .isEqualTo(new Trouble("http-" + status, status, Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 999, 1000, 2_000_000_000})
    void aStatusThatHttpDoesNotHaveIsABadAnswer(int status) {
        int port = server(exchange -> answer(exchange, status, ""));

        assertThat(call("http://receiver.example:" + port + "/", LOOPBACK))
                .isEqualTo(new Trouble("bad-answer", null, null));
    }

    @Test
    void whateverAReceiverAnswersIsCountedByItsClass() {
        var statuses = List.of(200, 204, 302, 400, 418, 499, 410, 429, 500, 599, 503, 600, 12_345);
        var turn = statuses.iterator();
        int port = server(exchange -> answer(exchange, turn.next(), ""));
        var receivers =
                receivers(true, PATIENT, Optional.empty(), _ -> new InetAddress[] {LOOPBACK});

        statuses.forEach(_ -> call(receivers, "http://receiver.example:" + port + "/", 1));

        assertThat(metrics.find("quadrille.webhook").timers())
                .extracting(timer -> timer.getId().getTag("outcome") + " " + timer.count())
                .containsExactlyInAnyOrder(
                        "taken 2",
                        "gone 1",
                        "http-3xx 1",
                        "http-4xx 3",
                        "http-429 1",
                        "http-5xx 2",
                        "http-503 1",
                        "bad-answer 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|PT0S",
                "120|PT2M",
                "999999999|PT277777H46M39S",
                "Sat, 21 Nov 2026 03:01:00 GMT|PT1M",
                "Sat, 21 Nov 2026 02:00:00 GMT|",
                "9999999999|",
                "-1|",
                "1.5|",
                "soon|",
                "''|",
                "|",
            })
    void aRetryAfterIsSecondsOrADate(String header, Duration wait) {
        assertThat(Receivers.retryAfter(header, NOW)).isEqualTo(wait);
    }

    @Test
    void whoIsGoneIsGone() {
        int port = server(exchange -> answer(exchange, 410, ""));

        assertThat(call("http://receiver.example:" + port + "/", LOOPBACK)).isEqualTo(new Gone());
    }

    @Test
    void whoDoesNotAnswerInTimeIsInTrouble() {
        int port = server(_ -> awaitEnd());

        assertThat(call("http://receiver.example:" + port + "/", SHORT, LOOPBACK))
                .isEqualTo(new Trouble("timeout", null, null));
    }

    @Test
    void aNameThatIsNotFoundInTimeIsATimeout() {
        var receivers =
                receivers(
                        true,
                        SHORT,
                        Optional.empty(),
                        _ -> {
                            awaitEnd();
                            return new InetAddress[] {LOOPBACK};
                        });

        assertThat(call(receivers, "http://receiver.example/", 1))
                .isEqualTo(new Trouble("timeout", null, null));
    }

    @Test
    void whoIsNotThereIsInTrouble() {
        assertThat(call("http://receiver.example:" + FreePort.next() + "/", LOOPBACK))
                .isEqualTo(new Trouble("no-connection", null, null));
    }

    @Test
    void aNameThatIsNotThereIsTrouble() {
        var receivers =
                receivers(
                        true,
                        PATIENT,
                        Optional.empty(),
                        host -> {
                            throw new UnknownHostException(host);
                        });

        assertThat(call(receivers, "https://receiver.example/", 1))
                .isEqualTo(new Trouble("unknown-host", null, null));
    }

    @Test
    void anAnswerThatNeverEndsCountsByItsStatus() {
        int port =
                server(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    awaitEnd();
                });

        assertThat(call("http://receiver.example:" + port + "/", SHORT, LOOPBACK))
                .isEqualTo(new Taken(200));
    }

    @Test
    void ofALongAnswerOnlyTheBeginningIsRead() {
        var written = new AtomicInteger();
        int port =
                server(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var chunk = new byte[64 << 10];
                    // Far more than fits into the buffers on the way.
                    for (int i = 0; i < 4_096; i++) {
                        exchange.getResponseBody().write(chunk);
                        written.incrementAndGet();
                    }
                });

        assertThat(call("http://receiver.example:" + port + "/", LOOPBACK))
                .isEqualTo(new Taken(200));
        close(open.removeFirst());
        assertThat(written.get()).isLessThan(4_096);
    }

    @Test
    void headersWithoutEndAreNotRead() {
        int port =
                server(exchange -> {
                    exchange.getResponseHeaders().add("X-Bomb", "x".repeat(64 << 10));
                    answer(exchange, 200, "");
                });

        assertThat(call("http://receiver.example:" + port + "/", LOOPBACK))
                .isInstanceOfSatisfying(
                        Trouble.class, trouble -> assertThat(trouble.status()).isNull());
    }

    @Test
    void anAddressInsideIsNotCalled() {
        int port = server(exchange -> answer(exchange, 200, ""));

        assertThat(
                        call(
                                receivers(
                                        false,
                                        PATIENT,
                                        Optional.empty(),
                                        _ -> new InetAddress[] {LOOPBACK}),
                                "https://receiver.example/",
                                1))
                .isEqualTo(new Trouble("forbidden-address", null, null));
        assertThat(port).isPositive();
        assertThat(requests).hasValue(0);
    }

    @Test
    void aNameThatPointsInsideTooIsNotCalledAtAll() {
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(
                            call(
                                    receivers(
                                            false,
                                            PATIENT,
                                            Optional.empty(),
                                            _ -> new InetAddress[] {PUBLIC, LOOPBACK}),
                                    "https://receiver.example/",
                                    attempt))
                    .isEqualTo(new Trouble("forbidden-address", null, null));
        }
    }

    /// What was registered while more was allowed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://receiver.example/",
                "https://receiver.example:8443/",
                "https://127.0.0.1/",
                "https://localhost/"
            })
    void aUrlThatIsNotAllowedAnyMoreIsNotCalled(String url) {
        assertThat(
                        call(
                                receivers(
                                        false,
                                        PATIENT,
                                        Optional.empty(),
                                        _ -> new InetAddress[] {PUBLIC}),
                                url,
                                1))
                .isEqualTo(new Trouble("forbidden-url", null, null));
    }

    /// DNS rebinding: who answers differently the second time is not asked a second time. The name
    /// is one that nobody but the test knows, so a look-up by anybody else would fail.
    @Test
    void theAddressThatWasJudgedIsTheOneThatIsCalled() {
        int port = server(exchange -> answer(exchange, 200, ""));
        var lookups = new AtomicInteger();
        var receivers =
                receivers(
                        true,
                        PATIENT,
                        Optional.empty(),
                        _ ->
                                new InetAddress[] {
                                    lookups.incrementAndGet() == 1
                                            ? LOOPBACK
                                            : InetAddress.ofLiteral("127.0.0.9")
                                });

        assertThat(call(receivers, "http://receiver.invalid:" + port + "/", 1))
                .isEqualTo(new Taken(200));
        assertThat(lookups).hasValue(1);
    }

    @Test
    void attemptsTakeTheAddressesInTurn() {
        int port = server(exchange -> answer(exchange, 200, ""));
        var receivers =
                receivers(
                        true,
                        PATIENT,
                        Optional.empty(),
                        _ -> new InetAddress[] {LOOPBACK, InetAddress.ofLiteral("127.0.0.9")});

        assertThat(call(receivers, "http://receiver.example:" + port + "/", 1))
                .isEqualTo(new Taken(200));
        assertThat(call(receivers, "http://receiver.example:" + port + "/", 2))
                .isEqualTo(new Trouble("no-connection", null, null));
        assertThat(call(receivers, "http://receiver.example:" + port + "/", 3))
                .isEqualTo(new Taken(200));
    }

    @Test
    void theCertificateIsThatOfTheNameAlthoughAnAddressIsCalled() throws Exception {
        var names = new ArrayList<String>();
        var trusted = folder.resolve("receiver.pem");
        int port = tlsServer("receiver.example", trusted, names);
        var receivers =
                receivers(true, PATIENT, Optional.of(trusted), _ -> new InetAddress[] {LOOPBACK});

        assertThat(call(receivers, "https://receiver.example:" + port + "/", 1))
                .isEqualTo(new Taken(200));
        assertThat(names).containsExactly("receiver.example");
        assertThat(call(receivers, "https://other.example:" + port + "/", 1))
                .isEqualTo(new Trouble("bad-certificate", null, null));
        assertThat(call(receivers, "https://127.0.0.1:" + port + "/", 1))
                .isEqualTo(new Trouble("bad-certificate", null, null));
        assertThat(requests).hasValue(1);
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNotTrusted() throws Exception {
        int port = tlsServer("receiver.example", folder.resolve("receiver.pem"), new ArrayList<>());

        assertThat(call("https://receiver.example:" + port + "/", LOOPBACK))
                .isEqualTo(new Trouble("bad-certificate", null, null));
        assertThat(requests).hasValue(0);
    }

    private Answer call(String url, InetAddress... addresses) {
        return call(url, PATIENT, addresses);
    }

    private Answer call(String url, Duration answerLimit, InetAddress... addresses) {
        return call(receivers(true, answerLimit, Optional.empty(), _ -> addresses), url, 1);
    }

    private static Answer call(Receivers receivers, String url, int attempt) {
        return receivers
                .call(
                        new Call(
                                new Attempting(
                                        new DeliveryDetails(
                                                new UUID(1, 1),
                                                NOTIFICATION_ID,
                                                new UUID(3, 3),
                                                new UUID(4, 4),
                                                Kind.ORDER_CONFIRMED),
                                        new Tries(attempt, attempt, null, null),
                                        NOW),
                                new EndpointDetails(
                                        new UUID(3, 3), url, List.of(Kind.ORDER_CONFIRMED)),
                                List.of("whsec_MQ=="),
                                "{\"ü\":1}"))
                .await()
                .atMost(LIMIT);
    }

    private Receivers receivers(
            boolean privateAllowed,
            Duration answerLimit,
            Optional<Path> trusted,
            Receivers.Resolver resolver) {
        return new Receivers(
                VERTX,
                new Config(privateAllowed, answerLimit, trusted),
                InstantSource.fixed(NOW),
                metrics,
                resolver);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private int server(Handler handler) {
        try {
            return start(HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int start(HttpServer server, Handler handler) {
        var threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    requests.incrementAndGet();
                    try (exchange) {
                        handler.handle(exchange);
                    }
                });
        server.start();
        open.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return server.getAddress().getPort();
    }

    private int tlsServer(String name, Path certificate, List<String> names) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(name, certificate)));
        return start(
                server,
                exchange -> {
                    var session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
                    for (SNIServerName asked : session.getRequestedServerNames()) {
                        names.add(((SNIHostName) asked).getAsciiName());
                    }
                    answer(exchange, 200, "");
                });
    }

    /// A certificate that signs itself, made by the JDK's own tool.
    private SSLContext context(String name, Path certificate)
            throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve(name + ".p12").toString();
        keytool(
                "-genkeypair",
                "-keystore",
                store,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=dns:" + name);
        keytool("-exportcert", "-rfc", "-keystore", store, "-file", certificate.toString());
        var keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(Path.of(store))) {
            keys.load(in, "changeit".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of("-alias", "receiver", "-storetype", "PKCS12", "-storepass", "changeit"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
