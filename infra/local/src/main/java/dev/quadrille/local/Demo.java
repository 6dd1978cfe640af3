package dev.quadrille.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quadrille.local.Shop.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Shows the dance: places orders that end in different ways, waits for each to end, and prints
/// what happened to it and how many milliseconds lay between. It works on whatever data it finds.
final class Demo {

    private static final String TEA = "DEMO-TEA";
    private static final String POT = "DEMO-POT";
    private static final String RARE = "DEMO-RARE";
    private static final int POT_MINOR = 3_900;
    private static final int PLENTY = 1_000;

    private static final String DEADLINE = "QUADRILLE_ORDER_DEADLINE";
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final int WARM_UP_ORDERS = 200;
    private static final int TIMED_ORDERS = 40;
    private static final int MAX_P50_MS = 100;

    private final Shop shop;
    private final Console console;
    private int wrong;

    private Demo(Shop shop, Console console) {
        this.shop = shop;
        this.console = console;
    }

    /// What a stack that is started for the demo is told, unless the person said otherwise: orders
    /// are given so little time that one can be seen to run out of it.
    static Map<String, String> stackEnvironment() {
        return System.getenv(DEADLINE) == null
                ? Map.of(DEADLINE, Endings.SHORT_DEADLINE.toString())
                : Map.of();
    }

    /// @return the exit code: 0 if every order ended as it should
    static int run(StackState stack, Console console) throws InterruptedException {
        try (var shop = new Shop(stack)) {
            return new Demo(shop, console).run();
        } catch (IOException e) {
            console.fault(
                    "The demo could not reach a service: "
                            + e
                            + ". Remedy: look at ./run.sh status and ./run.sh logs.");
            return 1;
        }
    }

    /// What there is to be seen of the services while they work: orders that end in every way.
    ///
    /// @return how many ended otherwise than they should
    static int exercise(StackState stack, Console console)
            throws IOException, InterruptedException {
        try (var shop = new Shop(stack)) {
            var demo = new Demo(shop, console);
            demo.fillCatalogue();
            demo.measure();
            demo.showUnknownSku();
            return demo.wrong + new Endings(shop, console).show(POT, POT_MINOR, RARE);
        }
    }

    private void fillCatalogue() throws IOException, InterruptedException {
        list(TEA, "Green tea", 450, PLENTY);
        list(POT, "Tea pot", POT_MINOR, PLENTY);
        list(RARE, "Rare bowl", 19_900, 1);
    }

    private int run() throws IOException, InterruptedException {
        console.line("");
        console.line("A small catalogue: green tea, a tea pot, and one rare bowl.");
        fillCatalogue();

        show(
                "An order that goes well",
                Shop.order("pm_card_visa", Shop.line(TEA, 2), Shop.line(POT, 1)),
                new End("CONFIRMED", null, "RESERVED", "AUTHORIZED"));
        show(
                "A card that is declined: what was reserved is released",
                Shop.order("pm_card_chargeDeclinedInsufficientFunds", Shop.line(TEA, 1)),
                new End("CANCELLED", "PAYMENT_DECLINED", "RELEASED", "DECLINED"));
        show(
                "More than there is: nothing is reserved, nothing is charged",
                Shop.order("pm_card_visa", Shop.line(TEA, 1), Shop.line(RARE, 2)),
                new End("CANCELLED", "OUT_OF_STOCK", "REJECTED", "NONE"));
        showCancelled();
        showUnknownSku();
        measure();
        heading("Every way to end, one order each; amounts in EUR at the payment provider");
        wrong += new Endings(shop, console).show(POT, POT_MINOR, RARE);

        console.line("");
        if (wrong > 0) {
            console.fault(
                    wrong
                            + (wrong == 1 ? " order" : " orders")
                            + " ended otherwise than they should. Remedy: ./run.sh logs");
            return 1;
        }
        console.line("Every order ended as it should. The stack goes on: ./run.sh stop ends it.");
        return 0;
    }

    /// How an order should end; null for what need not be there.
    private record End(String status, @Nullable String reason, String stock, String payment) {

        boolean isOf(JsonNode order) {
            return status.equals(order.path("status").asText())
                    && (reason == null || reason.equals(order.path("reason").asText()))
                    && stock.equals(order.path("stock").asText())
                    && payment.equals(order.path("payment").asText());
        }
    }

    private void show(String title, String body, End end) throws IOException, InterruptedException {
        heading(title);
        var placed = shop.place(body);
        judge(placed, end);
    }

    private void showCancelled() throws IOException, InterruptedException {
        heading("A customer who cancels: what was reserved and held is let go");
        var placed = shop.place(Shop.order("pm_card_visa", Shop.line(POT, 1)));
        await(placed, new End("CONFIRMED", null, "RESERVED", "AUTHORIZED"));
        var answer =
                shop.post(
                        Port.ORDER,
                        "/v1/orders/" + id(placed) + "/cancellation",
                        "{\"reason\":\"changed my mind\"}");
        if (answer.status() != 202) {
            wrong("the cancellation was answered with " + answer.status());
        }
        judge(placed, new End("CANCELLED", "CUSTOMER_REQUEST", "RELEASED", "VOIDED"));
    }

    private void showUnknownSku() throws IOException, InterruptedException {
        heading("A sku that nobody knows: refused at once, nothing is stored");
        var answer =
                shop.post(
                        Port.ORDER,
                        "/v1/orders",
                        Shop.order("pm_card_visa", Shop.line("NO-SKU", 1)));
        console.line("  " + answer.status() + " " + answer.body());
        if (answer.status() != 422
                || !answer.body().path("type").asText().equals("/problems/unknown-sku")) {
            wrong("it should have been 422 /problems/unknown-sku");
        }
    }

    /// One after the other on a stack that has nothing else to do.
    private void measure() throws IOException, InterruptedException {
        heading("How long an order takes from POST to CONFIRMED");
        var confirmed = new End("CONFIRMED", null, "RESERVED", "AUTHORIZED");
        var warmUp = new ArrayList<JsonNode>();
        for (int i = 0; i < WARM_UP_ORDERS; i++) {
            warmUp.add(shop.place(Shop.order("pm_card_visa", Shop.line(TEA, 1))));
        }
        for (var placed : warmUp) {
            await(placed, confirmed);
        }
        var millis = new ArrayList<Double>();
        for (int i = 0; i < TIMED_ORDERS; i++) {
            var begun = Instant.now();
            var placed = shop.place(Shop.order("pm_card_visa", Shop.line(TEA, 1)));
            await(placed, confirmed);
            for (var event : timeline(placed)) {
                if (event.type().equals("order-confirmed")) {
                    millis.add(millisBetween(begun, event.at()));
                }
            }
        }
        millis.sort(Comparator.naturalOrder());
        if (millis.size() < TIMED_ORDERS) {
            wrong("only " + millis.size() + " of " + TIMED_ORDERS + " orders were confirmed");
            return;
        }
        double p50 = millis.get(millis.size() / 2);
        console.line(
                String.format(
                        Locale.ROOT,
                        "  %d orders, one at a time, after %d to warm up: p50 %.0f ms, from %.0f to"
                                + " %.0f ms (aim: p50 under %d ms)",
                        millis.size(),
                        WARM_UP_ORDERS,
                        p50,
                        millis.getFirst(),
                        millis.getLast(),
                        MAX_P50_MS));
    }

    private void judge(JsonNode placed, End end) throws IOException, InterruptedException {
        var order = await(placed, end);
        var mail = awaitMail(placed);
        var events = timeline(placed);
        var last = events.getFirst().at();
        for (var event : events) {
            console.line(
                    String.format(
                            Locale.ROOT,
                            "  %+8.1f ms  %-20s %s",
                            millisBetween(last, event.at()),
                            event.type(),
                            event.source()));
            last = event.at();
        }
        console.line("              mail to the customer " + mail);
        var is =
                order.path("status").asText()
                        + (order.path("reason").isNull()
                                ? ""
                                : " (" + order.path("reason").asText() + ")")
                        + ", stock "
                        + order.path("stock").asText()
                        + ", payment "
                        + order.path("payment").asText();
        if (end.isOf(order) && mail.equals("SENT")) {
            console.line("  " + is + ": as it should be");
        } else {
            wrong(is + ", mail " + mail + ", but it should be " + end + " with its mail SENT");
        }
    }

    /// An order that is settled otherwise does not move any more.
    private JsonNode await(JsonNode placed, End end) throws IOException, InterruptedException {
        return shop.await(
                        Port.ORDER,
                        "/v1/orders/" + id(placed),
                        END_LIMIT,
                        answer ->
                                end.isOf(answer.body())
                                        || answer.body().path("settled").asBoolean())
                .body();
    }

    /// The state of the newest notification, once none is pending.
    private String awaitMail(JsonNode placed) throws IOException, InterruptedException {
        var items =
                shop.await(
                                Port.NOTIFICATION,
                                "/v1/notifications?orderId=" + id(placed),
                                END_LIMIT,
                                Demo::allSent)
                        .body()
                        .path("items");
        return items.isEmpty() ? "NONE" : items.path(items.size() - 1).path("state").asText();
    }

    private static boolean allSent(Answer notifications) {
        var items = notifications.body().path("items");
        return !items.isEmpty()
                && StreamSupport.stream(items.spliterator(), false)
                        .allMatch(item -> item.path("state").asText().equals("SENT"));
    }

    private record Event(String type, String source, Instant at) {}

    private List<Event> timeline(JsonNode placed) throws IOException, InterruptedException {
        var items =
                shop.get(Port.ORDER, "/v1/orders/" + id(placed) + "/timeline").body().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .map(item ->
                        new Event(
                                item.path("type").asText(),
                                item.path("source").asText(),
                                Instant.parse(item.path("at").asText())))
                .sorted(Comparator.comparing(Event::at))
                .toList();
    }

    private void list(String sku, String name, int priceMinor, int available)
            throws IOException, InterruptedException {
        expect(
                shop.put(
                        Port.INVENTORY,
                        "/v1/products/" + sku,
                        "{\"name\":\"%s\",\"price\":{\"amountMinor\":%d,\"currency\":\"EUR\"}}"
                                .formatted(name, priceMinor)));
        long there =
                expect(shop.get(Port.INVENTORY, "/v1/stock/" + sku)).path("available").asLong();
        if (there < available) {
            expect(
                    shop.post(
                            Port.INVENTORY,
                            "/v1/stock/" + sku + "/adjustments",
                            "{\"delta\":%d,\"reason\":\"for the demo\"}"
                                    .formatted(available - there)));
        }
    }

    private static JsonNode expect(Answer answer) throws IOException {
        if (answer.status() != 200 && answer.status() != 201) {
            throw new IOException("the inventory answered with " + answer);
        }
        return answer.body();
    }

    private void heading(String title) {
        console.line("");
        console.line(title);
    }

    private void wrong(String what) {
        wrong++;
        console.fault("  " + what);
    }

    private static String id(JsonNode order) {
        return order.path("id").asText();
    }

    private static double millisBetween(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
