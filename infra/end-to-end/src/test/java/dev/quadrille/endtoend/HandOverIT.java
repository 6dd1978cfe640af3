package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.FaultStack.assertNothingIsLostOrDoubled;
import static dev.quadrille.endtoend.FaultStack.awaitOrders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Topic;
import dev.quadrille.crash.CrashPoint;
import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.Witness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Of two replicas of the order service, the one that relays is killed, or stands still for a while
/// and then goes on where it was. It is found by the point of the relay's code that it comes to.
@Tag("faults")
class HandOverIT {

    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(10);
    private static final Duration STANDS_STILL = Duration.ofSeconds(30);
    private static final Duration TO_REST = Duration.ofSeconds(60);
    private static final List<String> REPLICAS = List.of("order", "order-2");

    private static FaultStack fault;
    private Witness witness;
    private Shoppers shoppers;

    @BeforeAll
    static void start() {
        fault = FaultStack.withReplicas();
    }

    @AfterAll
    static void end() {
        // Twelve JVMs that the next tests would share two cores with.
        fault.stack().stop();
    }

    @BeforeEach
    void openTheShop() {
        witness = new Witness(fault.stack());
        shoppers = Shoppers.of(fault.stack());
        shoppers.begin(4, 12);
        awaitOrders(shoppers, 24);
    }

    @AfterEach
    void closeTheShop() {
        shoppers.close();
        witness.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = CrashPoint.class,
            names = {"AFTER_COMMIT_BEFORE_PUBLISH", "AFTER_PUBLISH_BEFORE_DELETE"})
    void whatAKilledReplicaRelayedIsTakenOver(CrashPoint point) {
        var begun = Instant.now();
        int restarts = restarts();

        fault.order("order", point.fileName());
        awaitOrders(shoppers, 120);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> restarts() == restarts + 1 && fault.stack().isReady());

        settleAndJudge(begun, "a kill " + point.fileName());
    }

    @ParameterizedTest
    @EnumSource(
            value = CrashPoint.class,
            names = {"AFTER_COMMIT_BEFORE_PUBLISH", "AFTER_PUBLISH_BEFORE_DELETE"})
    void whatAPausedReplicaRelayedIsTakenOverAndNotPublishedLate(CrashPoint point)
            throws Exception {
        var begun = Instant.now();

        fault.order("order", point.fileName() + ".stop");
        long paused =
                await().until(HandOverIT::pausedReplicas, pids -> pids.size() == 1).getFirst();
        var end = Instant.now().plus(STANDS_STILL);
        await().atMost(STANDS_STILL.multipliedBy(2)).until(() -> Instant.now().isAfter(end));
        fault.signal("CONT", paused);
        awaitOrders(shoppers, 60);

        settleAndJudge(begun, "a pause " + point.fileName());
    }

    private void settleAndJudge(Instant begun, String after) {
        var until = Instant.now();
        shoppers.end();
        witness.awaitRest(shoppers.accepted().values(), TO_REST);
        var gap = largestGap(begun, until);
        System.out.printf(
                "Largest gap on the topic %d ms after %s, %d orders%n",
                gap.toMillis(), after, shoppers.accepted().size());
        assertNothingIsLostOrDoubled(witness, shoppers);
        assertThat(gap).isLessThan(TAKEN_OVER_WITHIN);
    }

    /// Between two records of the order service, by the times of the relay's claims.
    private Duration largestGap(Instant from, Instant until) {
        var times =
                Stream.concat(
                                Stream.of(from.toEpochMilli(), until.toEpochMilli()),
                                witness.wire().records(Topic.ORDER_EVENTS).stream()
                                        .map(record -> record.timestamp())
                                        .filter(time ->
                                                time > from.toEpochMilli()
                                                        && time < until.toEpochMilli()))
                        .sorted()
                        .toList();
        long largest = 0;
        for (int i = 1; i < times.size(); i++) {
            largest = Math.max(largest, times.get(i) - times.get(i - 1));
        }
        return Duration.ofMillis(largest);
    }

    private static int restarts() {
        return REPLICAS.stream().mapToInt(fault.stack()::restarts).sum();
    }

    private static List<Long> pausedReplicas() {
        return REPLICAS.stream()
                .map(replica -> fault.stack().process(replica).pid())
                .filter(HandOverIT::isPaused)
                .toList();
    }

    /// The third field of its line in /proc, after the name in parentheses.
    private static boolean isPaused(long pid) {
        try {
            var line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return line.charAt(line.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }
}
