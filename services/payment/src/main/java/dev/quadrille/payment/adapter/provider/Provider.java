package dev.quadrille.payment.adapter.provider;

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
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;

/// The payment provider.
///
/// It is asked once. To ask again is the business of the table in which the errand lies, because
/// that outlives this process: a retry here would only hide it. How many are asked at a time is
/// bounded there, too.
@ApplicationScoped
public class Provider {

    private static final Logger LOG = Logger.getLogger(Provider.class);

    /// The client's own limits come first (`quarkus.rest-client.provider.*`) and close the
    /// connection; this one also bounds the wait for a connection.
    private static final long TIMEOUT_MILLIS = 2_500;

    private static final String CIRCUIT = "provider";
    private static final long CIRCUIT_DELAY_MILLIS = 1_000;

    private final PaymentIntents intents;
    private final Refunds refunds;
    private final String authorization;
    private final MeterRegistry metrics;
    private final AtomicBoolean inTrouble = new AtomicBoolean();

    Provider(
            @RestClient PaymentIntents intents,
            @RestClient Refunds refunds,
            ProviderConfig config,
            MeterRegistry metrics) {
        this.intents = intents;
        this.refunds = refunds;
        this.authorization = "Bearer " + config.key();
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event, CircuitBreakerMaintenance circuits) {
        circuits.onStateChange(CIRCUIT, this::noteTrouble);
    }

    /// Never fails: whatever goes wrong is an outcome that is not known, unless it was not asked at
    /// all.
    public Uni<Reply> ask(Errand errand) {
        return Uni.createFrom()
                .deferred(() -> {
                    var timer = Timer.start(metrics);
                    return call(errand)
                            .onFailure()
                            .recoverWithItem(failure -> failed(errand, failure))
                            .invoke(reply -> timer.stop(timer(errand, reply)));
                });
    }

    /// Fails only if the provider seems to be in trouble, so that the circuit opens for that and
    /// not for an answer that somebody does not like.
    @Timeout(TIMEOUT_MILLIS)
    @CircuitBreakerName(CIRCUIT)
    @CircuitBreaker(requestVolumeThreshold = 20, failureRatio = 0.75, delay = CIRCUIT_DELAY_MILLIS)
    Uni<Reply> call(Errand errand) {
        return switch (errand) {
            case Errand.Authorize(var orderId, var amount, var method) ->
                    intents.create(
                                    authorization,
                                    errand.idempotencyKey(),
                                    amount.amountMinor(),
                                    amount.currency().toLowerCase(Locale.ROOT),
                                    method.token(),
                                    "card",
                                    true,
                                    "manual",
                                    true,
                                    orderId)
                            .map(response ->
                                    read(
                                            response,
                                            Replies::toAuthorization,
                                            Replies::toAuthorization));
            case Errand.LetGo(_, var reference) ->
                    intents.cancel(authorization, errand.idempotencyKey(), reference)
                            .map(response ->
                                    read(
                                            response,
                                            Replies::toVoid,
                                            (status, body) ->
                                                    Replies.toVoid(reference, status, body)));
            case Errand.Capture(_, _, var reference) ->
                    intents.capture(authorization, errand.idempotencyKey(), reference)
                            .map(response ->
                                    read(
                                            response,
                                            Replies::toCapture,
                                            (status, body) ->
                                                    Replies.toCapture(reference, status, body)));
            case Errand.Refund(_, var amount, var reference) ->
                    refunds.create(
                                    authorization,
                                    errand.idempotencyKey(),
                                    reference,
                                    amount.amountMinor())
                            .map(response ->
                                    response.getStatus() == 200
                                            ? Replies.toRefund(
                                                    reference,
                                                    response.readEntity(RefundBody.class))
                                            : read(
                                                    response,
                                                    Replies::toVoid,
                                                    (status, body) ->
                                                            Replies.toRefund(
                                                                    reference, status, body)));
        };
    }

    /// One line for the whole of it, and not one for each payment that waits for its end.
    private void noteTrouble(CircuitBreakerState circuit) {
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

    private static Reply read(
            Response response,
            Function<IntentBody, Reply> success,
            BiFunction<Integer, ErrorBody, Reply> error) {
        int status = response.getStatus();
        if (status >= 500) {
            throw new ServerErrorException(status);
        }
        return status == 200
                ? success.apply(response.readEntity(IntentBody.class))
                : error.apply(status, response.readEntity(ErrorBody.class));
    }

    private static Reply failed(Errand errand, Throwable failure) {
        LOG.debugf(failure, "Asking the provider for %s failed", errand.idempotencyKey());
        return switch (failure) {
            case CircuitBreakerOpenException _ -> new Reply.NotAsked();
            case TimeoutException _, java.util.concurrent.TimeoutException _ ->
                    new Reply.Unknown("timeout");
            case ServerErrorException _ -> new Reply.Unknown("server-error");
            default -> new Reply.Unknown("no-answer");
        };
    }

    private Timer timer(Errand errand, Reply reply) {
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
                    case Reply.NotAsked() -> "not-asked";
                };
        return metrics.timer("quadrille.provider.calls", "errand", name, "outcome", outcome);
    }

    /// The provider failed, before or after it did what it was asked.
    private static final class ServerErrorException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ServerErrorException(int status) {
            super("status " + status);
        }
    }
}
