package dev.quadrille.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Consumer;

/// Asks the payment service to compare its books with the provider's, and prints where they differ:
/// ids and states, and nothing of a customer or a card.
final class Reconciling {

    static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);

    private static final int TRIES = 6;
    private static final int MAX_LINES = 200;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /// The service takes two minutes at most.
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(150);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI question;
    private final Duration betweenTries;
    private final Consumer<String> said;

    Reconciling(URI payment, Duration since, Duration betweenTries, Consumer<String> said) {
        this.question =
                URI.create(
                        payment.toString().replaceFirst("/+$", "")
                                + "/v1/ops/reconciliation?since="
                                + since);
        this.betweenTries = betweenTries;
        this.said = said;
    }

    int run() throws InterruptedException {
        try (var client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_LIMIT)
                        .build()) {
            return judge(answer(client));
        } catch (JsonProcessingException e) {
            said.accept("The payment service's answer makes no sense");
            return Jobs.NO_ANSWER;
        } catch (IOException e) {
            said.accept("The payment service does not answer at " + question.getAuthority());
            return Jobs.NO_ANSWER;
        }
    }

    /// While a replica compares by itself, it is asked again a little later.
    private HttpResponse<String> answer(HttpClient client)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(question).timeout(ANSWER_LIMIT).build();
        for (int asked = 1; ; asked++) {
            var answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 409 || asked == TRIES) {
                return answer;
            }
            said.accept("A comparison is under way: asks again in a moment");
            Thread.sleep(betweenTries);
        }
    }

    private int judge(HttpResponse<String> answer) throws JsonProcessingException {
        if (answer.statusCode() != 200) {
            said.accept("The payment service did not compare: it answered " + answer.statusCode());
            return answer.statusCode() == 400 ? Jobs.WRONG_USE : Jobs.NO_ANSWER;
        }
        var found = JSON.readTree(answer.body());
        var differences = found.path("differences");
        if (!differences.isArray()) {
            said.accept("The payment service's answer makes no sense");
            return Jobs.NO_ANSWER;
        }
        int lines = 0;
        for (var difference : differences) {
            if (lines++ == MAX_LINES) {
                said.accept("and %d more".formatted(differences.size() - MAX_LINES));
                break;
            }
            said.accept(line(difference));
        }
        said.accept(
                "Compared %d payments with the provider's%s: %s"
                        .formatted(
                                found.path("compared").asInt(),
                                found.path("complete").asBoolean() ? "" : " (there are more)",
                                differences.isEmpty()
                                        ? "no differences"
                                        : differences.size() + " differences"));
        return differences.isEmpty() ? Jobs.DONE : Jobs.FAILED;
    }

    private static String line(JsonNode difference) {
        return "%s %s %s: ours %s, theirs %s"
                .formatted(
                        word(difference.path("orderId")),
                        word(difference.path("difference")),
                        word(difference.path("providerReference")),
                        word(difference.path("ours").path("status")),
                        word(difference.path("theirs").path("status")));
    }

    /// An id or a state has neither spaces nor an at sign, whatever the answer says.
    private static String word(JsonNode node) {
        var text = node.asText("");
        return text.matches("[A-Za-z0-9_.-]{1,100}") ? text : "-";
    }
}
