package dev.quadrille.payment;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quadrille.contract.Customer;
import dev.quadrille.contract.EmailAddress;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.Money;
import dev.quadrille.contract.OrderEvent.OrderPlaced;
import dev.quadrille.contract.OrderLine;
import dev.quadrille.contract.PaymentMethod;
import dev.quadrille.contract.StockLine;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A provider without a search, which answers each authorization with a 500.
@QuarkusTest
@TestProfile(WithoutSearchTest.Impatient.class)
@QuarkusTestResource(ServiceOnStack.class)
class WithoutSearchTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    public static final class Impatient implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(NoSearch.class));
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quadrille.payment.provider.give-up-after", "PT1S");
        }
    }

    /// It holds what is to be paid by `pm_held`, and shows it on the second page of its list.
    public static final class NoSearch implements QuarkusTestResourceLifecycleManager {

        private static final Pattern ORDER = Pattern.compile("metadata\\[orderId]=([0-9a-f-]{36})");

        private final Map<String, Long> heldSince = new ConcurrentHashMap<>();
        private HttpServer server;

        @Override
        public Map<String, String> start() {
            try {
                server =
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/v1/payment_intents", this::answer);
            server.start();
            return Map.of(
                    "quadrille.payment.provider.url",
                    "http://localhost:" + server.getAddress().getPort());
        }

        @Override
        public void stop() {
            server.stop(0);
        }

        /// After the stack's, whose settings it replaces.
        @Override
        public int order() {
            return 1;
        }

        private void answer(HttpExchange http) throws IOException {
            var body =
                    URLDecoder.decode(
                            new String(
                                    http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                            StandardCharsets.UTF_8);
            var uri = http.getRequestURI();
            if (uri.getPath().endsWith("/search")) {
                answer(http, 403, "{\"error\": {\"type\": \"invalid_request_error\"}}");
            } else if (http.getRequestMethod().equals("POST")) {
                var order = ORDER.matcher(body);
                if (order.find() && body.contains("pm_held")) {
                    heldSince.putIfAbsent(order.group(1), Instant.now().getEpochSecond());
                }
                answer(http, 500, "{\"error\": {\"type\": \"api_error\"}}");
            } else if (uri.getQuery().contains("starting_after=pi_other")) {
                var items = heldSince.entrySet().stream().map(NoSearch::intent).toList();
                answer(http, 200, page(String.join(",", items), false));
            } else {
                var other = Map.entry(UUID.randomUUID().toString(), 1L);
                answer(
                        http,
                        200,
                        page(intent(other).replace("pi_" + other.getKey(), "pi_other"), true));
            }
        }

        private static String page(String items, boolean more) {
            return "{\"object\": \"list\", \"data\": [" + items + "], \"has_more\": " + more + "}";
        }

        private static String intent(Map.Entry<String, Long> held) {
            return """
            {"id": "pi_%s", "status": "requires_capture", "amount": 900, "currency": "eur", "created": %d,
             "metadata": {"orderId": "%s"}}
            """
                    .formatted(held.getKey(), held.getValue(), held.getKey());
        }

        private static void answer(HttpExchange http, int status, String json) throws IOException {
            var bytes = json.getBytes(StandardCharsets.UTF_8);
            http.getResponseHeaders().add("Content-Type", "application/json");
            http.sendResponseHeaders(status, bytes.length);
            try (var out = http.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();
    private final UUID id = UUID.randomUUID();

    @ParameterizedTest
    @CsvSource({"pm_held, AUTHORIZED", "pm_lost, DECLINED"})
    void whatIsNotAskedForAnyMoreIsSoughtInTheListAndThenGivenUp(String method, String state) {
        var now = Instant.now();
        wire.announce(
                new OrderPlaced(
                        id,
                        new Customer("c-1", new EmailAddress("ada@example.com")),
                        List.of(new OrderLine("TEA-01", "Tea", 2, new Money(450, "EUR"))),
                        new Money(900, "EUR"),
                        new PaymentMethod(method),
                        now,
                        now.plusSeconds(120)));
        wire.announce(new StockReserved(id, List.of(new StockLine("TEA-01", 2))));

        await().atMost(LIMIT)
                .untilAsserted(() ->
                        given().get("/v1/payments/{id}", id)
                                .then()
                                .statusCode(200)
                                .body("state", equalTo(state))
                                .body(
                                        "declineCode",
                                        equalTo(
                                                state.equals("DECLINED")
                                                        ? "provider_error"
                                                        : null)));
    }
}
