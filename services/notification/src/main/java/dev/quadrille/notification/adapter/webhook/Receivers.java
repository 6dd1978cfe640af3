package dev.quadrille.notification.adapter.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quadrille.notification.domain.Answer;
import dev.quadrille.notification.domain.Answer.Gone;
import dev.quadrille.notification.domain.Answer.Taken;
import dev.quadrille.notification.domain.Answer.Trouble;
import dev.quadrille.notification.domain.Call;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.handler.codec.DecoderException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Calls receivers over HTTP, and says in a word what came of it.
///
/// | what happened                                | answer                              |
/// |----------------------------------------------|-------------------------------------|
/// | 2xx                                          | Taken                               |
/// | 410                                          | Gone                                |
/// | any other status, 3xx among them             | Trouble, `http-` and the status; of 429 and 503 with their Retry-After |
/// | no status of HTTP (100 to 599)               | Trouble, `bad-answer`               |
/// | no answer in time                            | Trouble, `timeout`                  |
/// | no name, no connection, bad certificate      | Trouble, a word for it              |
/// | an address that may not be called            | Trouble, `forbidden-address`        |
///
/// ## Where it may go
///
/// The name is looked up anew for each attempt, here, and the connection is made to the very
/// address that was judged ([CallableAddress]): nobody looks the name up a second time, so nobody
/// can be told another address then. The certificate is still that of the name. If any address of a
/// name may not be called, none is: a name that points both outside and inside is a mistake or an
/// attack, and to call it sometimes would hide which. Attempts take the addresses in turn.
///
/// Each call has a connection of its own. A connection that was kept might be closed by the
/// receiver just then, and an attempt would be lost to that.
@ApplicationScoped
public class Receivers {

    private static final Logger LOG = Logger.getLogger(Receivers.class);

    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final int MAX_RETRY_AFTER_DIGITS = 9;
    private static final Duration IDLE_THREAD = Duration.ofSeconds(10);
    private static final String JSON = "application/json";
    private static final String USER_AGENT = "Quadrille-Webhooks";

    private final HttpClient client;
    private final Resolver resolver;
    private final ThreadPoolExecutor lookups;
    private final WebhookConfig config;
    private final InstantSource clock;
    private final MeterRegistry metrics;

    /// Where the addresses of a name are asked for. It may block.
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    @Inject
    Receivers(Vertx vertx, WebhookConfig config, InstantSource clock, MeterRegistry metrics) {
        this(vertx, config, clock, metrics, InetAddress::getAllByName);
    }

    Receivers(
            Vertx vertx,
            WebhookConfig config,
            InstantSource clock,
            MeterRegistry metrics,
            Resolver resolver) {
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
        this.resolver = resolver;
        this.client =
                vertx.createHttpClient(
                        options(config), new PoolOptions().setHttp1MaxSize(config.atOnce()));
        // Threads of their own: names that are slow to be found hold up nothing but their calls.
        this.lookups =
                new ThreadPoolExecutor(
                        0,
                        config.atOnce(),
                        IDLE_THREAD.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new SynchronousQueue<>(),
                        Thread.ofPlatform().daemon().name("webhook-lookup-", 0).factory());
    }

    /// Never fails.
    public Uni<Answer> call(Call call) {
        var timer = Timer.start(metrics);
        // The status is the answer, even if its body never ends.
        var known = new AtomicReference<Answer>(new Trouble("timeout", null, null));
        return Uni.createFrom()
                .deferred(() -> attempt(call, known))
                .ifNoItem()
                .after(config.answerLimit())
                .recoverWithItem(known::get)
                .onFailure()
                .recoverWithItem(failure -> trouble(call, failure))
                .invoke(answer ->
                        timer.stop(metrics.timer("quadrille.webhook", "outcome", outcome(answer))));
    }

    private Uni<Answer> attempt(Call call, AtomicReference<Answer> known) {
        // Checked when it was registered, and again: what is allowed may have changed since.
        if (EndpointUrl.fault(call.endpoint().url(), config.allowPrivateAddresses()).isPresent()) {
            return Uni.createFrom().item(new Trouble("forbidden-url", null, null));
        }
        var url = EndpointUrl.of(call.endpoint().url());
        return addresses(url.host())
                .flatMap(addresses ->
                        mayCall(addresses)
                                ? send(call, url, inTurn(addresses, call.attempt()), known)
                                : Uni.createFrom()
                                        .item(new Trouble("forbidden-address", null, null)));
    }

    private Uni<List<InetAddress>> addresses(String host) {
        return Uni.createFrom()
                .emitter(emitter -> {
                    try {
                        lookups.execute(() -> {
                            try {
                                emitter.complete(List.of(resolver.addresses(host)));
                            } catch (UnknownHostException e) {
                                emitter.fail(e);
                            }
                        });
                    } catch (RejectedExecutionException e) {
                        emitter.fail(e); // as many look-ups hang as there may be calls
                    }
                });
    }

    private boolean mayCall(List<InetAddress> addresses) {
        return config.allowPrivateAddresses()
                || addresses.stream().allMatch(CallableAddress::mayCall);
    }

    private static InetAddress inTurn(List<InetAddress> addresses, int attempt) {
        return addresses.get((attempt - 1) % addresses.size());
    }

    private Uni<Answer> send(
            Call call, EndpointUrl url, InetAddress address, AtomicReference<Answer> known) {
        var body = call.body().getBytes(UTF_8);
        var options = request(call, url, address, body);
        return Uni.createFrom()
                .emitter(emitter -> {
                    var exchange = new Exchange(emitter, known);
                    emitter.onTermination(exchange::close);
                    client.request(options)
                            .onSuccess(request -> exchange.begin(request, body))
                            .onFailure(emitter::fail);
                });
    }

    private RequestOptions request(Call call, EndpointUrl url, InetAddress address, byte[] body) {
        var id = call.delivery().details().notificationId().toString();
        long timestampSeconds = clock.instant().getEpochSecond();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(url.tls())
                .setHost(url.host())
                .setPort(url.port())
                // As a literal, of which there is nothing left to look up.
                .setServer(SocketAddress.inetSocketAddress(url.port(), address.getHostAddress()))
                .setURI(url.target())
                .putHeader(HttpHeaders.HOST, url.authority())
                .putHeader(HttpHeaders.USER_AGENT, USER_AGENT)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length))
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", Long.toString(timestampSeconds))
                .putHeader(
                        "webhook-signature",
                        Signature.header(call.secrets(), id, timestampSeconds, body));
    }

    /// One request and its answer. All but [#close()] runs on the request's context.
    private final class Exchange {

        private final UniEmitter<? super Answer> emitter;
        private final AtomicReference<Answer> known;
        private volatile @Nullable HttpClientRequest request;
        private volatile boolean over;
        private int bodyBytes;

        Exchange(UniEmitter<? super Answer> emitter, AtomicReference<Answer> known) {
            this.emitter = emitter;
            this.known = known;
        }

        void begin(HttpClientRequest begun, byte[] body) {
            request = begun;
            if (over) {
                close();
                return;
            }
            // Else the client would write a line for each answer that is none.
            begun.connection().exceptionHandler(_ -> {});
            begun.response().onSuccess(this::heard).onFailure(emitter::fail);
            begun.end(Buffer.buffer(body));
        }

        /// The body is read, so that the receiver is not cut off, but not for ever.
        private void heard(HttpClientResponse response) {
            var answer = answer(response);
            known.set(answer);
            response.exceptionHandler(_ -> emitter.complete(answer));
            response.endHandler(_ -> emitter.complete(answer));
            response.handler(buffer -> {
                bodyBytes += buffer.length();
                if (bodyBytes > MAX_BODY_BYTES) {
                    emitter.complete(answer);
                    close();
                }
            });
        }

        /// From any thread. Of an exchange that is through nothing is left to close.
        void close() {
            over = true;
            var open = request;
            if (open != null) {
                open.reset();
            }
        }
    }

    /// The client takes any number for a status.
    private Answer answer(HttpClientResponse response) {
        int status = response.statusCode();
        if (status < 100 || status > 599) {
            return new Trouble("bad-answer", null, null);
        }
        if (status >= 200 && status < 300) {
            return new Taken(status);
        }
        return switch (status) {
            case 410 -> new Gone();
            case 429, 503 ->
                    new Trouble(
                            "http-" + status,
                            status,
                            retryAfter(
                                    response.getHeader(HttpHeaders.RETRY_AFTER), clock.instant()));
            default -> new Trouble("http-" + status, status, null);
        };
    }

    /// The header of RFC 9110, 10.2.3: seconds, or a date. Null for what is neither.
    static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        if (!header.isEmpty()
                && header.length() <= MAX_RETRY_AFTER_DIGITS
                && header.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(Integer.parseInt(header));
        }
        try {
            var at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header));
            return at.isAfter(now) ? Duration.between(now, at) : null;
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// By its kind alone: messages quote addresses.
    private static Answer trouble(Call call, Throwable failure) {
        var word =
                switch (failure) {
                    case UnknownHostException _ -> "unknown-host";
                    case SSLException _ -> "bad-certificate";
                    case ConnectException _, NoRouteToHostException _ -> "no-connection";
                    case HttpClosedException _ -> "connection-closed";
                    case DecoderException _ -> "bad-answer";
                    default -> "no-answer";
                };
        LOG.debugf("%s: %s (%s)", call, word, failure.getClass().getName());
        return new Trouble(word, null, null);
    }

    /// As it is counted: statuses by their class, because a receiver chooses them. Those that ask
    /// for patience stand by themselves.
    private static String outcome(Answer answer) {
        return switch (answer) {
            case Taken _ -> "taken";
            case Gone() -> "gone";
            case Trouble(var error, var status, _) when status == null -> error;
            case Trouble(_, var status, _) when status == 429 || status == 503 -> "http-" + status;
            case Trouble(_, var status, _) -> "http-" + status / 100 + "xx";
        };
    }

    private static HttpClientOptions options(WebhookConfig config) {
        int limitMillis = Math.toIntExact(config.answerLimit().toMillis());
        var options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_1_1)
                        .setKeepAlive(false)
                        .setVerifyHost(true)
                        .setTrustAll(false)
                        .setConnectTimeout(limitMillis)
                        .setSslHandshakeTimeout(limitMillis)
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxInitialLineLength(MAX_HEADER_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setDecompressionSupported(false)
                        // No trace of the house goes to strangers.
                        .setTracingPolicy(TracingPolicy.IGNORE);
        config.trustedCertificates()
                .ifPresent(path ->
                        options.setTrustOptions(
                                new PemTrustOptions().addCertPath(path.toString())));
        return options;
    }
}
