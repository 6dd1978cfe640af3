package dev.quadrille.endtoend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quadrille.local.Flavour;
import dev.quadrille.local.ServiceStart;
import dev.quadrille.testkit.FreePort;
import dev.quadrille.testkit.TestStack;
import dev.quadrille.testkit.Witness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The services on a broker as they find it in a cluster: TLS, a user each, and the rights that
/// `kubernetes/components/kafka/users.yaml` gives them and no others.
class SecuredKafkaIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<String, Integer> PORTS = new HashMap<>();
    private static final List<Process> SERVICES = new ArrayList<>();

    private static SecuredBroker broker;

    @BeforeAll
    static void start() throws Exception {
        var stack =
                TestStack.running(
                        "secured-stack",
                        List.of("--without", "order,inventory,payment,notification"),
                        Map.of());
        Path folder = TestStack.home("secured-kafka").resolve(UUID.randomUUID().toString());
        broker = new SecuredBroker(folder);
        broker.provision(TestStack.root().resolve("kubernetes/components/kafka/users.yaml"));

        var environment =
                new HashMap<>(
                        Map.of(
                                "QUADRILLE_POSTGRES_PORT",
                                Integer.toString(stack.port("postgres.port")),
                                "QUADRILLE_SMTP_PORT",
                                Integer.toString(stack.port("mail.port")),
                                "QUADRILLE_SANDBOX_PORT",
                                Integer.toString(stack.port("payment-sandbox.port"))));
        for (var service : Witness.SERVICES) {
            PORTS.put(service, FreePort.next());
            environment.put(
                    "QUADRILLE_" + service.toUpperCase(Locale.ROOT) + "_PORT",
                    Integer.toString(port(service)));
        }
        for (var service : Witness.SERVICES) {
            var start = ServiceStart.of(service, Flavour.JVM, environment, TestStack.root());
            var process =
                    new ProcessBuilder(start.command())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve(service + ".log").toFile());
            process.environment().putAll(start.environment());
            process.environment().putAll(broker.environment(service));
            SERVICES.add(process.start());
        }
        for (var service : Witness.SERVICES) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() ->
                            get(service, "/q/health/ready").path("status").asText().equals("UP"));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        SERVICES.forEach(Process::destroy);
        for (Process service : SERVICES) {
            if (!service.waitFor(30, SECONDS)) {
                service.destroyForcibly();
            }
        }
        // Null if it is the broker that did not come up, and that fault is to be seen.
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void anOrderGoesAllItsWay() throws Exception {
        send(
                request("inventory", "/v1/products/TEA-S")
                        .PUT(
                                BodyPublishers.ofString(
                                        "{\"name\":\"Green"
                                            + " tea\",\"price\":{\"amountMinor\":450,\"currency\":\"EUR\"}}")));
        send(
                request("inventory", "/v1/stock/TEA-S/adjustments")
                        .POST(BodyPublishers.ofString("{\"delta\":5,\"reason\":\"delivery\"}")));
        String order =
                """
                {"customer":{"id":"c-1","email":"c-1@example.com"},"currency":"EUR",
                 "lines":[{"sku":"TEA-S","quantity":1}],"paymentMethod":"pm_card_visa"}
                """;

        // The order service knows of a product once it has read the topic.
        var placed =
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        send(
                                                request("order", "/v1/orders")
                                                        .header("Idempotency-Key", "secured")
                                                        .POST(BodyPublishers.ofString(order))),
                                answer -> answer.has("id"));
        String id = placed.path("id").asText();
        await().atMost(PATIENCE)
                .until(() ->
                        get("order", "/v1/orders/" + id)
                                .path("status")
                                .asText()
                                .equals("CONFIRMED"));
        send(
                request("order", "/v1/orders/" + id + "/shipment")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"carrier\":\"Snail\",\"trackingNumber\":\"1\"}")));

        // Settled: inventory and payment have heard and were heard. And the mail is out.
        await().atMost(PATIENCE)
                .until(() -> get("order", "/v1/orders/" + id).path("settled").asBoolean());
        await().atMost(PATIENCE)
                .until(() ->
                        get("notification", "/v1/notifications?orderId=" + id)
                                .toString()
                                .contains("ORDER_SHIPPED"));
    }

    @Test
    void nobodyWritesInAnothersName() throws Exception {
        try (var asOrder = producer("order")) {
            assertThatThrownBy(() ->
                            asOrder.send(new ProducerRecord<>("payment-events", "k", "{}")).get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void nobodyReadsWhatDoesNotConcernHim() {
        var topic = new TopicPartition("payment-events", 0);
        try (var asInventory = consumer("inventory")) {
            asInventory.assign(List.of(topic));

            assertThatThrownBy(() -> asInventory.poll(PATIENCE))
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    private static KafkaProducer<String, String> producer(String user) {
        return new KafkaProducer<>(
                Map.copyOf(broker.configuration(user)),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String user) {
        return new KafkaConsumer<>(
                Map.copyOf(broker.configuration(user)),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static int port(String service) {
        return PORTS.get(service);
    }

    private static HttpRequest.Builder request(String service, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port(service) + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json");
    }

    private static JsonNode get(String service, String path)
            throws IOException, InterruptedException {
        return send(request(service, path).GET());
    }

    private static JsonNode send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        String body = HTTP.send(request.build(), BodyHandlers.ofString()).body();
        return JSON.readTree(body);
    }
}
