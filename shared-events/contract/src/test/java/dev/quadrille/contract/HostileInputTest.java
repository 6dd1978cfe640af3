package dev.quadrille.contract;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A reader meets bodies that are broken in every way. It never throws, never takes what the schema
/// forbids, and never repeats the data in its error: that goes to logs, and the data may be
/// somebody's mail address.
class HostileInputTest {

    private static final long SEED = 0x5EED;
    private static final int FLIPS_PER_SAMPLE = 500;

    /// The shortest piece of a text that counts as repeating it.
    private static final int TELLING_LENGTH = 5;

    private static final String MAIL = "ada@example.com";
    private static final String TOKEN = "pm_card_visa";

    /// What no JSON Schema can say, so that a body may fit its schema and be unreadable all the
    /// same.
    private static final Set<String> RULES_BEYOND_THE_SCHEMA =
            Set.of(
                    "an order names each sku at most once",
                    "an order's total is the sum of its lines",
                    "an order's deadline is after its placing",
                    "a currency is an ISO 4217 code",
                    "money adds up in one currency",
                    "a shortage has less than requested",
                    "header ce_subject is not the subject of the body");

    static Stream<GoldenSample> samples() {
        return Released.samples();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readerTakesWhatTheSchemaAllowsAndNothingElse(GoldenSample sample) {
        var schema = Released.validator(Released.schema(sample.type(), sample.version()));

        Mutation.of(sample.body(), List.of(MAIL, TOKEN))
                .forEach(mutation -> {
                    var decoded = sample.decodedWith(mutation.body());
                    var errors = schema.validate(withoutNulls(mutation.body()));

                    switch (decoded) {
                        case Decoded.Known _ -> assertThat(errors).as(mutation.what()).isEmpty();
                        case Decoded.Unreadable(var error) when errors.isEmpty() ->
                                assertThat(rule(error))
                                        .as(mutation.what())
                                        .isIn(RULES_BEYOND_THE_SCHEMA);
                        case Decoded.Unreadable(_) -> {}
                        case Decoded.UnknownType(var type) -> throw new AssertionError(type);
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("samples")
    void errorNeverRepeatsTheData(GoldenSample sample) {
        Mutation.of(sample.body(), List.of(MAIL, TOKEN))
                .forEach(mutation ->
                        assertRepeatsNothing(
                                mutation.what(),
                                sample.decodedWith(mutation.body()),
                                mutation.body()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void truncatedBodyIsUnreadable(GoldenSample sample) {
        var bytes = sample.bodyBytes();

        for (int length = 0; length < bytes.length; length++) {
            var decoded = sample.decodedWith(Arrays.copyOf(bytes, length));

            assertThat(decoded).isInstanceOf(Decoded.Unreadable.class);
            assertRepeatsNothing("cut at " + length, decoded, sample.body());
        }
    }

    /// Without one quote, what was a text becomes something that a parser likes to complain about.
    @ParameterizedTest
    @MethodSource("samples")
    void bodyWithoutOneOfItsBytesIsReadOrUnreadable(GoldenSample sample) {
        var bytes = sample.bodyBytes();

        for (int gap = 0; gap < bytes.length; gap++) {
            var rest = Arrays.copyOf(bytes, bytes.length - 1);
            System.arraycopy(bytes, gap + 1, rest, gap, rest.length - gap);

            assertRepeatsNothing("without byte " + gap, sample.decodedWith(rest), sample.body());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bodyWithFlippedBitsIsReadOrUnreadable(GoldenSample sample) {
        for (long seed = SEED; seed < SEED + FLIPS_PER_SAMPLE; seed++) {
            var random = new Random(seed);
            var bytes = sample.bodyBytes();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }

            assertRepeatsNothing("seed " + seed, sample.decodedWith(bytes), sample.body());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void noiseIsUnreadable(GoldenSample sample) {
        for (long seed = SEED; seed < SEED + FLIPS_PER_SAMPLE; seed++) {
            var random = new Random(seed);
            var noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);

            assertThat(sample.decodedWith(noise))
                    .as("seed %d", seed)
                    .isInstanceOf(Decoded.Unreadable.class);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bodyOfAnotherTypeIsReadOrUnreadable(GoldenSample sample) {
        for (var type : EventType.values()) {
            var decoded = sample.decodedWith("ce_type", type.wireName());

            assertRepeatsNothing("as " + type, decoded, sample.body());
        }
    }

    @Test
    void dataThatStandsInANameIsNotRepeated() {
        var sample = Released.sample(EventType.ORDER_PLACED);
        for (var broken : List.of("ada", "{", "[1,]", "\"", "1e", "{\"" + MAIL + "\":}")) {
            var body = "{\"" + MAIL + "\":{\"" + TOKEN + "\":" + broken + "}}";

            var decoded = sample.decodedWith(body.getBytes(StandardCharsets.UTF_8));

            assertThat(decoded).isInstanceOf(Decoded.Unreadable.class);
            assertRepeatsNothing(body, decoded, sample.body());
        }
    }

    @Test
    void nestingDoesNotEatTheStack() throws InterruptedException {
        var levels = 200_000;
        var sample = Released.sample(EventType.ORDER_PLACED);
        var bodies = new ArrayList<String>();
        for (var open : List.of("[", "{\"a\":", "{\"lines\":[", "{\"customer\":")) {
            bodies.add(open.repeat(levels));
            for (var member : List.of("unknown", "lines", "customer", "orderId", "paymentMethod")) {
                var start = sample.body().deepCopy();
                ((ObjectNode) start).remove(member);
                bodies.add("{\"" + member + "\":" + open.repeat(levels));
                bodies.add(
                        "{\"%s\":%s%s,%s"
                                .formatted(
                                        member,
                                        "[".repeat(levels),
                                        "]".repeat(levels),
                                        start.toString().substring(1)));
            }
        }

        var failure = new AtomicReference<Throwable>();
        var reader =
                new Thread(
                        null,
                        () ->
                                bodies.forEach(body ->
                                        assertThat(
                                                        sample.decodedWith(
                                                                body.getBytes(
                                                                        StandardCharsets.UTF_8)))
                                                .isInstanceOf(Decoded.Unreadable.class)),
                        "reader with a small stack",
                        256 * 1024);
        reader.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        reader.start();
        reader.join();

        assertThat(failure.get()).isNull();
    }

    @Test
    void hugeNumberIsUnreadable() {
        var sample = Released.sample(EventType.PAYMENT_CAPTURED);
        var digits = "9".repeat(1_000_000);

        for (var number : List.of(digits, "-" + digits, "1e" + digits, "0." + digits)) {
            var body = sample.body().toString().replace("3299", number);

            assertThat(sample.decodedWith(body.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(
                            Decoded.Unreadable.class,
                            unreadable ->
                                    assertThat(unreadable.error())
                                            .startsWith("amount")
                                            .hasSizeLessThan(100));
        }
    }

    /// To a reader, null is as good as absent: an error for a member that is required, and nothing
    /// for one that is not.
    private static JsonNode withoutNulls(JsonNode body) {
        var copy = body.deepCopy();
        removeNulls(copy);
        return copy;
    }

    private static void removeNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.removeIf(JsonNode::isNull);
        }
        node.forEach(HostileInputTest::removeNulls);
    }

    private static String rule(String error) {
        return error.substring(error.indexOf(": ") + 1).strip();
    }

    private static void assertRepeatsNothing(String what, Decoded decoded, JsonNode body) {
        if (decoded instanceof Decoded.Unreadable(var error)) {
            var data = Stream.concat(Stream.of(MAIL, TOKEN), texts(body)).collect(joining("\n"));
            var pieces =
                    IntStream.rangeClosed(0, error.length() - TELLING_LENGTH)
                            .mapToObj(at -> error.substring(at, at + TELLING_LENGTH));

            assertThat(pieces).as("%s: %s", what, error).isNotEmpty().noneMatch(data::contains);
        }
    }

    private static Stream<String> texts(JsonNode node) {
        return node.isTextual()
                ? Stream.of(node.textValue())
                : node.valueStream().flatMap(HostileInputTest::texts);
    }
}
