package dev.quadrille.order;

import static dev.quadrille.order.Clients.LINES;
import static dev.quadrille.order.Clients.PRICE;
import static dev.quadrille.order.Clients.awaitOrder;
import static dev.quadrille.order.Clients.cancelling;
import static dev.quadrille.order.Clients.place;
import static dev.quadrille.order.Clients.placeShipped;
import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import dev.quadrille.contract.InventoryEvent.StockCommitted;
import dev.quadrille.contract.InventoryEvent.StockReleased;
import dev.quadrille.contract.InventoryEvent.StockReserved;
import dev.quadrille.contract.PaymentEvent.PaymentCaptured;
import dev.quadrille.contract.PaymentEvent.PaymentVoided;
import dev.quadrille.testkit.ServiceOnStack;
import dev.quadrille.testkit.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ServiceOnStack.class)
@TestProfile(TimelineStreamTest.FewStreams.class)
@Timeout(200)
class TimelineStreamTest {

    private static final int MAX_STREAMS = 3;
    private static final int LIMIT_SECONDS = 60;

    public static final class FewStreams implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quadrille.order.max-timeline-streams",
                    Integer.toString(MAX_STREAMS),
                    "quadrille.order.timeline-heartbeat",
                    "PT0.2S");
        }
    }

    private final Wire wire = Wire.ofServiceUnderTest();
    private final List<Reader> readers = new ArrayList<>();

    @BeforeEach
    void catalogueIsKnown() {
        Clients.knowCatalogue(wire);
    }

    @AfterEach
    void nothingStaysOpen() {
        readers.forEach(Reader::close);

        await().atMost(LIMIT_SECONDS, SECONDS).until(() -> openStreams() == 0);
    }

    @Test
    void historyComesFirstThenWhatHappensUntilTheOrderIsSettled() {
        var id = place();
        wire.announce(new StockReserved(id, LINES));
        awaitOrder(id, "stock", "RESERVED");

        var reader = follow(id, null);
        reader.awaitTypes("order-placed", "stock-reserved");
        cancelling(id).then().statusCode(202);
        reader.awaitTypes("order-placed", "stock-reserved", "order-cancelled");
        wire.announce(new StockReleased(id, LINES));
        wire.announce(new PaymentVoided(id));

        reader.awaitEnd();
        assertThat(reader.types()).hasSize(5).contains("stock-released", "payment-voided");
        assertThat(reader.items()).isEqualTo(timeline(id));
        assertThat(reader.ids()).isSorted().doesNotHaveDuplicates();
        assertThat(reader.contentType()).startsWith("text/event-stream");
    }

    @Test
    void ofAnOrderThatIsSettledTheHistoryIsTold() {
        var id = placeSettled();

        var reader = follow(id, null);

        reader.awaitEnd();
        assertThat(reader.items()).isEqualTo(timeline(id));
    }

    @Test
    void theStreamGoesOnAfterTheLastEventThatWasSeen() {
        var id = placeSettled();
        var whole = follow(id, null);
        whole.awaitEnd();

        var rest = follow(id, whole.ids().get(2).toString());

        rest.awaitEnd();
        assertThat(rest.ids()).isEqualTo(whole.ids().subList(3, whole.ids().size()));
    }

    @Test
    void whoHasSeenAllOfASettledOrderIsToldNotToComeBack() {
        var id = placeSettled();
        var whole = follow(id, null);
        whole.awaitEnd();

        given().accept("text/event-stream")
                .header("Last-Event-ID", whole.ids().getLast())
                .get("/v1/orders/{id}/timeline", id)
                .then()
                .statusCode(204);
    }

    @Test
    void twoStreamsAreToldTheSameAndThoseOfOthersNothing() {
        var id = place();
        var other = place();
        var first = follow(id, null);
        var second = follow(id, null);
        var third = follow(other, null);

        cancelling(id).then().statusCode(202);

        first.awaitTypes("order-placed", "order-cancelled");
        second.awaitTypes("order-placed", "order-cancelled");
        third.awaitTypes("order-placed");
    }

    @Test
    void whatAnotherReplicaWritesIsToldToo() throws SQLException {
        var id = place();
        var reader = follow(id, null);
        reader.awaitTypes("order-placed");

        sql(
                """
                insert into timeline (order_id, type, source, sequence, occurred_at)
                values ('%s', 'stock-reserved', '/inventory', 1, now())
                """
                        .formatted(id));
        reader.awaitTypes("order-placed", "stock-reserved");

        sql(
                """
                update orders set status = 'CANCELLED', reason = 'OUT_OF_STOCK', stock = 'REJECTED',
                    settled = true, version = 2 where id = '%s'
                """
                        .formatted(id));
        reader.awaitEnd();
    }

    @Test
    void aLongHistoryIsToldWhole() throws SQLException {
        var id = placeSettled();
        addEntries(id, 1_000, "'stock-reserved'");

        var reader = follow(id, null);

        reader.awaitEnd();
        assertThat(reader.ids()).hasSize(timeline(id).size()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aStreamOnWhichNothingHappensShowsThatItIsThere() {
        var reader = follow(place(), null);

        reader.awaitTypes("order-placed");
        await().atMost(LIMIT_SECONDS, SECONDS)
                .until(() -> reader.lines.stream().filter(": still here"::equals).count() >= 2);
    }

    @Test
    void aClientThatGoesLeavesItsPlaceToAnother() {
        var id = place();
        for (int i = 0; i < MAX_STREAMS; i++) {
            follow(id, null).awaitTypes("order-placed");
        }

        given().accept("text/event-stream")
                .get("/v1/orders/{id}/timeline", id)
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "5")
                .body("type", equalTo("/problems/too-many-streams"));
        readers.removeFirst().close();

        await().atMost(LIMIT_SECONDS, SECONDS).until(() -> openStreams() == MAX_STREAMS - 1);
        follow(id, null).awaitTypes("order-placed");
    }

    @Test
    void aClientThatDoesNotReadIsDisconnected() throws Exception {
        var id = place();
        // 40 MB, more than the buffers of the sockets hold.
        addEntries(id, 4_000, "repeat('x', 5000)");

        try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.getOutputStream()
                    .write(
                            "GET /v1/orders/%s/timeline HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                                    .formatted(id)
                                    .getBytes(StandardCharsets.US_ASCII));
            await().atMost(LIMIT_SECONDS, SECONDS).until(() -> openStreams() == 1);

            await().atMost(LIMIT_SECONDS, SECONDS).until(() -> openStreams() == 0);
            socket.setSoTimeout(LIMIT_SECONDS * 1_000);
            assertThat(told(socket).endsWith("\r\n0\r\n\r\n")).isFalse();
        }
    }

    @Test
    void anUnknownOrderCannotBeFollowed() {
        given().accept("text/event-stream")
                .get("/v1/orders/{id}/timeline", UUID.randomUUID())
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("type", equalTo("/problems/not-found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "99999999999999999999"})
    void aLastEventThatIsNoneIsABadRequest(String lastEventId) {
        given().accept("text/event-stream")
                .header("Last-Event-ID", lastEventId)
                .get("/v1/orders/{id}/timeline", place())
                .then()
                .statusCode(400)
                .body("violations.field", hasItem("Last-Event-ID"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*/*", "application/json", "application/*", "text/event-stream;q=0.1, */*"})
    void whoDoesNotAskForAStreamGetsAPage(String accept) {
        given().accept(accept)
                .get("/v1/orders/{id}/timeline", place())
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("items", hasSize(1));
    }

    @Test
    void theHeadOfAStreamEndsAtOnce() {
        given().accept("text/event-stream")
                .head("/v1/orders/{id}/timeline", place())
                .then()
                .statusCode(200)
                .contentType("text/event-stream");
    }

    /// What was on its way when the connection was closed.
    private static String told(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException _) {
            return "";
        }
    }

    private UUID placeSettled() {
        var id = placeShipped(wire);
        wire.announce(new StockCommitted(id, LINES));
        wire.announce(new PaymentCaptured(id, PRICE));
        awaitOrder(id, "settled", true);
        return id;
    }

    /// @param type in SQL
    private void addEntries(UUID id, int count, String type) throws SQLException {
        sql(
                """
                insert into timeline (order_id, type, source, sequence, occurred_at)
                select '%s', %s, '/inventory', n, now() from generate_series(1, %d) as n
                """
                        .formatted(id, type, count));
    }

    private void sql(String statement) throws SQLException {
        try (var connection = ServiceOnStack.database();
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static List<Map<String, Object>> timeline(UUID id) {
        return given().get("/v1/orders/{id}/timeline", id)
                .then()
                .statusCode(200)
                .extract()
                .path("items");
    }

    private static int openStreams() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("quadrille_timeline_streams"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private Reader follow(UUID id, String lastEventId) {
        var reader = new Reader(id, lastEventId);
        readers.add(reader);
        return reader;
    }

    /// A client of a stream, in a thread of its own.
    private static final class Reader implements AutoCloseable {

        private final HttpClient client = HttpClient.newHttpClient();
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final HttpResponse<java.util.stream.Stream<String>> response;
        private final Thread thread;
        private volatile boolean whole;

        Reader(UUID id, String lastEventId) {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://localhost:%d/v1/orders/%s/timeline"
                                                    .formatted(RestAssured.port, id)))
                            .header("Accept", "text/event-stream");
            if (lastEventId != null) {
                request.header("Last-Event-ID", lastEventId);
            }
            try {
                response = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            assertThat(response.statusCode()).isEqualTo(200);
            thread = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (var body = response.body()) {
                body.forEach(lines::add);
                whole = true;
            } catch (java.io.UncheckedIOException _) {
                // The test has gone away.
            }
        }

        String contentType() {
            return response.headers().firstValue("Content-Type").orElse("");
        }

        List<String> types() {
            return fields("event: ");
        }

        List<Long> ids() {
            return fields("id: ").stream().map(Long::valueOf).toList();
        }

        List<Map<String, Object>> items() {
            return fields("data: ").stream()
                    .map(data -> new JsonPath(data).<Map<String, Object>>get("$"))
                    .toList();
        }

        private List<String> fields(String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()))
                    .toList();
        }

        void awaitTypes(String... types) {
            await().atMost(LIMIT_SECONDS, SECONDS)
                    .untilAsserted(() -> assertThat(types()).containsExactly(types));
        }

        void awaitEnd() {
            await().atMost(LIMIT_SECONDS, SECONDS).until(() -> !thread.isAlive());
            assertThat(whole).isTrue();
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
