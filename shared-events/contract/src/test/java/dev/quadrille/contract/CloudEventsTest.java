package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {

    private static final GoldenSample PLACED = Released.sample(EventType.ORDER_PLACED);

    static Stream<GoldenSample> samples() {
        return Released.samples();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void unknownMembersAreIgnoredAtEveryDepth(GoldenSample sample) {
        var body = sample.body().deepCopy();
        addUnknownMembers(body);
        assertThat(body).isNotEqualTo(sample.body());

        var decoded = sample.decodedWith(body);

        assertThat(decoded).isEqualTo(sample.decoded());
    }

    /// What version 2 of a record may look like: it still reads version 1.
    record Extended(
            String id,
            @Nullable @JsonSetter(nulls = Nulls.SET) String note,
            @Nullable @JsonSetter(nulls = Nulls.SET) Integer weightGrams) {}

    @ParameterizedTest
    @ValueSource(strings = {"{'id':'1'}", "{'id':'1','note':null,'weightGrams':null}"})
    void memberThatALaterVersionAddedMayBeAbsent(String older) throws IOException {
        var json = CloudEvents.JSON;

        var read = json.readValue(older.replace('\'', '"'), Extended.class);

        assertThat(read).isEqualTo(new Extended("1", null, null));
        assertThat(json.writeValueAsString(read)).isEqualTo("{\"id\":\"1\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'note':'2'}",
                "{'id':null}",
                "{'id':'1','note':2}",
                "{'id':'1','weightGrams':'2'}",
                "{'id':'1','weightGrams':' '}",
                "{'id':'1','weightGrams':''}",
                "{'id':'1','weightGrams':2.0}"
            })
    void memberThatALaterVersionAddedIsReadAsStrictlyAsTheRest(String newer) {
        assertThatExceptionOfType(JsonMappingException.class)
                .isThrownBy(
                        () -> CloudEvents.JSON.readValue(newer.replace('\'', '"'), Extended.class));
    }

    @Test
    void membersMayStandInAnyOrder() {
        var reversed = Released.json("{}").<ObjectNode>deepCopy();
        PLACED.body().properties().stream()
                .toList()
                .reversed()
                .forEach(member -> reversed.set(member.getKey(), member.getValue()));

        assertThat(PLACED.decodedWith(reversed)).isEqualTo(PLACED.decoded());
    }

    @Test
    void unknownTypeIsToldFromBrokenData() {
        assertThat(PLACED.decodedWith("ce_type", "order-teleported"))
                .isEqualTo(new Decoded.UnknownType("order-teleported"));
        assertThat(CloudEvents.decode(_ -> "order-teleported", null))
                .isEqualTo(new Decoded.UnknownType("order-teleported"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_type", "ce_id", "ce_time", "ce_sequence"})
    void eventWithoutAHeaderThatMattersIsUnreadable(String header) {
        assertThat(PLACED.decodedWith(header, null))
                .isEqualTo(new Decoded.Unreadable("header " + header + " is missing"));
    }

    @ParameterizedTest
    @CsvSource({
        "ce_id, ada@example.com",
        "ce_id, 1-1-1-1-1",
        "ce_id, 0000001-00001-0001-0001-000000000001",
        "ce_id, ''",
        "ce_time, ada@example.com",
        "ce_time, 1767323045",
        "ce_sequence, ada@example.com",
        "ce_sequence, 1.5",
        "ce_sequence, 9223372036854775808",
        "ce_causationid, ada@example.com",
        "ce_causationid, ''"
    })
    void malformedHeaderIsUnreadableAndIsNotQuoted(String header, String value) {
        assertThat(PLACED.decodedWith(header, value))
                .isEqualTo(new Decoded.Unreadable("header " + header + " is malformed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1"})
    void sequenceCountsFromOne(String sequence) {
        assertThat(PLACED.decodedWith("ce_sequence", sequence))
                .isEqualTo(new Decoded.Unreadable("a sequence counts from 1"));
    }

    @Test
    void eventThatAPersonBeganHasNoCause() {
        assertThat(PLACED.headers()).doesNotContainKey("ce_causationid");

        assertThat(PLACED.envelope().causationId()).isNull();
    }

    @Test
    void eventWithoutATraceReads() {
        var decoded = PLACED.decodedWith("traceparent", null);

        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Known.class,
                        known -> assertThat(known.envelope().traceparent()).isNull());
    }

    @Test
    void subjectThatContradictsTheBodyIsUnreadable() {
        assertThat(PLACED.decodedWith("ce_subject", "019ce9a4-8800-7056-9c6a-8b67843ae6ae"))
                .isEqualTo(
                        new Decoded.Unreadable("header ce_subject is not the subject of the body"));
    }

    @Test
    void recordWithoutAValueIsUnreadable() {
        assertThat(PLACED.decodedWith((byte[]) null))
                .isEqualTo(new Decoded.Unreadable("the body is missing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                " ",
                "{}",
                "[]",
                "[null]",
                "\"\"",
                "\"ada@example.com\"",
                "0",
                "true",
                "ada@example.com",
                "<order/>",
                "{\"orderId\":ada@example.com}",
                "\uFEFF"
            })
    void bodyThatIsNoEventIsUnreadable(String body) {
        for (var type : EventType.values()) {
            var sample = Released.sample(type);

            assertThat(sample.decodedWith(body.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(
                            Decoded.Unreadable.class,
                            unreadable -> assertThat(unreadable.error()).doesNotContain("ada"));
        }
    }

    @Test
    void memberThatComesTwiceIsUnreadable() {
        var cancelled = Released.sample(EventType.ORDER_CANCELLED);
        var orderId = "\"orderId\":\"" + cancelled.key() + "\"";
        var reasons = "\"reason\":\"TIMED_OUT\",\"reason\":\"PAYMENT_DECLINED\"";

        for (var members : List.of(orderId + "," + reasons, reasons + "," + orderId)) {
            var body = "{" + members + "}";

            assertThat(cancelled.decodedWith(body.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(Decoded.Unreadable.class);
        }
    }

    @Test
    void secondDocumentInABodyIsUnreadable() {
        var body = PLACED.body() + " " + PLACED.body();

        assertThat(PLACED.decodedWith(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Decoded.Unreadable.class);
    }

    @Test
    void errorNamesThePlace() {
        var noSku = PLACED.body().deepCopy();
        ((ObjectNode) noSku.at("/lines/1")).remove("sku");
        var badSku = PLACED.body().deepCopy();
        ((ObjectNode) badSku.at("/lines/1")).put("sku", "a/b");
        var otherTotal = PLACED.body().deepCopy();
        ((ObjectNode) otherTotal.at("/total")).put("amountMinor", 1);

        assertThat(PLACED.decodedWith(noSku))
                .isEqualTo(new Decoded.Unreadable("lines[1].sku: not as the schema says"));
        assertThat(PLACED.decodedWith(badSku))
                .isEqualTo(new Decoded.Unreadable("lines[1]: a sku matches " + Sku.PATTERN));
        assertThat(PLACED.decodedWith(otherTotal))
                .isEqualTo(new Decoded.Unreadable("an order's total is the sum of its lines"));
        assertThat(PLACED.decodedWith("{\n  \"orderId\" 1".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Decoded.Unreadable("not JSON at line 2, column 13"));
    }

    private static void addUnknownMembers(JsonNode node) {
        node.forEach(CloudEventsTest::addUnknownMembers);
        if (node instanceof ObjectNode object) {
            object.put("addedLater", "text").putNull("addedAsNull");
            object.putObject("addedAsObject").putArray("deep").add(1).add(1.5).addNull();
        }
    }
}
