package dev.quadrille.payment;

import dev.quadrille.testkit.FreePort;
import dev.quadrille.testkit.TestStack;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A payment sandbox, in a process of its own, that tells the service under test what happens: the
/// stack's tells another.
public final class OwnSandbox implements QuarkusTestResourceLifecycleManager {

    static final String SECRET = "whsec_of_the_sandbox";
    static final String NEXT_SECRET = "whsec_to_come";

    private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+) after");
    private static final long START_LIMIT_SECONDS = 60;

    private Process sandbox;

    @Override
    public Map<String, String> start() {
        try {
            var port = Integer.toString(FreePort.next());
            var builder =
                    new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            TestStack.root().resolve("infra/local/target/lib") + "/*",
                            "dev.quadrille.sandbox.PaymentSandbox");
            builder.environment()
                    .putAll(
                            Map.of(
                                    "QUADRILLE_SANDBOX_PORT",
                                    "0",
                                    "QUADRILLE_SANDBOX_DATA",
                                    Files.createTempDirectory("sandbox").toString(),
                                    "QUADRILLE_SANDBOX_WEBHOOK_URL",
                                    "http://localhost:" + port + "/v1/provider-events",
                                    "QUADRILLE_SANDBOX_WEBHOOK_SECRET",
                                    SECRET));
            sandbox = builder.redirectErrorStream(true).start();
            return Map.of(
                    "quadrille.payment.provider.url",
                    address(),
                    "quadrille.payment.provider.webhook-secret",
                    NEXT_SECRET + ", " + SECRET,
                    "quarkus.http.test-port",
                    port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (sandbox != null) {
            sandbox.destroy();
        }
    }

    /// After the stack's, whose settings it replaces.
    @Override
    public int order() {
        return 1;
    }

    private String address() {
        var out =
                new BufferedReader(
                        new InputStreamReader(sandbox.getInputStream(), StandardCharsets.UTF_8));
        var address = new CompletableFuture<String>();
        Thread.ofVirtual()
                .start(() -> {
                    for (var line : (Iterable<String>) out.lines()::iterator) {
                        var matcher = LISTENING.matcher(line);
                        if (matcher.find()) {
                            address.complete(matcher.group(1));
                        }
                    }
                });
        return address.orTimeout(START_LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
}
