package dev.quadrille.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the stopwatch shows, beside what the stand-in knows: their clock is the same.
class TrialTest {

    /// However busy the machine is; that a time is not too early is asserted without any tolerance.
    private static final double LATE_MS = 5_000;

    @TempDir Path folder;

    @Test
    void aStartThatIsDelayedBy500MsShowsAs500MsMore() throws Exception {
        var plain = new ArrayList<Double>();
        var delayed = new ArrayList<Double>();
        for (int i = 0; i < 5; i++) {
            plain.add(openAfterWaitingBegan(0));
            delayed.add(openAfterWaitingBegan(500));
        }

        assertThat(delayed).allSatisfy(ms -> assertThat(ms).isGreaterThanOrEqualTo(500));
        assertThat(Spread.of(delayed).median())
                .isBetween(500.0, 500 + Spread.of(plain).median() + 1000);
        assertThat(Spread.of(plain).median()).isBetween(0.0, 400.0);
    }

    /// The JVM's own start, which is another one each time, is taken off.
    ///
    /// @return the ms that the stopwatch shows from when the stand-in began to wait to its open
    ///   port
    private double openAfterWaitingBegan(int delayMs) throws Exception {
        int port = freePort();
        Path log = folder.resolve("log");
        try (var trial = Trial.begin("stand-in", StandIn.process(port, delayMs, 0), log)) {
            double openMs = Trial.await(trial.when("the port is open", Question.isOpen(port))).ms();
            double waitingMs = ms(trial, told(log, "waiting"));

            assertThat(waitingMs).isPositive();
            assertThat(openMs).isBetween(ms(trial, told(log, "opening")), waitingMs + LATE_MS);
            return openMs - waitingMs;
        }
    }

    @Test
    void whatIsReadyLaterThanItsPortIsOpenIsToldApart() throws Exception {
        int port = freePort();
        Path log = folder.resolve("log");
        try (var trial = Trial.begin("stand-in", StandIn.process(port, 0, 1500), log)) {
            var open = trial.when("the port is open", Question.isOpen(port));
            var ready = trial.after(open, "it is ready", Question.isOk(port, "/q/health/ready"));

            double openMs = Trial.await(open).ms();
            double readyMs = Trial.await(ready).ms();

            double truthMs = ms(trial, told(log, "ready"));
            assertThat(readyMs).isBetween(truthMs, truthMs + LATE_MS);
            assertThat(openMs).isLessThan(truthMs);
        }
    }

    @Test
    void whoAsksWaitsHalfAPercentOfTheTimeAndAsLongAsTheLastAnswerTook() {
        assertThat(Trial.pauseNanos(30_000_000, 100_000)).isEqualTo(1_000_000);
        assertThat(Trial.pauseNanos(600_000_000, 100_000)).isEqualTo(3_000_000);
        assertThat(Trial.pauseNanos(600_000_000, 5_000_000)).isEqualTo(5_000_000);
        assertThat(Trial.pauseNanos(60_000_000_000L, 900_000_000)).isEqualTo(10_000_000);
    }

    @Test
    void theStopwatchOfSeveralProcessesBeginsWithTheFirst() throws Exception {
        int port = freePort();
        long begunNanos = System.nanoTime() - 60_000_000_000L;
        try (var trial =
                Trial.begin(
                        "stand-in",
                        StandIn.process(port, 0, 0),
                        folder.resolve("log"),
                        begunNanos)) {
            var open = trial.when("the port is open", Question.isOpen(port));

            assertThat(Trial.await(open).ms()).isGreaterThan(60_000);
        }
    }

    @Test
    void whatItUsedUntilThenIsKnown() throws Exception {
        int port = freePort();
        try (var trial =
                Trial.begin("stand-in", StandIn.process(port, 0, 0), folder.resolve("log"))) {
            var open = trial.when("the port is open", Question.isOpen(port));

            // A JVM does not start for less, nor for minutes.
            assertThat(Trial.await(open).cpuMs()).isBetween(10L, 60_000L);
        }
    }

    @Test
    void aProcessThatEndsTooSoonIsAFaultWithItsLastWords() throws Exception {
        try (var trial = Trial.begin("stand-in", StandIn.broken(), folder.resolve("log"))) {
            var open = trial.when("the port is open", Question.isOpen(freePort()));
            var ready = trial.after(open, "it is ready", Question.isOpen(freePort()));

            for (var question : List.of(open, ready)) {
                assertThatThrownBy(() -> Trial.await(question))
                        .isInstanceOf(Fault.class)
                        .hasMessage(
                                "stand-in ended with exit code 7 before the port is open. Its last"
                                        + " words: ERROR the stand-in is on fire");
            }
        }
    }

    @Test
    void whatCannotBeStartedIsAFault() {
        assertThatThrownBy(() ->
                        Trial.begin(
                                "nothing",
                                new ProcessBuilder(folder.resolve("nothing").toString()),
                                folder.resolve("log")))
                .isInstanceOf(Fault.class)
                .hasMessageStartingWith("nothing cannot be started");
    }

    @Test
    void aRejectedAotCacheIsFoundInTheLog() throws Exception {
        int port = freePort();
        Path log = folder.resolve("log");
        try (var trial = Trial.begin("stand-in", StandIn.process(port, 0, 0), log)) {
            Trial.await(trial.when("the port is open", Question.isOpen(port)));
            trial.stop();
            Files.writeString(
                    log,
                    """
                    [0.015s][warning][aot] The AOT cache was created by a different build of HotSpot
                    19:00:00 WARN  something else
                    [0.016s][error  ][cds] An error has occurred while processing the AOT cache.
                    """);

            assertThat(trial.rejection())
                    .isEqualTo("The AOT cache was created by a different build of HotSpot");
        }
    }

    private static double ms(Trial trial, long nanos) {
        return (nanos - trial.begunNanos()) / 1e6;
    }

    private static long told(Path log, String what) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(what + " "))
                .mapToLong(line -> Long.parseLong(line.substring(what.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws Fault {
        return Ground.freePort(List.of());
    }
}
