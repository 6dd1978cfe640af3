package dev.quadrille.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/// A few clients that place orders steadily, as good clients do: with an Idempotency-Key, and again
/// until there is an answer. Of ten orders, six are to be confirmed, two are declined, one is
/// cancelled by the customer, and one is for more than there is.
///
/// Of those to be confirmed, somebody ships two a little later and takes one of them back, without
/// looking first: what was not confirmed by then is refused, and so is a cancellation that comes
/// too late.
public final class Shoppers implements AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final long PRICE_MINOR = 450;
    private static final int ON_HAND = 10_000_000;
    private static final int MORE_THAN_THERE_IS = 1_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestStack stack;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String sku;
    private final String scarceSku;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_LIMIT).build();
    private final Map<String, UUID> accepted = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final List<String> faults = java.util.Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger count = new AtomicInteger();
    private final Queue<UUID> toShip = new ConcurrentLinkedQueue<>();
    private final AtomicInteger keptParcels = new AtomicInteger();
    private final AtomicInteger returnedParcels = new AtomicInteger();
    private final Queue<UUID> toTakeBack = new ConcurrentLinkedQueue<>();
    private final List<String> orderUrls;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile String goodMethod = "pm_card_visa";
    private ScheduledExecutorService clients = Executors.newScheduledThreadPool(1);

    private Shoppers(TestStack stack) {
        this.stack = stack;
        this.sku = "TEA-" + run;
        this.scarceSku = "RARE-" + run;
        this.orderUrls =
                stack.services().stream()
                        .filter(service -> service.matches("order(-[0-9]+)?"))
                        .map(stack::url)
                        .toList();
    }

    /// Has something to sell, and waits until the order service knows it.
    public static Shoppers of(TestStack stack) {
        var shoppers = new Shoppers(stack);
        shoppers.sell(shoppers.sku, ON_HAND);
        shoppers.sell(shoppers.scarceSku, 1);
        return shoppers;
    }

    /// Has all good orders from now on paid in another way than by a card that always works.
    public Shoppers payWith(String paymentMethod) {
        goodMethod = paymentMethod;
        return this;
    }

    /// Begins to order.
    ///
    /// @param perSecond orders of all clients together, as long as they are answered at once
    public void begin(int number, int perSecond) {
        clients.shutdown();
        clients = Executors.newScheduledThreadPool(number);
        long pauseMicros = 1_000_000L * number / perSecond;
        for (int i = 0; i < number; i++) {
            var _ =
                    clients.scheduleWithFixedDelay(
                            this::shop,
                            i * pauseMicros / number,
                            pauseMicros,
                            TimeUnit.MICROSECONDS);
        }
    }

    /// Lets the clients end what they have begun.
    public void end() {
        clients.shutdown();
        try {
            if (!clients.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                faults.add("a client still waits for its answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Places one order, again until there is an answer, and remembers it.
    ///
    /// @param quantity of what there is plenty of
    public UUID place(String paymentMethod, int quantity) {
        return place(sku, paymentMethod, quantity);
    }

    /// Places one order for what another test sells.
    public UUID place(String wantedSku, String paymentMethod, int quantity) {
        var key = UUID.randomUUID().toString();
        var id =
                UUID.fromString(
                        patiently("/v1/orders", key, order(wantedSku, paymentMethod, quantity)));
        accepted.put(key, id);
        return id;
    }

    /// @return whether it was done; if not, the order was not in a state for it
    public boolean cancel(UUID id) {
        return change(
                id,
                "cancellation",
                "{\"reason\":\"changed my mind\"}",
                Set.of("SHIPPED", "RETURNED"));
    }

    /// @return whether it was done; if not, the order was not in a state for it
    public boolean ship(UUID id) {
        return change(
                id,
                "shipment",
                "{\"carrier\":\"Snail\",\"trackingNumber\":\"%s\"}".formatted(id),
                Set.of("PENDING", "CANCELLED", "RETURNED"));
    }

    /// @return whether it was done; if not, the order was not in a state for it
    public boolean takeBack(UUID id) {
        return change(
                id,
                "return",
                "{\"reason\":\"too green\"}",
                Set.of("PENDING", "CONFIRMED", "CANCELLED"));
    }

    /// Puts a product with a stock into the catalogue.
    public void sell(String newSku, int onHand) {
        var inventory = stack.url("inventory");
        var product =
                "{\"name\":\"Tea\",\"price\":{\"amountMinor\":%d,\"currency\":\"EUR\"}}"
                        .formatted(PRICE_MINOR);
        expect(
                send(
                        request(inventory + "/v1/products/" + newSku)
                                .PUT(BodyPublishers.ofString(product))),
                201);
        expect(
                send(
                        request(inventory + "/v1/stock/" + newSku + "/adjustments")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"delta\":%d,\"reason\":\"delivery\"}"
                                                        .formatted(onHand)))),
                201);
        // By Kafka; this order is remembered as every other.
        var key = UUID.randomUUID().toString();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> {
                    var answer = post("/v1/orders", key, order(newSku, "pm_card_visa", 1));
                    if (answer.status() == 202) {
                        accepted.put(key, UUID.fromString(answer.body().path("id").asText()));
                    }
                    return answer.status() == 202;
                });
    }

    /// Which order each key was told to be.
    public Map<String, UUID> accepted() {
        return Map.copyOf(accepted);
    }

    /// Whose mailbox gets the mails.
    public String customer() {
        return run + "@example.com";
    }

    /// What a client cannot live with.
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /// Asks again for orders that were accepted, with the same key and body.
    ///
    /// @return the answers that are not the same order
    public List<String> askAgain(int atMost) {
        var wrong = new ArrayList<String>();
        new HashMap<>(accepted)
                .entrySet().stream()
                        .filter(entry -> bodies.containsKey(entry.getKey()))
                        .limit(atMost)
                        .forEach(entry -> {
                            var body = bodies.getOrDefault(entry.getKey(), "");
                            var again = patiently("/v1/orders", entry.getKey(), body);
                            if (!again.equals(entry.getValue().toString())) {
                                wrong.add(entry + " is now " + again);
                            }
                        });
        return wrong;
    }

    @Override
    public void close() {
        clients.shutdownNow();
        http.close();
    }

    private void shop() {
        try {
            switch (count.getAndIncrement() % 10) {
                case 3, 7 -> place("pm_card_chargeDeclined", 1);
                case 5 -> cancel(place(goodMethod, 2));
                case 9 -> place(scarceSku, goodMethod, MORE_THAN_THERE_IS);
                case 0, 4 -> toShip.add(place(goodMethod, 1));
                case 2 -> {
                    place(goodMethod, 1);
                    shipOne(true);
                }
                case 6 -> {
                    place(goodMethod, 1);
                    takeOneBack();
                    shipOne(false);
                }
                default -> place(goodMethod, 1);
            }
        } catch (RuntimeException e) {
            faults.add(e.toString());
        }
    }

    /// Whether some of what was ordered has been shipped for good, and some has come back.
    public boolean haveShippedAndTakenBack() {
        return keptParcels.get() > 0 && returnedParcels.get() > 0;
    }

    /// One that cannot be shipped yet is tried again when it is its turn.
    private void shipOne(boolean comesBack) {
        var id = toShip.poll();
        if (id == null) {
            return;
        }
        if (!ship(id)) {
            toShip.add(id);
        } else if (comesBack) {
            toTakeBack.add(id);
        } else {
            keptParcels.incrementAndGet();
        }
    }

    private void takeOneBack() {
        var id = toTakeBack.poll();
        if (id != null && !takeBack(id)) {
            throw new IllegalStateException("order " + id + " was shipped and cannot come back");
        }
        if (id != null) {
            returnedParcels.incrementAndGet();
        }
    }

    private boolean change(UUID id, String change, String body, Set<String> inTheWay) {
        try {
            patiently("/v1/orders/" + id + "/" + change, "", body);
            return true;
        } catch (Refused refused) {
            var order = refused.problem.path("order");
            if (!order.path("id").asText().equals(id.toString())
                    || !inTheWay.contains(order.path("status").asText())) {
                throw refused;
            }
            return false;
        }
    }

    /// @return the id of the order
    private String patiently(String path, String key, String body) {
        if (!key.isEmpty()) {
            bodies.put(key, body);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        var last = "no answer";
        while (System.nanoTime() < end) {
            int replica = unanswered.get();
            try {
                var answer = post(path, key, body);
                if (answer.status() == 202 || answer.status() == 200) {
                    return answer.body().path("id").asText();
                }
                last = answer.status() + " " + answer.body();
                if (answer.status() == 409) {
                    throw new Refused(answer.body());
                }
                if (answer.status() < 500) {
                    break;
                }
            } catch (Unanswered e) {
                last = e.toString();
                // Everybody goes to the next replica, once.
                unanswered.compareAndSet(replica, replica + 1);
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
        throw new IllegalStateException(path + ": " + last);
    }

    private Answer post(String path, String key, String body) {
        var url = orderUrls.get(Math.floorMod(unanswered.get(), orderUrls.size()));
        var request = request(url + path).POST(BodyPublishers.ofString(body));
        return send(key.isEmpty() ? request : request.header("Idempotency-Key", key));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (IOException e) {
            throw new Unanswered(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json");
    }

    private static void expect(Answer answer, int status) {
        if (answer.status() != status) {
            throw new IllegalStateException("not " + status + " but " + answer);
        }
    }

    private String order(String wantedSku, String paymentMethod, int quantity) {
        return """
        {"customer":{"id":"c-1","email":"%s"},"currency":"EUR",\
        "lines":[{"sku":"%s","quantity":%d}],"paymentMethod":"%s"}\
        """
                .formatted(customer(), wantedSku, quantity, paymentMethod);
    }

    private record Answer(int status, JsonNode body) {}

    /// The order is not in a state for it.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient JsonNode problem;

        Refused(JsonNode problem) {
            super("409 " + problem);
            this.problem = problem;
        }
    }

    /// Nobody knows whether the request was carried out.
    private static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unanswered(IOException cause) {
            super(cause);
        }
    }
}
