package dev.quadrille.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program as its own process, which is what the local stack starts.
@Timeout(60)
class ProcessTest {

    private static final Pattern LISTENING =
            Pattern.compile("listening on (http://\\S+) after \\d+ ms");

    @TempDir Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void whatWasAnsweredSurvivesKillMinusNine() throws Exception {
        Process first = start("QUADRILLE_SANDBOX_PORT", "0");
        URI address = address(first);
        String answered = hold(address);
        first.destroyForcibly().waitFor();

        Process second = start("QUADRILLE_SANDBOX_PORT", "0");
        String ledger = get(address(second).resolve("/sandbox/ledger?orderId=o-1"));

        assertThat(answered).contains("\"status\":\"requires_capture\"");
        assertThat(ledger).contains("\"held\":700");
    }

    @Test
    void sigtermEndsItInOrder() throws Exception {
        Process process = start("QUADRILLE_SANDBOX_PORT", "0");
        address(process);

        // Not through the Process itself, which would close its streams as well.
        process.toHandle().destroy();

        assertThat(process.waitFor(20, SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 15);
        assertThat(errors(process)).isEmpty();
    }

    @Test
    void badSettingsAreOneLineAndExitCode2() throws Exception {
        Process process = start("QUADRILLE_SANDBOX_PORT", "many");

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(errors(process))
                .containsExactly(
                        "payment-sandbox: QUADRILLE_SANDBOX_PORT is a number from 0 to 65535, not"
                                + " many");
    }

    @Test
    void aFolderThatIsAFileIsABadSetting() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        Process process = start("QUADRILLE_SANDBOX_DATA", file.toString());

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(errors(process)).singleElement().asString().contains("QUADRILLE_SANDBOX_DATA");
    }

    @Test
    void aTakenPortIsOneLineAndExitCode1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Process process =
                    start("QUADRILLE_SANDBOX_PORT", Integer.toString(taken.getLocalPort()));

            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(errors(process))
                    .singleElement()
                    .asString()
                    .contains("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    private Process start(String name, String value) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PaymentSandbox.class.getName());
        builder.environment().keySet().removeIf(each -> each.startsWith("QUADRILLE_SANDBOX_"));
        builder.environment().put("QUADRILLE_SANDBOX_DATA", folder.resolve("data").toString());
        builder.environment().put(name, value);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static URI address(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        assertThat(line).as("the line that says it listens").isNotNull();
        Matcher matcher = LISTENING.matcher(line);
        assertThat(matcher.find()).as(line).isTrue();
        return URI.create(matcher.group(1));
    }

    private static List<String> errors(Process process) {
        return process.errorReader(StandardCharsets.UTF_8).lines().toList();
    }

    private static String hold(URI address) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(address.resolve("/v1/payment_intents"))
                        .header("Authorization", "Bearer sk_test_quadrille")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                BodyPublishers.ofString(
                                        "amount=700&currency=eur&confirm=true&capture_method=manual"
                                                + "&payment_method=pm_card_visa"
                                                + "&metadata[orderId]=o-1")));
    }

    private static String get(URI uri) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri));
    }

    private static String send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString()).body();
        }
    }
}
