package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.FaultStack.assertNothingIsLostOrDoubled;
import static dev.quadrille.endtoend.FaultStack.awaitOrders;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.testkit.Evidence;
import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The provider is slow, silent, broken or gone. Its books are watched meanwhile: nobody's money is
/// held twice, not even for a moment.
class ProviderFaultsIT {

    private static final Duration TO_REST = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LOOK_INTERVAL_MS = 100;
    private static final int CLIENTS = 8;
    private static final int ORDERS_PER_SECOND = 50;

    private static FaultStack fault;

    private final Queue<String> doubled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private Witness witness;
    private Shoppers shoppers;
    private ScheduledExecutorService watch;

    @BeforeAll
    static void start() {
        fault = FaultStack.running();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(fault.stack());
        shoppers = Shoppers.of(fault.stack());
        watch = Executors.newSingleThreadScheduledExecutor();
        var _ =
                watch.scheduleWithFixedDelay(
                        this::lookIntoTheBooks, 0, LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void closeTheShop() {
        watch.shutdownNow();
        witness.mailbox(shoppers.customer()).empty();
        shoppers.close();
        witness.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_sandbox_timeout", "pm_sandbox_flaky", "pm_sandbox_slow"})
    void troubleAtTheProviderHoldsNothingTwice(String paymentMethod) {
        shoppers.payWith(paymentMethod);

        shoppers.begin(CLIENTS, 10);
        awaitOrders(shoppers, 60);

        settleAndJudge("orders that were paid with " + paymentMethod);
    }

    /// Twice, and each time with many authorizations, captures and refunds on their way.
    @Test
    void providerThatDiesAndComesBackHoldsNothingTwice() {
        shoppers.begin(CLIENTS, ORDERS_PER_SECOND);

        for (int i = 0; i < 2; i++) {
            awaitOrders(shoppers, 3 * ORDERS_PER_SECOND);
            fault.kill("payment-sandbox");
        }

        settleAndJudge("the sandbox came back");
    }

    private void settleAndJudge(String after) {
        await().atMost(PATIENCE).until(shoppers::haveShippedAndTakenBack);
        long begun = System.nanoTime();
        shoppers.end();
        assertThat(doubled).isEmpty();
        var left = TO_REST.minusNanos(System.nanoTime() - begun);
        var rest = witness.awaitRest(shoppers.accepted().values(), left);
        System.out.printf(
                "At rest %d ms after %s, %d orders, %d looks into the books; the last was %s%n",
                (System.nanoTime() - begun) / 1_000_000,
                after,
                shoppers.accepted().size(),
                looks.get(),
                rest.last());
        assertThat(doubled).isEmpty();
        assertThat(looks).hasPositiveValue();
        assertNothingIsLostOrDoubled(witness, shoppers);
        assertThat(statuses()).contains("CONFIRMED", "CANCELLED", "SHIPPED", "RETURNED");
    }

    private Set<String> statuses() {
        var orders = Set.copyOf(shoppers.accepted().values());
        return witness.look(List.of()).about(orders).orders().values().stream()
                .map(Evidence.Order::status)
                .collect(toSet());
    }

    /// While the sandbox is away there is nothing to see.
    private void lookIntoTheBooks() {
        List<Evidence.Intent> intents;
        try {
            intents = witness.intents();
        } catch (RuntimeException _) {
            return;
        }
        looks.incrementAndGet();
        var own = Set.copyOf(shoppers.accepted().values());
        intents.stream()
                .filter(intent -> own.contains(intent.orderId()))
                .filter(intent -> intent.held() > 0 || intent.captured() > intent.refunded())
                .collect(groupingBy(Evidence.Intent::orderId, counting()))
                .forEach((order, intentsOfIt) -> {
                    if (intentsOfIt > 1) {
                        doubled.add(order + " is charged " + intentsOfIt + " times");
                    }
                });
    }
}
