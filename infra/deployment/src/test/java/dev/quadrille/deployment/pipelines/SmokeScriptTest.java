package dev.quadrille.deployment.pipelines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quadrille.deployment.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `smoke.sh` asks services that behave well and badly, and what it makes of their answers.
class SmokeScriptTest {

    private static final String ORDER = "01a2006c-3afd-7bda-88b3-c0c274920073";
    private static final String GET = "GET /v1/orders/" + ORDER;
    private static final String CANCEL = "POST /v1/orders/" + ORDER + "/cancellation";
    private static final String SCRIPT = "infra/pipelines/smoke.sh";

    @TempDir private Path root;
    private Script script;
    private HttpServer server;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<String> placing = new ArrayDeque<>();
    private final Queue<String> states = new ArrayDeque<>(List.of("PENDING", "CONFIRMED"));

    @BeforeEach
    void services() throws IOException {
        script = new Script(root, SCRIPT).linked("curl");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void aProductIsMadeAnOrderPlacedAwaitedAndTakenBack() throws Exception {
        var run = script.run(SCRIPT, url());

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(run.said())
                .contains("The order " + ORDER + " is placed")
                .contains("The order is confirmed")
                .contains("The order is cancelled again");
        assertThat(asked)
                .containsExactly(
                        "PUT /v1/products/SMOKE-01",
                        "POST /v1/stock/SMOKE-01/adjustments",
                        "POST /v1/orders",
                        "GET /v1/orders/" + ORDER,
                        "GET /v1/orders/" + ORDER,
                        "POST /v1/orders/" + ORDER + "/cancellation");
    }

    @Test
    void aProductThatIsThereIsTakenAndTheCatalogueLeftAlone() throws Exception {
        var run = script.run(SCRIPT, url(), "--sku", "TEA-01");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(asked).first().isEqualTo("POST /v1/orders");
    }

    /// A product takes its way through a topic, and a service that starts has none of its answers
    /// yet.
    @Test
    void whatIsNotThereYetIsAwaited() throws Exception {
        placing.addAll(
                List.of(
                        "503 {\"type\":\"/problems/backlog\"}",
                        "422 {\"type\":\"/problems/unknown-sku\",\"violations\":[]}"));

        var run = script.run(SCRIPT, url(), "--sku", "TEA-01");

        assertThat(run.exitCode()).as(run.said()).isZero();
        assertThat(asked).filteredOn("POST /v1/orders"::equals).hasSize(3);
    }

    @Test
    void whatIsRefusedIsNotTriedAgain() throws Exception {
        placing.add("422 {\"type\":\"/problems/invalid\",\"title\":\"No such currency\"}");

        var run = script.run(SCRIPT, url(), "--sku", "TEA-01");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("Placing an order was refused.")
                .contains("No such currency");
        assertThat(asked).containsExactly("POST /v1/orders");
    }

    @Test
    void anOrderThatIsCancelledFailsAtOnce() throws Exception {
        states.clear();
        states.add("CANCELLED");

        var run = script.run(SCRIPT, url(), "--sku", "TEA-01");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said())
                .contains("The order is CANCELLED (OUT_OF_STOCK), and was to be CONFIRMED.");
    }

    @Test
    void anOrderThatStaysPendingIsAwaitedWithinABound() throws Exception {
        states.clear();
        states.add("PENDING");

        var run = script.run(SCRIPT, url(), "--sku", "TEA-01", "--timeout", "2");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("The order is not CONFIRMED after 2 s.");
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        var nobody = url();
        server.stop(0);

        var run = script.run(SCRIPT, nobody, "--timeout", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.said()).contains("Making a product did not work in 1 s.");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        for (var arguments :
                List.of(
                        List.<String>of(),
                        List.of("localhost:8081"),
                        List.of("http://a", "http://b", "http://c"),
                        List.of("http://a", "--sku", "a\"b"),
                        List.of("http://a", "--timeout", "soon"),
                        List.of("http://a", "--quick"))) {
            assertThat(script.run(SCRIPT, arguments.toArray(String[]::new)).exitCode())
                    .as(arguments.toString())
                    .isEqualTo(2);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        asked.add(request);
        exchange.getRequestBody().readAllBytes();
        var answer =
                switch (request) {
                    case "PUT /v1/products/SMOKE-01" -> "201 {}";
                    case "POST /v1/stock/SMOKE-01/adjustments" -> "201 {}";
                    case "POST /v1/orders" -> {
                        var bad = placing.poll();
                        yield bad == null ? "202 " + order("PENDING") : bad;
                    }
                    case GET ->
                            "200 " + order(states.size() > 1 ? states.remove() : states.element());
                    case CANCEL -> "202 " + order("CANCELLED");
                    default -> "404 {}";
                };
        var body = answer.substring(4).getBytes(UTF_8);
        exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /// With members of the same name further in, as a real one has them.
    private static String order(String state) {
        return "{\"id\":\"%s\",\"status\":\"%s\",\"reason\":\"OUT_OF_STOCK\",\"customer\":{\"id\":\"smoke-test\"},\"lines\":[{\"status\":\"x\"}]}"
                .formatted(ORDER, state);
    }

    private String url() {
        return "http://"
                + server.getAddress().getHostString()
                + ":"
                + server.getAddress().getPort();
    }
}
