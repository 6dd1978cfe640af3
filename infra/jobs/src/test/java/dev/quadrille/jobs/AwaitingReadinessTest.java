package dev.quadrille.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AwaitingReadinessTest {

    private final AtomicInteger notYet = new AtomicInteger();
    private HttpServer service;

    @BeforeEach
    void start() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext(
                "/q/health/ready",
                exchange -> {
                    exchange.sendResponseHeaders(notYet.getAndDecrement() > 0 ? 503 : 200, -1);
                    exchange.close();
                });
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @Test
    void itWaitsUntilEachHasAnswered() throws Exception {
        notYet.set(3);

        var ran = Ran.of(Map.of(), "ready", "tcp://localhost:" + port(), url());

        assertThat(ran.code()).as(ran.toString()).isZero();
        assertThat(ran.out())
                .containsExactly(
                        "tcp://localhost:" + port() + " is ready",
                        "Waits for " + url() + ": it answers 503",
                        url() + " is ready");
    }

    @Test
    void itDoesNotWaitForEver() throws Exception {
        notYet.set(Integer.MAX_VALUE);

        var ran = Ran.of(Map.of("QUADRILLE_READY_WITHIN", "PT1S"), "ready", url());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).last().isEqualTo(url() + " is not ready within PT1S: it answers 503");
    }

    @Test
    void whatDoesNotAnswerAtAllIsWaitedForToo() throws Exception {
        service.stop(0);

        var ran =
                Ran.of(
                        Map.of("QUADRILLE_READY_WITHIN", "PT1S"),
                        "ready",
                        "tcp://localhost:" + port());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).last().asString().endsWith("within PT1S: it does not answer");
    }

    private int port() {
        return service.getAddress().getPort();
    }

    private String url() {
        return "http://localhost:" + port() + "/q/health/ready";
    }
}
