package dev.quadrille.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "harvest",
                "migrate",
                "migrate orders",
                "migrate order payment",
                "retain",
                "retain orders",
                "topics order",
                "reconcile now",
                "ready",
                "ready order:8081",
                "ready tcp://order",
                "ready ftp://order/x"
            })
    void aCallThatMakesNoSenseHasAnExitCodeOfItsOwnAndOneLine(String call) throws Exception {
        var ran = Ran.of(Map.of(), call.isEmpty() ? new String[0] : call.split(" ", -1));

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).hasSize(1);
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate order", "retain order", "topics", "reconcile"})
    void whatIsNotSetIsNamed(String call) throws Exception {
        var ran = Ran.of(Map.of(), call.split(" ", -1));

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .singleElement()
                .asString()
                .containsPattern("(REACTIVE_URL|BOOTSTRAP_SERVERS|PAYMENT_URL) must be set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "101", "6.5"})
    void aNumberThatIsNoneIsNotTaken(String partitions) throws Exception {
        var ran =
                Ran.of(
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                "localhost:1",
                                "QUADRILLE_PARTITIONS",
                                partitions),
                        "topics");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).singleElement().asString().contains("QUADRILLE_PARTITIONS is '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P14D", "14d", "336h", "1209600", "PT336H"})
    void aDurationIsReadAsTheServicesReadIt(String text) throws Exception {
        assertThat(Environment.duration("X", text)).hasDays(14);
    }

    @Test
    void helpSaysWhatThereIs() throws Exception {
        var ran = Ran.of(Map.of(), "help");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).anyMatch(line -> line.startsWith("Jobs migrate SERVICE"));
    }

    @Test
    void theSettingsOfKafkaAreThoseOfTheServices() throws Exception {
        var environment =
                new Environment(
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS",
                                "broker:9093",
                                "KAFKA_SASL_JAAS_CONFIG",
                                "a secret",
                                "KAFKA_SECURITY_PROTOCOL",
                                " ",
                                "OTHER",
                                "thing"));

        assertThat(environment.kafka())
                .containsOnly(
                        Map.entry("bootstrap.servers", "broker:9093"),
                        Map.entry("sasl.jaas.config", "a secret"));
        assertThat(environment.toString()).doesNotContain("secret");
    }
}
