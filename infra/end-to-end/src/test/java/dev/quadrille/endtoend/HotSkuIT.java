package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.Shop.PRICE_MINOR;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.testkit.Evidence;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Everybody wants the same.
class HotSkuIT {

    private static final int ORDERS = 1_000;
    private static final int UNITS = 100;
    private static final int WARM_UP_ORDERS = 200;
    private static final int CLIENTS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

    private static TestStack stack;

    private Shop shop;
    private Witness witness;

    @BeforeAll
    static void start() {
        stack = TestStack.whole();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(stack);
        shop = new Shop(stack);
    }

    @AfterEach
    void closeTheShop() {
        witness.mailbox(shop.customer()).empty();
        shop.close();
        witness.close();
    }

    @Test
    void aThousandOrdersForAHundredUnitsSellAHundred() {
        var sku = shop.sell(UNITS);
        var impossible = new ConcurrentLinkedQueue<String>();
        var warmUp = shop.sell(WARM_UP_ORDERS);
        placeAll(WARM_UP_ORDERS, _ -> warmUp);

        Load load;
        try (var watch = Executors.newSingleThreadScheduledExecutor()) {
            var looking =
                    watch.scheduleWithFixedDelay(
                            () -> look(sku, impossible),
                            0,
                            LOOK_INTERVAL.toMillis(),
                            TimeUnit.MILLISECONDS);
            load = placeAll(ORDERS, _ -> sku);
            looking.cancel(false);
        }

        assertThat(impossible).isEmpty();
        assertThat(ends(load)).isEqualTo(Map.of("CONFIRMED", 100L, "OUT_OF_STOCK", 900L));
        assertThat(shop.stock(sku).toString())
                .isEqualTo(
                        "{\"sku\":\"%s\",\"onHand\":100,\"reserved\":100,\"available\":0}"
                                .formatted(sku));
        shop.assertEverythingHolds(witness, Ending.TO_REST);
        assertThat(shop.unsettled()).isEmpty();
        assertThat(shop.stockLedger(sku))
                .extracting(move -> move.path("cause").asText())
                .containsOnlyOnce("ADJUSTED")
                .containsOnly("ADJUSTED", "RESERVED")
                .hasSize(1 + UNITS);
        var holds =
                witness.intents().stream().filter(intent -> load.ids().contains(intent.orderId()));
        assertThat(holds.map(Evidence.Intent::held))
                .hasSize(UNITS)
                .containsOnly((long) PRICE_MINOR);

        witness.mailbox(shop.customer()).empty();
        var skus = IntStream.range(0, UNITS).mapToObj(_ -> shop.sell(1)).toList();
        var spread = placeAll(ORDERS, i -> skus.get(i % UNITS));
        System.out.printf(
                "%d orders for %d units: %.0f orders/s of one sku, %.0f of %d skus, ratio %.2f%n",
                ORDERS,
                UNITS,
                load.perSecond(),
                spread.perSecond(),
                UNITS,
                load.perSecond() / spread.perSecond());
        assertThat(ends(spread)).isEqualTo(Map.of("CONFIRMED", 100L, "OUT_OF_STOCK", 900L));
    }

    /// @param perSecond from the first order to the end of the last
    private record Load(Set<UUID> ids, double perSecond) {}

    private Load placeAll(int orders, IntFunction<String> sku) {
        long begun = System.nanoTime();
        var ids = new HashSet<UUID>();
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            var placed =
                    IntStream.range(0, orders)
                            .mapToObj(i ->
                                    clients.submit(
                                            () -> shop.place(sku.apply(i), 1, "pm_card_visa")))
                            .toList();
            for (var each : placed) {
                ids.add(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
        await().atMost(PATIENCE)
                .pollInterval(LOOK_INTERVAL)
                .until(() ->
                        witness.count(
                                        "order",
                                        "select count(*) from orders where status = 'PENDING' and customer_email = '%s'"
                                                .formatted(shop.customer()))
                                == 0);
        return new Load(ids, orders * 1e9 / (System.nanoTime() - begun));
    }

    /// How many ended how.
    private Map<String, Long> ends(Load load) {
        return witness
                .query(
                        "order",
                        "select id, coalesce(reason, status) from orders",
                        row -> Map.entry(UUID.fromString(row.getString(1)), row.getString(2)))
                .stream()
                .filter(end -> load.ids().contains(end.getKey()))
                .collect(groupingBy(Map.Entry::getValue, counting()));
    }

    /// More is never promised than there is.
    private void look(String sku, Queue<String> impossible) {
        var stock = shop.stock(sku);
        if (stock.path("available").asInt(-1) < 0
                || stock.path("reserved").asInt() > UNITS
                || stock.path("onHand").asInt() != UNITS) {
            impossible.add(stock.toString());
        }
    }
}
