package dev.quadrille.payment.adapter.provider;

import dev.quadrille.delivery.LogContext;
import dev.quadrille.payment.domain.Errand;
import dev.quadrille.payment.domain.PaymentInput.ProviderAuthorized;
import dev.quadrille.payment.domain.PaymentInput.ProviderCaptured;
import dev.quadrille.payment.domain.PaymentInput.ProviderDeclined;
import dev.quadrille.payment.domain.PaymentInput.ProviderRefunded;
import dev.quadrille.payment.domain.PaymentInput.ProviderVoided;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The payment provider.
///
/// It is asked once. To ask again is the business of the table in which the errand lies, because
/// that outlives this process: a retry here would only hide it. How many are asked at a time is
/// bounded there, too.
///
/// Before it is asked again, [#find] asks what became of it, which moves nothing. What it finds is
/// certain for a void, a capture and a refund: they are asked for by the intent's id. An
/// authorization whose answer was lost has no id yet, so it is sought by its order, and Stripe's
/// search may miss what is younger than a minute (or an hour, when its index is in trouble). To ask
/// again after "nothing found" is safe all the same: for 24 hours Stripe answers a key that it has
/// seen with what it answered first, and does nothing. Long before these are over it is not asked
/// again any more, but only sought, and then given up. Not every account has the search; without it
/// [#seek] looks through the list, which misses nothing.
@ApplicationScoped
public class Provider {

    private static final Logger LOG = Logger.getLogger(Provider.class);

    /// The client's own limits come first (`quarkus.rest-client.provider.*`) and close the
    /// connection; this one also bounds the wait for a connection.
    private static final long TIMEOUT_MILLIS = 2_500;

    /// The client's own limit comes first, as above (`quarkus.rest-client.provider-list.*`).
    private static final Duration PAGE_LIMIT = Duration.ofSeconds(21);

    /// Less than the lease of an errand.
    private static final Duration SEEK_LIMIT = Duration.ofSeconds(8);

    private static final int MAX_PAGES = 100;

    private static final String CIRCUIT = "provider";
    private static final long CIRCUIT_DELAY_MILLIS = 1_000;

    /// What an amount is declined with that the provider cannot express.
    private static final String NOT_SUPPORTED = "currency_not_supported";

    /// What of an intent says what was given back.
    private static final String CHARGE = "latest_charge";

    /// More intents of one order, or refunds of one intent, are not looked at. Stripe's most.
    private static final int MAX_FOUND = 100;

    private final PaymentIntents intents;
    private final Refunds refunds;
    private final IntentLists lists;
    private final String authorization;
    private final MeterRegistry metrics;
    private final AtomicBoolean inTrouble = new AtomicBoolean();
    private volatile boolean away;

    Provider(
            @RestClient PaymentIntents intents,
            @RestClient Refunds refunds,
            @RestClient IntentLists lists,
            ProviderConfig config,
            MeterRegistry metrics) {
        this.intents = intents;
        this.refunds = refunds;
        this.lists = lists;
        this.authorization = "Bearer " + config.key();
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event, CircuitBreakerMaintenance circuits) {
        circuits.onStateChange(CIRCUIT, this::noteTrouble);
    }

    /// Asks for an errand, for the first time or again. Never fails: whatever goes wrong is an
    /// outcome that is not known, unless it was not asked at all.
    ///
    /// @param inVain how many refunds were made for this errand and failed. The key of a refund
    ///   that failed gives that failure again, so each further one needs its own; because only a
    ///   refund that the provider itself calls failed counts, no two can both succeed.
    public Uni<Reply> ask(Errand errand, int inVain) {
        var key = errand.idempotencyKey() + (inVain == 0 ? "" : "-" + (inVain + 1));
        return timed(errand, "", () -> call(errand, key, inVain));
    }

    /// Whether nothing is asked of it at the moment, because it seems to be in trouble.
    public boolean isAway() {
        return away;
    }

    /// Asks what became of an errand that was asked for before. Never fails, either.
    public Uni<Reply> find(Errand errand) {
        return timed(errand, "-query", () -> query(errand));
    }

    /// Looks for an authorization among all that the provider made in this time. Never fails. Where
    /// the list is too long to be read in the time there is, the outcome stays unknown.
    public Uni<Reply> seek(Errand.Authorize errand, Instant since, Instant until) {
        return Uni.createFrom()
                .deferred(() -> seek(errand, since, until, null, 1, List.of()))
                .ifNoItem()
                .after(SEEK_LIMIT)
                .recoverWithItem(new Reply.Unknown("timeout"))
                .onFailure()
                .recoverWithItem(failure -> failed(errand, failure));
    }

    private Uni<Reply> seek(
            Errand.Authorize errand,
            Instant since,
            Instant until,
            @Nullable String after,
            int number,
            List<IntentBody> before) {
        return page(since, until, after)
                .flatMap(body -> {
                    var ours =
                            Stream.concat(
                                            before.stream(),
                                            body.data().stream()
                                                    .filter(intent ->
                                                            intent.isFor(
                                                                    errand.orderId(),
                                                                    errand.amount())))
                                    .toList();
                    var next = body.next();
                    if (next == null) {
                        return Uni.createFrom()
                                .item(
                                        Replies.foundForAuthorization(
                                                errand, new IntentsBody(ours, false)));
                    }
                    return number == MAX_PAGES
                            ? Uni.createFrom().item(new Reply.Unknown("too-many"))
                            : seek(errand, since, until, next, number + 1, ours);
                });
    }

    /// What the provider has for orders, newest first.
    ///
    /// @param after the place where the page before ended
    /// @throws ProviderUnavailableException in the Uni
    public Uni<IntentPage> list(Instant since, @Nullable String after) {
        return page(since, null, after)
                .map(body ->
                        new IntentPage(
                                body.data().stream()
                                        .map(ProviderIntent::of)
                                        .filter(Objects::nonNull)
                                        .toList(),
                                body.next()))
                .onFailure()
                .transform(ProviderUnavailableException::new);
    }

    /// Not through the circuit: that a long list takes its time, or fails, tells nothing about the
    /// calls that customers wait for.
    private Uni<IntentsBody> page(Instant since, @Nullable Instant until, @Nullable String after) {
        return Uni.createFrom()
                .deferred(() ->
                        lists.list(
                                authorization,
                                since.getEpochSecond(),
                                until == null ? null : until.getEpochSecond(),
                                after,
                                MAX_FOUND,
                                "data." + CHARGE))
                .ifNoItem()
                .after(PAGE_LIMIT)
                .fail()
                .map(response ->
                        read(
                                response,
                                IntentsBody.class,
                                body -> body,
                                (status, _) -> {
                                    throw new ServerErrorException(status);
                                }))
                .onFailure()
                .retry()
                .atMost(1);
    }

    private Uni<Reply> timed(Errand errand, String suffix, Supplier<Uni<Reply>> call) {
        return Uni.createFrom()
                .deferred(() -> {
                    var timer = Timer.start(metrics);
                    return guarded(call)
                            .onFailure()
                            .recoverWithItem(failure -> failed(errand, failure))
                            .invoke(reply -> timer.stop(timer(errand, suffix, reply)));
                });
    }

    /// Fails only if the provider seems to be in trouble, so that the circuit opens for that and
    /// not for an answer that somebody does not like. All calls share it: it is one provider.
    @Timeout(TIMEOUT_MILLIS)
    @CircuitBreakerName(CIRCUIT)
    @CircuitBreaker(requestVolumeThreshold = 20, failureRatio = 0.75, delay = CIRCUIT_DELAY_MILLIS)
    <T> Uni<T> guarded(Supplier<Uni<T>> call) {
        return call.get();
    }

    private Uni<Reply> call(Errand errand, String key, int inVain) {
        return switch (errand) {
            case Errand.Authorize authorize -> {
                var amount = StripeAmount.of(authorize.amount());
                yield amount.isPresent()
                        ? create(authorize, key, amount.getAsLong())
                        : Uni.createFrom()
                                .item(new Reply.Answered(new ProviderDeclined(NOT_SUPPORTED)));
            }
            case Errand.LetGo(_, var reference) ->
                    intents.cancel(authorization, key, reference)
                            .map(response -> readEnd(response, errand, reference));
            case Errand.Capture(_, _, var reference) ->
                    intents.capture(authorization, key, reference)
                            .map(response -> readEnd(response, errand, reference));
            case Errand.Refund refund ->
                    refunds.create(authorization, key, refund.reference(), refund.orderId())
                            .map(response ->
                                    read(
                                            response,
                                            RefundBody.class,
                                            body -> Replies.toRefund(refund, inVain, body),
                                            (status, body) ->
                                                    Replies.toRefund(refund, status, body)));
        };
    }

    private Uni<Reply> create(Errand.Authorize authorize, String key, long amount) {
        return intents.create(
                        authorization,
                        key,
                        amount,
                        authorize.amount().currency().toLowerCase(Locale.ROOT),
                        authorize.method().token(),
                        "card",
                        true,
                        "manual",
                        true,
                        authorize.orderId())
                .map(response ->
                        read(
                                response,
                                IntentBody.class,
                                intent -> Replies.toAuthorization(authorize, intent),
                                (status, body) ->
                                        Replies.toAuthorization(authorize, status, body)));
    }

    private static Reply readEnd(Response response, Errand errand, String reference) {
        return read(
                response,
                IntentBody.class,
                intent -> Replies.toEnd(errand, intent),
                (status, body) -> Replies.toEnd(errand, reference, status, body));
    }

    private Uni<Reply> query(Errand errand) {
        return switch (errand) {
            case Errand.Authorize authorize ->
                    intents.search(authorization, queryOf(authorize), MAX_FOUND)
                            .map(response ->
                                    read(
                                            response,
                                            IntentsBody.class,
                                            body -> Replies.foundForAuthorization(authorize, body),
                                            (status, body) ->
                                                    Replies.notSearched(authorize, status, body)));
            case Errand.LetGo(_, var reference) -> queryEnd(errand, reference);
            case Errand.Capture(_, _, var reference) -> queryEnd(errand, reference);
            case Errand.Refund refund ->
                    show(
                                    errand,
                                    refund.reference(),
                                    intent -> Replies.foundForRefund(refund, intent))
                            .flatMap(reply ->
                                    reply instanceof Reply.NotDone
                                            ? queryRefunds(refund)
                                            : Uni.createFrom().item(reply));
        };
    }

    private Uni<Reply> queryEnd(Errand errand, String reference) {
        return show(errand, reference, intent -> Replies.foundForEnd(errand, intent));
    }

    private Uni<Reply> show(Errand errand, String reference, Function<IntentBody, Reply> meaning) {
        return intents.show(authorization, reference, CHARGE)
                .map(response -> found(response, errand, IntentBody.class, meaning));
    }

    private Uni<Reply> queryRefunds(Errand.Refund refund) {
        return refunds.list(authorization, refund.reference(), MAX_FOUND)
                .map(response ->
                        found(response, refund, RefundsBody.class, Replies::notDoneByRefunds));
    }

    private static String queryOf(Errand.Authorize errand) {
        return "metadata['%s']:'%s'".formatted(IntentBody.ORDER_ID, errand.orderId());
    }

    private static <T> Reply found(
            Response response, Errand errand, Class<T> type, Function<T, Reply> success) {
        return read(
                response, type, success, (status, body) -> Replies.notFound(errand, status, body));
    }

    private static <T, R> R read(
            Response response,
            Class<T> type,
            Function<T, R> success,
            BiFunction<Integer, ErrorBody, R> error) {
        int status = response.getStatus();
        if (status >= 500) {
            throw new ServerErrorException(status);
        }
        return status == 200
                ? success.apply(response.readEntity(type))
                : error.apply(status, response.readEntity(ErrorBody.class));
    }

    /// One line for the whole of it, and not one for each payment that waits for its end.
    private void noteTrouble(CircuitBreakerState circuit) {
        away = circuit == CircuitBreakerState.OPEN;
        switch (circuit) {
            case OPEN -> {
                if (inTrouble.compareAndSet(false, true)) {
                    LOG.warn("The provider seems to be in trouble; what is due waits for its end");
                }
            }
            case CLOSED -> {
                if (inTrouble.compareAndSet(true, false)) {
                    LOG.info("The provider answers again");
                }
            }
            case HALF_OPEN -> {} // somebody is trying
        }
    }

    private static Reply failed(Errand errand, Throwable failure) {
        LogContext.of(errand.orderId().toString(), null)
                .log(() ->
                        LOG.debugf(
                                failure,
                                "Asking the provider for %s failed",
                                errand.idempotencyKey()));
        return switch (failure) {
            case CircuitBreakerOpenException _ -> new Reply.NotAsked();
            case TimeoutException _, java.util.concurrent.TimeoutException _ ->
                    new Reply.Unknown("timeout");
            case ServerErrorException _ -> new Reply.Unknown("server-error");
            default -> new Reply.Unknown("no-answer");
        };
    }

    private Timer timer(Errand errand, String suffix, Reply reply) {
        var name =
                switch (errand) {
                    case Errand.Authorize _ -> "authorize";
                    case Errand.LetGo _ -> "void";
                    case Errand.Capture _ -> "capture";
                    case Errand.Refund _ -> "refund";
                };
        var outcome =
                switch (reply) {
                    case Reply.Answered(ProviderAuthorized _) -> "authorized";
                    case Reply.Answered(ProviderDeclined _) -> "declined";
                    case Reply.Answered(ProviderVoided _) -> "voided";
                    case Reply.Answered(ProviderCaptured _) -> "captured";
                    case Reply.Answered(ProviderRefunded _) -> "refunded";
                    case Reply.Unknown(var reason) -> reason;
                    case Reply.NotDone _ -> "not-done";
                    case Reply.NotSearchable() -> "not-searchable";
                    case Reply.NotAsked() -> "not-asked";
                };
        return metrics.timer(
                "quadrille.provider.calls", "errand", name + suffix, "outcome", outcome);
    }

    /// The provider failed, before or after it did what it was asked.
    private static final class ServerErrorException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ServerErrorException(int status) {
            super("status " + status);
        }
    }
}
