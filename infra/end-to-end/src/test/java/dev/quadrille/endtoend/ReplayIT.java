package dev.quadrille.endtoend;

import static dev.quadrille.endtoend.FaultStack.assertNothingIsLostOrDoubled;
import static dev.quadrille.endtoend.FaultStack.awaitOrders;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.Evidence;
import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.Witness;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Everything that ever happened is delivered again.
class ReplayIT {

    private static final Duration TO_REST = Duration.ofSeconds(60);

    private static FaultStack fault;
    private Witness witness;
    private Shoppers shoppers;
    private Effects before;

    /// What the events have led to.
    private record Effects(
            Map<String, List<String>> tables,
            List<Evidence.Mail> mails,
            List<Evidence.Intent> intents) {}

    @BeforeAll
    static void start() {
        fault = FaultStack.running();
    }

    @BeforeEach
    void letSomethingHappen() {
        witness = new Witness(fault.stack());
        shoppers = Shoppers.of(fault.stack());
        shoppers.begin(4, 20);
        awaitOrders(shoppers, 40);
        shoppers.end();
        witness.awaitRest(shoppers.accepted().values(), TO_REST);
        before = effects();
    }

    @AfterEach
    void closeTheShop() {
        shoppers.close();
        witness.close();
    }

    @Test
    void groupsThatReadAllTopicsFromTheStartChangeNothing() {
        var pids =
                Witness.SERVICES.stream()
                        .map(service -> fault.stack().process(service).pid())
                        .toList();
        // A group lets its offsets be set once its members are gone, and a process that stands
        // still is, after its session.
        pids.forEach(pid -> fault.signal("STOP", pid));
        Witness.SERVICES.forEach(this::rewind);
        long unread = witness.lag().values().stream().mapToLong(Long::longValue).sum();
        for (var service : Witness.SERVICES) {
            fault.kill(service);
        }

        witness.awaitRest(shoppers.accepted().values(), TO_REST);

        assertThat(unread).isGreaterThan(40 * 10);
        assertNothingChanged();
    }

    @Test
    void everyEventDeliveredFiveTimesChangesNothing() {
        for (var topic : Topic.values()) {
            var once = List.copyOf(witness.wire().records(topic));
            IntStream.range(1, 5).forEach(_ -> witness.wire().copy(once));
        }

        witness.awaitRest(shoppers.accepted().values(), TO_REST);

        assertNothingChanged();
    }

    private void assertNothingChanged() {
        var after = effects();
        after.tables()
                .forEach((table, rows) ->
                        assertThat(rows).as(table).isEqualTo(before.tables().get(table)));
        assertThat(after).isEqualTo(before);
        assertNothingIsLostOrDoubled(witness, shoppers);
    }

    private Effects effects() {
        return new Effects(
                witness.tables(), witness.mailbox(shoppers.customer()).mails(), witness.intents());
    }

    private void rewind(String group) {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        Witness.await(witness.admin().describeConsumerGroups(List.of(group)).all())
                                .get(group)
                                .members()
                                .isEmpty());
        var start =
                Witness.await(
                                witness.admin()
                                        .listConsumerGroupOffsets(group)
                                        .partitionsToOffsetAndMetadata())
                        .keySet()
                        .stream()
                        .collect(
                                toMap(
                                        Function.<TopicPartition>identity(),
                                        _ -> new OffsetAndMetadata(0)));
        assertThat(start.keySet().stream().map(TopicPartition::topic))
                .isSubsetOf(Arrays.stream(Topic.values()).map(Topic::wireName).toList());
        Witness.await(witness.admin().alterConsumerGroupOffsets(group, start).all());
    }
}
