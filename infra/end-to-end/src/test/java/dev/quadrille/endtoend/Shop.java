package dev.quadrille.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.testkit.Invariants;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import jakarta.mail.BodyPart;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A shop with a customer of its own, and what a stranger sees of its orders: over HTTP, in the
/// provider's ledger, in the mailbox. A request is sent once, and its answer is what it is.
final class Shop implements AutoCloseable {

    static final int PRICE_MINOR = 450;

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String DATA = "data:";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestStack stack;
    private final String customer = UUID.randomUUID() + "@example.com";
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();
    private final Map<String, UUID> accepted = new ConcurrentHashMap<>();

    Shop(TestStack stack) {
        this.stack = stack;
    }

    /// @param etag empty if there is none
    record Answer(int status, JsonNode body, String etag) {}

    /// @param text of the part that is plain
    record Mail(String subject, String text) {}

    /// Puts a product with a stock into the catalogue, under a new name.
    String sell(int onHand) {
        var sku = "TEA-" + UUID.randomUUID();
        var product =
                "{\"name\":\"Green tea\",\"price\":{\"amountMinor\":%d,\"currency\":\"EUR\"}}"
                        .formatted(PRICE_MINOR);
        var listed =
                send(
                        request("inventory", "/v1/products/" + sku)
                                .PUT(BodyPublishers.ofString(product)));
        assertThat(listed.status()).isEqualTo(201);
        var delivery = "{\"delta\":%d,\"reason\":\"delivery\"}".formatted(onHand);
        assertThat(post("inventory", "/v1/stock/" + sku + "/adjustments", delivery).status())
                .isEqualTo(201);
        return sku;
    }

    /// Places an order, and waits until the order service has heard of the product.
    UUID place(String sku, int quantity, String paymentMethod) {
        var key = UUID.randomUUID().toString();
        var order =
                """
                {"customer":{"id":"c-1","email":"%s"},"currency":"EUR",\
                "lines":[{"sku":"%s","quantity":%d}],"paymentMethod":"%s"}\
                """
                        .formatted(customer, sku, quantity, paymentMethod);
        var answer =
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(POLL)
                        .until(
                                () ->
                                        send(
                                                request("order", "/v1/orders")
                                                        .header("Idempotency-Key", key)
                                                        .POST(BodyPublishers.ofString(order))),
                                placed -> placed.status() != 422);
        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        var id = UUID.fromString(answer.body().path("id").asText());
        accepted.put(key, id);
        return id;
    }

    Answer cancel(UUID id) {
        return command(id, "cancellation", "{\"reason\":\"changed my mind\"}");
    }

    Answer ship(UUID id, String trackingNumber) {
        return command(id, "shipment", parcel(trackingNumber));
    }

    Answer takeBack(UUID id) {
        return command(id, "return", "{\"reason\":\"too green\"}");
    }

    /// @param etag of the only version that it is meant for
    Answer shipIf(String etag, UUID id, String trackingNumber) {
        return send(
                request("order", "/v1/orders/" + id + "/shipment")
                        .header("If-Match", etag)
                        .POST(BodyPublishers.ofString(parcel(trackingNumber))));
    }

    Answer order(UUID id) {
        return get("order", "/v1/orders/" + id);
    }

    /// Waits until an order shows this.
    ///
    /// @return the order
    JsonNode awaitOrder(UUID id, String member, String value) {
        return awaitOrder(id, order -> order.path(member).asText().equals(value));
    }

    /// Waits until an order is not PENDING any more.
    ///
    /// @return the order
    JsonNode awaitOutcome(UUID id) {
        return awaitOrder(id, order -> !order.path("status").asText().equals("PENDING"));
    }

    JsonNode payment(UUID id) {
        return get("payment", "/v1/payments/" + id).body();
    }

    JsonNode reservation(UUID id) {
        return get("inventory", "/v1/reservations/" + id).body();
    }

    JsonNode stock(String sku) {
        return get("inventory", "/v1/stock/" + sku).body();
    }

    /// The provider's books about an order.
    List<JsonNode> ledger(UUID id) {
        return items(get("payment-sandbox", "/sandbox/ledger?orderId=" + id));
    }

    /// The changes of a stock, the first 200.
    List<JsonNode> stockLedger(String sku) {
        return items(get("inventory", "/v1/stock/" + sku + "/ledger?limit=200"));
    }

    List<JsonNode> timeline(UUID id) {
        return items(get("order", "/v1/orders/" + id + "/timeline"));
    }

    /// Follows an order's timeline as server-sent events, until the server ends it.
    ///
    /// @param each gets what has happened, as it comes
    void follow(UUID id, Consumer<JsonNode> each) throws IOException, InterruptedException {
        var request =
                request("order", "/v1/orders/" + id + "/timeline")
                        .header("Accept", "text/event-stream")
                        .GET();
        var response = http.send(request.build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
        try (var lines = response.body()) {
            var data = lines.filter(line -> line.startsWith(DATA)).iterator();
            while (data.hasNext()) {
                each.accept(JSON.readTree(data.next().substring(DATA.length())));
            }
        }
    }

    List<JsonNode> unsettled() {
        return items(get("order", "/v1/ops/unsettled?olderThan=PT0S"));
    }

    /// What lies in the customer's mailbox, by IMAP.
    List<Mail> mails() {
        var properties = new Properties();
        properties.setProperty("mail.imap.port", Integer.toString(stack.port("mail.imap.port")));
        try (var store = Session.getInstance(properties).getStore("imap")) {
            store.connect("localhost", customer, "any");
            try (var inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                var mails = new ArrayList<Mail>();
                for (var message : inbox.getMessages()) {
                    mails.add(mail(message));
                }
                return mails;
            }
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String customer() {
        return customer;
    }

    Set<UUID> orders() {
        return Set.copyOf(accepted.values());
    }

    /// Waits until nobody owes this shop's orders anything, and judges them all.
    void assertEverythingHolds(Witness witness, Duration atMost) {
        witness.awaitRest(orders(), atMost);
        var seen = witness.look(List.of(customer)).about(orders());

        assertThat(Invariants.breaches(seen, Map.copyOf(accepted))).isEmpty();
        assertThat(witness.leaks()).as("I15").isEmpty();
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonNode awaitOrder(UUID id, Predicate<JsonNode> wish) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> order(id).body(), wish);
    }

    private Answer command(UUID id, String command, String body) {
        return post("order", "/v1/orders/" + id + "/" + command, body);
    }

    private static String parcel(String trackingNumber) {
        return "{\"carrier\":\"Snail\",\"trackingNumber\":\"%s\"}".formatted(trackingNumber);
    }

    private Answer get(String service, String path) {
        return send(request(service, path).GET());
    }

    private Answer post(String service, String path, String body) {
        return send(request(service, path).POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String service, String path) {
        return HttpRequest.newBuilder(URI.create(stack.url(service) + path))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json");
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    JSON.readTree(response.body()),
                    response.headers().firstValue("ETag").orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<JsonNode> items(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return StreamSupport.stream(answer.body().path("items").spliterator(), false).toList();
    }

    private Mail mail(Message message) throws MessagingException, IOException {
        assertThat(message.getAllRecipients())
                .extracting(Object::toString)
                .containsExactly(customer);
        return new Mail(
                message.getSubject(),
                plain(message.getContent()).findFirst().orElseThrow().replace("\r\n", "\n"));
    }

    private static Stream<String> plain(Object content) throws MessagingException, IOException {
        if (content instanceof String text) {
            return Stream.of(text);
        }
        var texts = new ArrayList<String>();
        if (content instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart part = parts.getBodyPart(i);
                if (!part.isMimeType("text/*") || part.isMimeType("text/plain")) {
                    plain(part.getContent()).forEach(texts::add);
                }
            }
        }
        return texts.stream();
    }
}
