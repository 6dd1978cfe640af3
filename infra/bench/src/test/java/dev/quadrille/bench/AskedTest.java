package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.bench.Asked.Delivery;
import dev.quadrille.bench.Asked.Help;
import dev.quadrille.bench.Asked.Measurement;
import dev.quadrille.bench.Asked.Wrong;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedTest {

    @Test
    void deliveryAloneMeasuresAllWithTheStandardSettings() {
        assertThat(parse("delivery")).isEqualTo(Delivery.STANDARD);
    }

    @Test
    void everyOptionIsRead() {
        var asked =
                (Delivery)
                        parse(
                                "delivery --runs 2 --rows=300 --service inventory --batches 1,50"
                                        + " --skus 7,1 --events 40 --requests 6 --per-second 3"
                                        + " --only relay,latency --java-opts -Xmx1g --keep");

        assertThat(asked.runs()).isEqualTo(2);
        assertThat(asked.rows()).isEqualTo(300);
        assertThat(asked.batches()).containsExactly(1, 50);
        assertThat(asked.skus()).containsExactly(7, 1);
        assertThat(asked.events()).isEqualTo(40);
        assertThat(asked.requests()).isEqualTo(6);
        assertThat(asked.perSecond()).isEqualTo(3);
        assertThat(asked.measurements())
                .containsExactlyInAnyOrder(Measurement.RELAY, Measurement.LATENCY);
        assertThat(asked.javaOptions()).isEqualTo("-Xmx1g");
        assertThat(asked.keep()).isTrue();
    }

    @Test
    void anOptionAfterAnEqualsSignKeepsItsSpacesAndEqualsSigns() {
        var asked = (Delivery) Asked.parse(List.of("delivery", "--java-opts=-Xmx1g -Da=b"));

        assertThat(asked.javaOptions()).isEqualTo("-Xmx1g -Da=b");
    }

    @Test
    void notificationDoesNotCareAboutProducts() {
        var asked = (Delivery) parse("delivery --service notification");

        assertThat(asked.skus()).hasSize(1);
    }

    @Test
    void aSmallBatchIsMeasuredWithFewerEvents() {
        assertThat(Delivery.STANDARD.eventsAt(500)).isEqualTo(100_000);
        assertThat(Delivery.STANDARD.eventsAt(100)).isEqualTo(100_000);
        assertThat(Delivery.STANDARD.eventsAt(10)).isEqualTo(20_000);
        assertThat(Delivery.STANDARD.eventsAt(1)).isEqualTo(5_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "help", "--help", "-h", "delivery --help", "delivery --runs --help"})
    void helpIsGivenWhereItIsAskedFor(String line) {
        assertThat(parse(line)).isEqualTo(new Help());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delivry",
                "delivery --run 5",
                "delivery 5",
                "delivery --runs",
                "delivery --runs 0",
                "delivery --runs -1",
                "delivery --runs five",
                "delivery --runs 101",
                "delivery --rows 99999999999999",
                "delivery --batches 1,,2",
                "delivery --batches 0",
                "delivery --skus ,",
                "delivery --only relays",
                "delivery --only",
                "delivery --service order",
                "delivery --java-opts"
            })
    void whatIsNotUnderstoodGetsOneLineThatNamesIt(String line) {
        var wrong = (Wrong) parse(line);

        assertThat(wrong.line()).hasLineCount(1).containsAnyOf("delivry", "--", "'5'");
    }

    private static Asked parse(String line) {
        return Asked.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
    }
}
