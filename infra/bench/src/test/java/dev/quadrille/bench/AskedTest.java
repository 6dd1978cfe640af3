package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quadrille.bench.Asked.ColdStart;
import dev.quadrille.bench.Asked.Delivery;
import dev.quadrille.bench.Asked.Drill;
import dev.quadrille.bench.Asked.Help;
import dev.quadrille.bench.Asked.Measurement;
import dev.quadrille.bench.Asked.Wrong;
import dev.quadrille.local.Flavour;
import java.util.List;
import java.util.Set;
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
    void coldStartAloneMeasuresAllOfAll() {
        assertThat(parse("cold-start")).isEqualTo(ColdStart.STANDARD);
        assertThat(ColdStart.STANDARD.runs()).isEqualTo(20);
        assertThat(ColdStart.STANDARD.requests()).isEqualTo(0);
    }

    @Test
    void everyOptionOfColdStartIsRead() {
        var asked =
                (ColdStart)
                        parse(
                                "cold-start --runs=3 --only together,starts --services"
                                        + " payment,order --flavours=native,jvm --events 7 --load"
                                        + " --idle 0 --cold-files --java-opts -Xmx64m --keep");

        assertThat(asked)
                .isEqualTo(
                        new ColdStart(
                                Set.of(Drill.STARTS, Drill.TOGETHER),
                                3,
                                Set.of(Candidate.ORDER, Candidate.PAYMENT),
                                Set.of(Flavour.JVM, Flavour.NATIVE),
                                7,
                                2000,
                                0,
                                true,
                                "-Xmx64m",
                                true));
        assertThat(asked.flavours()).containsExactly(Flavour.JVM, Flavour.NATIVE);
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
            strings = {
                "",
                "help",
                "--help",
                "-h",
                "delivery --help",
                "delivery --runs --help",
                "cold-start --help"
            })
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
                "delivery --java-opts",
                "cold-start --rows 5",
                "cold-start --runs 0",
                "cold-start --runs 1001",
                "cold-start --flavours jvm,graal",
                "cold-start --services orders",
                "cold-start --services",
                "cold-start --only relay",
                "cold-start --idle -1",
                "cold-start --load 5"
            })
    void whatIsNotUnderstoodGetsOneLineThatNamesIt(String line) {
        var wrong = (Wrong) parse(line);

        assertThat(wrong.line()).hasLineCount(1).containsAnyOf("delivry", "--", "'5'");
    }

    private static Asked parse(String line) {
        return Asked.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
    }
}
