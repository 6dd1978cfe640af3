package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever was released can be read, and is still written the same.
class GoldenSampleTest {

    static Stream<GoldenSample> samples() {
        return Released.samples();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sampleOfEachTypeStillReads(GoldenSample sample) {
        var envelope = sample.envelope();

        assertThat(envelope.event()).isInstanceOf(sample.type().recordClass());
        assertThat(envelope.type()).isEqualTo(sample.type());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sampleThatIsReadAndWrittenIsTheSame(GoldenSample sample) {
        var written = CloudEvents.encode(sample.envelope());

        assertThat(written.topic().wireName()).isEqualTo(sample.topic());
        assertThat(written.key()).isEqualTo(sample.key());
        if (sample.version() == sample.type().version()) {
            assertThat(written.attributes().headers())
                    .containsExactlyInAnyOrderEntriesOf(sample.headers());
            assertThat(Released.json(written.body())).isEqualTo(sample.body());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sampleIsAsItsSchemaSays(GoldenSample sample) {
        var schema = Released.validator(Released.schema(sample.type(), sample.version()));

        var errors = schema.validate(sample.body());

        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatTheCodecWritesIsAsTheNewestSchemaSays(GoldenSample sample) {
        var type = sample.type();
        var schema = Released.validator(Released.schema(type, type.version()));

        var errors =
                schema.validate(CloudEvents.encode(sample.envelope()).body(), InputFormat.JSON);

        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void headersOfASampleNameItsTypeAndVersion(GoldenSample sample) {
        assertThat(sample.headers())
                .containsEntry("ce_type", sample.type().wireName())
                .containsEntry("ce_subject", sample.key())
                .containsEntry(
                        "ce_dataschema",
                        "urn:quadrille:" + sample.type().wireName() + ":" + sample.version());
    }
}
