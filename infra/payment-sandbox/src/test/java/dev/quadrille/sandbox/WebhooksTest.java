package dev.quadrille.sandbox;

import static dev.quadrille.sandbox.Sandbox.INTENTS;
import static dev.quadrille.sandbox.Sandbox.REFUNDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quadrille.sandbox.Sandbox.Got;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhooksTest {

    private record Told(String signature, String body) {

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TempDir Path folder;
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private HttpServer listener;

    @BeforeEach
    void listen() throws IOException {
        listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", this::hear);
        listener.start();
    }

    @AfterEach
    void stop() {
        listener.stop(0);
    }

    @Test
    void eachChangeIsToldWithTheObjectAsItThenWas() throws Exception {
        try (Sandbox sandbox = Sandbox.tellingTo(url(), folder)) {
            Got hold = sandbox.hold(1_000, "o-1");
            JsonNode held = next();
            sandbox.post(INTENTS + "/" + hold.id() + "/capture", "amount_to_capture=900");
            JsonNode captured = next();
            sandbox.post(REFUNDS, "payment_intent=" + hold.id(), "amount=400");
            JsonNode refunded = next();
            Got other = sandbox.hold(1_000, "o-2");
            next();
            sandbox.post(INTENTS + "/" + other.id() + "/cancel");
            JsonNode canceled = next();
            sandbox.post(
                    INTENTS,
                    "amount=5",
                    "currency=eur",
                    "confirm=true",
                    "payment_method=pm_card_chargeDeclined");
            JsonNode failed = next();

            assertThat(held.at("/id").asText()).matches("evt_[0-9A-Za-z]{24}");
            assertThat(held.at("/object").asText()).isEqualTo("event");
            assertThat(held.at("/api_version").asText()).isEqualTo("2022-11-15");
            assertThat(held.at("/created").asLong())
                    .isEqualTo(sandbox.clock.instant().getEpochSecond());
            assertThat(held.at("/type").asText())
                    .isEqualTo("payment_intent.amount_capturable_updated");
            assertThat(held.at("/data/object")).isEqualTo(hold.body());
            assertThat(held.at("/request/id").asText()).isEqualTo(hold.header("Request-Id"));
            assertThat(captured.at("/type").asText()).isEqualTo("payment_intent.succeeded");
            assertThat(captured.at("/data/object/amount_received").asLong()).isEqualTo(900);
            assertThat(refunded.at("/type").asText()).isEqualTo("charge.refunded");
            assertThat(refunded.at("/data/object/object").asText()).isEqualTo("charge");
            assertThat(refunded.at("/data/object/payment_intent").asText()).isEqualTo(hold.id());
            assertThat(refunded.at("/data/object/amount_refunded").asLong()).isEqualTo(400);
            assertThat(refunded.at("/data/object/refunded").asBoolean()).isFalse();
            assertThat(canceled.at("/type").asText()).isEqualTo("payment_intent.canceled");
            assertThat(failed.at("/type").asText()).isEqualTo("payment_intent.payment_failed");
        }
    }

    @Test
    void aHoldThatLapsesAndARefundThatFailsAreTold() throws Exception {
        try (Sandbox sandbox = Sandbox.tellingTo(url(), folder)) {
            Got hold = sandbox.hold(1_000, "o-1");
            next();
            sandbox.post("/sandbox/intents/" + hold.id() + "/lapse");
            JsonNode canceled = next();
            Got other =
                    sandbox.post(
                            INTENTS,
                            "amount=5",
                            "currency=eur",
                            "confirm=true",
                            "payment_method=pm_sandbox_refund_fails");
            next();
            Got refund = sandbox.post(REFUNDS, "payment_intent=" + other.id());
            JsonNode failed = next();

            assertThat(canceled.at("/type").asText()).isEqualTo("payment_intent.canceled");
            assertThat(canceled.at("/data/object/cancellation_reason").asText())
                    .isEqualTo("automatic");
            assertThat(failed.at("/type").asText()).isEqualTo("charge.refund.updated");
            assertThat(failed.at("/data/object")).isEqualTo(refund.body());
            assertThat(failed.at("/data/object/status").asText()).isEqualTo("failed");
        }
    }

    @Test
    void theSignatureIsStripesAndCoversTimeAndBody() throws Exception {
        try (Sandbox sandbox = Sandbox.tellingTo(url(), folder)) {
            sandbox.hold(1_000, "o-1");
            Told heard = nextTold();

            String time = Long.toString(sandbox.clock.instant().getEpochSecond());
            assertThat(heard.signature())
                    .isEqualTo("t=" + time + ",v1=" + hmac(time + "." + heard.body()));
        }
    }

    @Test
    void theSignatureAgreesWithAValueComputedElsewhere() {
        // printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_quadrille
        assertThat(Webhooks.signature("whsec_quadrille", 1_700_000_000, "{\"id\":\"evt_1\"}"))
                .isEqualTo(
                        "t=1700000000,v1="
                            + "f94a653f0d8e796606f7570d3e51319336a43408bc474ca8db72c147dcdee22e");
    }

    @Test
    void anEventIsTriedAgainUntilItIsTakenAndIsThenTheSame() throws Exception {
        failures.set(3);
        try (Sandbox sandbox = Sandbox.tellingTo(url(), folder)) {
            sandbox.hold(1_000, "o-1");

            Told first = nextTold();
            assertThat(nextTold().body()).isEqualTo(first.body());
            assertThat(nextTold().body()).isEqualTo(first.body());
            assertThat(nextTold().body()).isEqualTo(first.body());
            sandbox.hold(1_000, "o-2");
            assertThat(nextTold().body()).isNotEqualTo(first.body());
        }
    }

    @Test
    void anEventIsGivenUpAfterABoundedNumberOfAttempts() throws Exception {
        failures.set(Webhooks.MAX_ATTEMPTS);
        try (Sandbox sandbox = Sandbox.tellingTo(url(), folder)) {
            String givenUp = sandbox.hold(1_000, "o-1").id();
            for (int i = 0; i < Webhooks.MAX_ATTEMPTS; i++) {
                assertThat(next().at("/data/object/id").asText()).isEqualTo(givenUp);
            }

            String taken = sandbox.hold(1_000, "o-2").id();

            assertThat(next().at("/data/object/id").asText()).isEqualTo(taken);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void aReplayTellsNothing() throws Exception {
        try (Sandbox sandbox = Sandbox.tellingTo(url(), folder)) {
            String[] hold = {
                "amount=5", "currency=eur", "confirm=true", "payment_method=pm_card_visa"
            };
            sandbox.postWithKey("k", INTENTS, hold);
            JsonNode first = next();

            sandbox.postWithKey("k", INTENTS, hold);
            String last = sandbox.hold(1_000, "o-last").id();
            JsonNode second = next();

            assertThat(first.at("/request/idempotency_key").asText()).isEqualTo("k");
            assertThat(second.at("/data/object/id").asText()).isEqualTo(last);
        }
    }

    @Test
    void aListenerThatIsAwayDoesNotHoldUpTheApi() throws Exception {
        URI nobody = url();
        listener.stop(0);
        try (Sandbox sandbox = Sandbox.tellingTo(nobody, folder)) {
            for (int i = 0; i < 50; i++) {
                assertThat(sandbox.hold(1_000, "o-1").status()).isEqualTo(200);
            }
            assertThat(sandbox.ledger("o-1")).hasSize(50);
        }
    }

    private void hear(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean fails = failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
            exchange.sendResponseHeaders(fails ? 500 : 204, -1);
            told.add(new Told(exchange.getRequestHeaders().getFirst("Stripe-Signature"), body));
        }
    }

    private Told nextTold() throws InterruptedException {
        Told next = told.poll(30, SECONDS);
        assertThat(next).as("an event within 30 s").isNotNull();
        return next;
    }

    private JsonNode next() throws InterruptedException {
        return nextTold().json();
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + listener.getAddress().getPort() + "/events");
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(
                new SecretKeySpec(
                        Sandbox.WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
