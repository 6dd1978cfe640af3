package dev.quadrille.contract;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The document is written by hand, for people; here it is held against the code.
class AsyncApiTest {

    private static final Set<String> SERVICES =
            Set.of("order", "inventory", "payment", "notification");
    private static final JsonNode DOCUMENT = document();

    static Stream<GoldenSample> samples() {
        return Released.samples();
    }

    @Test
    void documentIsOfVersionThree() {
        assertThat(DOCUMENT.path("asyncapi").textValue()).isEqualTo("3.0.0");
    }

    @Test
    void everyTopicIsAChannelAndNothingElseIs() {
        assertThat(names(DOCUMENT.path("channels")))
                .isEqualTo(Stream.of(Topic.values()).map(Topic::wireName).collect(toSet()));
    }

    @ParameterizedTest
    @EnumSource
    void channelIsAsTheTopic(Topic topic) {
        var channel = channel(topic);
        var kafka = channel.at("/bindings/kafka");

        assertThat(channel.path("address").textValue()).isEqualTo(topic.wireName());
        assertThat(kafka.path("partitions").intValue()).isEqualTo(Topic.DEFAULT_PARTITIONS);
        assertThat(kafka.at("/topicConfiguration/cleanup.policy/0").textValue())
                .isEqualTo(topic.compacted() ? "compact" : "delete");
    }

    @ParameterizedTest
    @EnumSource
    void channelCarriesTheTypesOfItsTopic(Topic topic) {
        var messages = channel(topic).path("messages");

        assertThat(names(messages)).isEqualTo(wireNames(topic));
        messages.properties()
                .forEach(message ->
                        assertThat(message.getValue().path("$ref").textValue())
                                .isEqualTo("#/components/messages/" + message.getKey()));
    }

    @Test
    void everyTypeIsAMessageAndNothingElseIs() {
        assertThat(names(DOCUMENT.at("/components/messages")))
                .isEqualTo(Stream.of(EventType.values()).map(EventType::wireName).collect(toSet()));
    }

    @ParameterizedTest
    @EnumSource
    void messageIsAsItsType(EventType type) {
        var message = message(type);
        var headers = message.at("/headers/properties");
        var schema = followed(message.path("payload"));

        assertThat(message.path("name").textValue()).isEqualTo(type.wireName());
        assertThat(headers.at("/ce_type/const").textValue()).isEqualTo(type.wireName());
        assertThat(headers.at("/ce_source/const").textValue()).isEqualTo(type.topic().source());
        assertThat(headers.at("/ce_dataschema/const").textValue()).isEqualTo(type.dataSchema());
        assertThat(schema.path("$id").textValue()).isEqualTo(type.dataSchema());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void headersAndKeyOfASampleAreAsTheDocumentSays(GoldenSample sample) {
        var message = withTraits(message(sample.type()));
        var headers = Released.json("{}").<ObjectNode>deepCopy();
        CloudEvents.encode(sample.envelope()).attributes().headers().forEach(headers::put);

        assertThat(Released.validator(message.path("headers")).validate(headers)).isEmpty();
        assertThat(names(message.at("/headers/properties"))).containsAll(names(headers));
        assertThat(
                        Released.validator(message.at("/bindings/kafka/key"))
                                .validate(headers.get("ce_subject")))
                .isEmpty();
    }

    @Test
    void everyHeaderThatIsToldIsWritten() {
        var written =
                samples()
                        .map(sample -> CloudEvents.encode(sample.envelope()))
                        .map(event -> event.attributes().headers().keySet())
                        .toList();
        var told = DOCUMENT.at("/components/messageTraits/cloudEvent/headers");

        assertThat(written.stream().flatMap(Set::stream).collect(toSet()))
                .isEqualTo(names(told.path("properties")));
        assertThat(told.path("required").valueStream().map(JsonNode::textValue))
                .allSatisfy(name -> assertThat(written).allMatch(it -> it.contains(name)));
    }

    @ParameterizedTest
    @EnumSource
    void ownerOfATopicAloneSendsAndSendsAllOfIt(Topic topic) {
        var senders =
                operations().stream()
                        .filter(operation -> action(operation).equals("send"))
                        .filter(operation -> followed(operation.path("channel")) == channel(topic))
                        .toList();

        assertThat(senders).hasSize(1);
        assertThat("/" + service(senders.getFirst())).isEqualTo(topic.source());
        assertThat(messageNames(senders.getFirst())).isEqualTo(wireNames(topic));
    }

    @Test
    void operationIsNamedForWhatItDoes() {
        DOCUMENT.path("operations")
                .properties()
                .forEach(entry -> {
                    var operation = entry.getValue();
                    var channel = followed(operation.path("channel"));

                    assertThat(entry.getKey())
                            .isEqualTo(
                                    "%s-%ss-%s"
                                            .formatted(
                                                    service(operation),
                                                    action(operation),
                                                    channel.path("address").textValue()));
                    assertThat(SERVICES).contains(service(operation));
                });
    }

    @Test
    void serviceReceivesWhatOthersSendOnThatChannel() {
        for (var operation : operations()) {
            if (action(operation).equals("receive")) {
                var channel = followed(operation.path("channel"));
                var topic = topic(channel.path("address").textValue());

                assertThat("/" + service(operation)).isNotEqualTo(topic.source());
                assertThat(wireNames(topic)).containsAll(messageNames(operation));
            }
        }
    }

    /// What a service sees decides its part of the dance; only the end of the line is for others.
    @Test
    void everyTypeHasAReceiverExceptWhatIsForOutsiders() {
        var received =
                operations().stream()
                        .filter(operation -> action(operation).equals("receive"))
                        .flatMap(operation -> messageNames(operation).stream())
                        .collect(toSet());

        assertThat(EventType.values())
                .filteredOn(type -> !received.contains(type.wireName()))
                .containsExactlyInAnyOrder(
                        EventType.NOTIFICATION_SENT, EventType.NOTIFICATION_FAILED);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(DOCUMENT.findValues("$ref"))
                .isNotEmpty()
                .allSatisfy(reference ->
                        assertThat(target(reference.textValue()).isMissingNode())
                                .as("%s", reference)
                                .isFalse());
    }

    private static JsonNode channel(Topic topic) {
        return DOCUMENT.path("channels").path(topic.wireName());
    }

    private static JsonNode message(EventType type) {
        return DOCUMENT.at("/components/messages").path(type.wireName());
    }

    private static List<JsonNode> operations() {
        return DOCUMENT.path("operations").valueStream().toList();
    }

    private static String action(JsonNode operation) {
        return operation.path("action").asText();
    }

    private static String service(JsonNode operation) {
        return operation.at("/tags/0/name").asText();
    }

    private static Topic topic(String address) {
        return Stream.of(Topic.values())
                .filter(topic -> topic.wireName().equals(address))
                .findAny()
                .orElseThrow();
    }

    private static Set<String> messageNames(JsonNode operation) {
        return operation
                .path("messages")
                .valueStream()
                .map(message -> followed(followed(message)).path("name").asText())
                .collect(toSet());
    }

    private static Set<String> wireNames(Topic topic) {
        return Stream.of(EventType.values())
                .filter(type -> type.topic() == topic)
                .map(EventType::wireName)
                .collect(toSet());
    }

    /// Traits are merged into a message, and the message has the last word.
    private static JsonNode withTraits(JsonNode message) {
        var merged = Released.json("{}").<ObjectNode>deepCopy();
        message.path("traits").forEach(trait -> merge(merged, followed(trait)));
        merge(merged, message);
        return merged;
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.properties()
                .forEach(member -> {
                    if (into.get(member.getKey()) instanceof ObjectNode inner
                            && member.getValue().isObject()) {
                        merge(inner, member.getValue());
                    } else {
                        into.set(member.getKey(), member.getValue().deepCopy());
                    }
                });
    }

    private static JsonNode followed(JsonNode node) {
        var reference = node.path("$ref").textValue();
        return reference == null ? node : target(reference);
    }

    private static JsonNode target(String reference) {
        return reference.startsWith("#")
                ? DOCUMENT.at(reference.substring(1))
                : Released.read(reference);
    }

    private static Set<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).collect(toSet());
    }

    private static JsonNode document() {
        try {
            return new YAMLMapper().readTree(Released.ROOT.resolve("asyncapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
