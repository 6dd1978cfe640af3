package dev.quadrille.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a stand-in for the payment service, whose own tests hold its side of this.
class ReconcilingTest {

    private static final String AGREED =
            """
            {"since":"2026-11-20T00:00:00Z","compared":3,"complete":true,"differences":[]}
            """;
    private static final String DIFFERENT =
            """
            {"since":"2026-11-20T00:00:00Z","compared":3,"complete":false,"differences":[
             {"orderId":"0199","providerReference":"pi_1","difference":"AMOUNT",
              "ours":{"status":"CAPTURED","customer":"ada@example.com"},
              "theirs":{"status":"ada@example.com"}},
             {"orderId":"0200","providerReference":null,"difference":"MISSING_THERE",
              "ours":{"status":"VOIDED"},"theirs":null}]}
            """;

    private record Answer(int status, String body) {}

    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<URI> asked = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private HttpServer payment;

    @BeforeEach
    void start() throws Exception {
        payment = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        payment.createContext(
                "/",
                exchange -> {
                    asked.add(exchange.getRequestURI());
                    var answer = answers.size() > 1 ? answers.remove() : answers.element();
                    byte[] body = answer.body().getBytes(UTF_8);
                    exchange.sendResponseHeaders(answer.status(), body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        payment.start();
    }

    @AfterEach
    void stop() {
        payment.stop(0);
    }

    @Test
    void booksThatAgreeAreDone() throws Exception {
        answers.add(new Answer(200, AGREED));

        assertThat(reconcile()).isZero();
        assertThat(asked).containsExactly(URI.create("/v1/ops/reconciliation?since=PT24H"));
        assertThat(said).containsExactly("Compared 3 payments with the provider's: no differences");
    }

    @Test
    void eachDifferenceIsALineAndNothingOfACustomer() throws Exception {
        answers.add(new Answer(200, DIFFERENT));

        assertThat(reconcile()).isEqualTo(1);
        assertThat(said)
                .containsExactly(
                        "0199 AMOUNT pi_1: ours CAPTURED, theirs -",
                        "0200 MISSING_THERE -: ours VOIDED, theirs -",
                        "Compared 3 payments with the provider's (there are more): 2 differences");
    }

    @Test
    void whileAnotherComparisonIsUnderWayItAsksAgain() throws Exception {
        answers.add(new Answer(409, "{}"));
        answers.add(new Answer(200, AGREED));

        assertThat(reconcile()).isZero();
        assertThat(said).first().asString().startsWith("A comparison is under way");
    }

    @Test
    void itDoesNotAskForEver() throws Exception {
        answers.add(new Answer(409, "{}"));

        assertThat(reconcile()).isEqualTo(3);
        assertThat(asked).hasSize(6);
    }

    @Test
    void aProviderThatIsAwayIsNoAnswer() throws Exception {
        answers.add(new Answer(503, "{\"title\":\"The provider does not answer\"}"));

        assertThat(reconcile()).isEqualTo(3);
        assertThat(said).containsExactly("The payment service did not compare: it answered 503");
    }

    @Test
    void anAnswerThatMakesNoSenseIsNone() throws Exception {
        for (String body : List.of("", "<html>", "[]", "{\"differences\":7}")) {
            answers.clear();
            answers.add(new Answer(200, body));

            assertThat(reconcile()).as(body).isEqualTo(3);
        }
    }

    @Test
    void aServiceThatIsAwayIsNoAnswer() throws Exception {
        payment.stop(0);

        var ran = Ran.of(Map.of("QUADRILLE_PAYMENT_URL", url().toString()), "reconcile");

        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.out())
                .singleElement()
                .asString()
                .startsWith("The payment service does not answer at localhost:");
    }

    private int reconcile() throws InterruptedException {
        return new Reconciling(url(), Duration.ofHours(24), Duration.ofMillis(1), said::add).run();
    }

    private URI url() {
        return URI.create("http://localhost:" + payment.getAddress().getPort() + "/");
    }
}
