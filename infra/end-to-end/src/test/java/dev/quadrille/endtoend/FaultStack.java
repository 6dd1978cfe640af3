package dev.quadrille.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.quadrille.crash.CrashPoint;
import dev.quadrille.testkit.Invariants;
import dev.quadrille.testkit.Shoppers;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A whole stack whose services die when a test orders it, and the hands and eyes of the tests on
/// it. It is not the one of the other tests: what lies on its topics is not all as the schemas say.
final class FaultStack {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final TestStack stack;
    private final Path orders;

    private FaultStack(TestStack stack, Path orders) {
        this.stack = stack;
        this.orders = orders;
    }

    /// One of each service.
    static FaultStack running() {
        return running("fault-stack");
    }

    /// Two of each service.
    static FaultStack withReplicas() {
        return running("replica-stack", "--replicas", "2");
    }

    private static FaultStack running(String name, String... options) {
        var orders = TestStack.home(name + "-orders");
        var agent = TestStack.root().resolve("infra/crash-agent/target/quadrille-crash-agent.jar");
        var environment = new HashMap<String, String>();
        for (var service : Witness.SERVICES) {
            environment.put(
                    "QUADRILLE_" + service.toUpperCase(Locale.ROOT) + "_JAVA_OPTS",
                    "-javaagent:" + agent + "=" + orders.resolve(service));
        }
        return new FaultStack(TestStack.running(name, List.of(options), environment), orders);
    }

    TestStack stack() {
        return stack;
    }

    /// The points that are not in the code of each service.
    List<String> missingPoints() {
        var missing = new ArrayList<String>();
        for (var service : Witness.SERVICES) {
            Arrays.stream(CrashPoint.values())
                    .map(point -> service + "/" + point.fileName() + ".instrumented")
                    .filter(file -> !Files.exists(orders.resolve(file)))
                    .forEach(missing::add);
        }
        return missing;
    }

    /// Has a service die at a point, and waits until the launcher has started it again.
    void dieAt(CrashPoint point, String service) {
        int restarts = stack.restarts(service);
        order(service, point.fileName());
        await().atMost(PATIENCE)
                .until(() -> stack.restarts(service) == restarts + 1 && stack.isReady(service));
    }

    /// Has a service die at a point or stand still, and waits until it has come there.
    void order(String service, String order) {
        var file = orders.resolve(service).resolve(order);
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !Files.exists(file));
    }

    /// Kills a part's process, and waits until the launcher has started another.
    void kill(String part) {
        int restarts = stack.restarts(part);
        stack.process(part).destroyForcibly();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> stack.restarts(part) == restarts + 1 && stack.isReady(part));
    }

    void signal(String name, long pid) {
        try {
            var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
            assertThat(kill.waitFor(5, SECONDS)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Waits until this many orders more were accepted.
    static void awaitOrders(Shoppers shoppers, int more) {
        int wanted = shoppers.accepted().size() + more;
        await().atMost(PATIENCE).until(() -> shoppers.accepted().size() >= wanted);
    }

    /// The one sentence that all these tests end with.
    static void assertNothingIsLostOrDoubled(Witness witness, Shoppers shoppers) {
        Map<String, java.util.UUID> accepted = shoppers.accepted();
        var seen = witness.look(List.of(shoppers.customer())).about(Set.copyOf(accepted.values()));

        assertThat(shoppers.faults()).as("what clients cannot live with").isEmpty();
        assertThat(Invariants.breaches(seen, accepted)).isEmpty();
        assertThat(shoppers.askAgain(20)).as("answers to a repeated request").isEmpty();
        assertThat(witness.leaks()).as("I15").isEmpty();
    }
}
