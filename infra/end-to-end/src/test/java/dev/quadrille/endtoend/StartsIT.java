package dev.quadrille.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.quadrille.testkit.TestStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service says of its start is what it took, seen from outside.
class StartsIT {

    private static final Pattern PHASES =
            Pattern.compile("Ready in (\\d+) ms: ([a-z]+ \\d+(, )?)+");
    private static final Pattern NUMBER = Pattern.compile(" (\\d+)(?:,|$)");
    private static final Pattern LAST = Pattern.compile(" (\\d+)$");
    private static final Pattern METRIC =
            Pattern.compile("quadrille_start_seconds\\{phase=\"[a-z]+\"} (\\S+)");

    /// The launcher looks every 50 ms, and its question takes a moment.
    private static final double LOOK_MS = 150;

    private static TestStack stack;

    @BeforeAll
    static void start() {
        stack = TestStack.whole();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "inventory", "payment", "notification"})
    void thePhasesOfAStartAddUpToItAndToWhatTheLauncherSaw(String service) throws Exception {
        var said = only(PHASES, Files.readString(stack.log(service)));
        double whole = Double.parseDouble(said.group(1));
        double parts =
                NUMBER.matcher(said.group().replaceFirst(".* ms:", ""))
                        .results()
                        .mapToDouble(number -> Double.parseDouble(number.group(1)))
                        .sum();
        double exported =
                METRIC.matcher(metrics(service))
                        .results()
                        .mapToDouble(seconds -> Double.parseDouble(seconds.group(1)) * 1_000)
                        .sum();
        double last = Double.parseDouble(only(LAST, said.group()).group(1));

        assertThat(parts).isEqualTo(whole);
        assertThat(exported).isCloseTo(whole, within(1.0));
        // Its health is UP before it has joined its group, which is mostly what comes last.
        assertThat(secondsSeen(service) * 1_000)
                .isBetween(0.9 * (whole - last) - LOOK_MS, 1.1 * whole + LOOK_MS);
    }

    private static double secondsSeen(String service) throws IOException {
        Path log = TestStack.home("whole-stack").resolve("logs/launcher.log");
        var ready = Pattern.compile("(?m)^ +" + service + " +ready in +([0-9.]+) s");
        return Double.parseDouble(only(ready, Files.readString(log)).group(1));
    }

    private static String metrics(String service) throws IOException, InterruptedException {
        try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create(stack.url(service) + "/q/metrics"))
                            .timeout(Duration.ofSeconds(30));
            return http.send(request.build(), BodyHandlers.ofString()).body();
        }
    }

    private static MatchResult only(Pattern pattern, String text) {
        var found = pattern.matcher(text).results().toList();
        assertThat(found)
                .as(() -> "%s in %s".formatted(pattern, Arrays.toString(text.split("\n", 5))))
                .hasSize(1);
        return found.getFirst();
    }
}
