package dev.quadrille.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.contract.Topic;
import dev.quadrille.testkit.TestStack;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class CreatingTopicsTest {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String prefix =
            "jobs%d_%d.".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());

    @Test
    void theContractsTopicsAreCreatedAndASecondRunFindsThem() throws Exception {
        var first = Ran.of(environment(Map.of()), "topics");
        var second = Ran.of(environment(Map.of()), "topics");

        assertThat(first.code()).as(first.toString()).isZero();
        assertThat(first.out())
                .hasSize(Topic.values().length)
                .allMatch(line -> line.endsWith(": created"));
        assertThat(second.code()).isZero();
        assertThat(second.out())
                .hasSize(Topic.values().length)
                .allMatch(line -> line.endsWith(": is there"));
    }

    @Test
    void theNumberOfPartitionsIsTheEnvironmentsAndAnotherOneFails() throws Exception {
        var three = Map.of("QUADRILLE_PARTITIONS", "3", "QUADRILLE_REPLICATION_FACTOR", "1");
        assertThat(Ran.of(environment(three), "topics").code()).isZero();

        var ran = Ran.of(environment(Map.of()), "topics");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains(prefix + "order-events: partitions is 3, and 6 was wished for")
                .anyMatch(line -> line.endsWith("Remedy: set QUADRILLE_PARTITIONS=3"));
    }

    @Test
    void whatSomebodyHasSetIsSaidAndLeftAloneButTheFenceIsSet() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", TestStack.running().kafka()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(
                                                    prefix + "order-events",
                                                    Optional.of(6),
                                                    Optional.empty())
                                            .configs(Map.of("retention.ms", "3600000"))))
                    .all()
                    .get();
        }

        var first = Ran.of(environment(Map.of()), "topics");
        var second = Ran.of(environment(Map.of()), "topics");

        var difference =
                prefix + "order-events: retention.ms is 3600000, and 604800000 was wished for";
        assertThat(first.code()).as(first.toString()).isZero();
        assertThat(first.out())
                .contains(
                        prefix
                                + "order-events: is there, and refuses records that come late from"
                                + " now on",
                        difference);
        assertThat(second.out()).contains(prefix + "order-events: is there", difference);
    }

    @Test
    void moreReplicasThanBrokersFailInOneLine() throws Exception {
        var ran = Ran.of(environment(Map.of("QUADRILLE_REPLICATION_FACTOR", "3")), "topics");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("The topics at localhost:")
                .contains("InvalidReplicationFactor");
    }

    @Test
    void aBrokerThatWantsNoLoginOfThisKindIsSaidWithoutTheSecret() throws Exception {
        var secured =
                Map.of(
                        "KAFKA_SECURITY_PROTOCOL",
                        "SASL_PLAINTEXT",
                        "KAFKA_SASL_MECHANISM",
                        "SCRAM-SHA-512",
                        "KAFKA_SASL_JAAS_CONFIG",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\"order\" password=\"s3cret\";");

        var ran = Ran.of(environment(secured), "topics");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).singleElement().asString().startsWith("The topics at localhost:");
        assertThat(ran.toString()).doesNotContain("s3cret");
    }

    @Test
    void aSettingOfKafkaThatMakesNoSenseIsSaidInOneLine() throws Exception {
        var ran = Ran.of(environment(Map.of("KAFKA_REQUEST_TIMEOUT_MS", "soon")), "topics");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).singleElement().asString().contains("request.timeout.ms");
    }

    @Test
    void aBrokerThatIsAwayIsWaitedForAndThatIsSaid() throws Exception {
        var ran = Ran.of(environment(Map.of("KAFKA_BOOTSTRAP_SERVERS", "localhost:1")), "topics");

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.equals("Waits for the broker at localhost:1"));
        assertThat(ran.err()).hasSize(1);
    }

    private Map<String, String> environment(Map<String, String> more) {
        var all = new HashMap<String, String>();
        all.put("KAFKA_BOOTSTRAP_SERVERS", TestStack.running().kafka());
        all.put("QUADRILLE_TOPIC_PREFIX", prefix);
        all.putAll(more);
        return all;
    }
}
