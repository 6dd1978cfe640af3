package dev.quadrille.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UuidV7Test {

    private static final Instant NOW = Instant.parse("2026-03-14T09:26:53.589793Z");

    private final RandomGenerator random = new Random(7);

    @Test
    void uuidCarriesVersionAndVariant() {
        for (int i = 0; i < 1_000; i++) {
            var uuid = UuidV7.at(NOW, random);

            assertThat(uuid.version()).isEqualTo(7);
            assertThat(uuid.variant()).isEqualTo(2);
        }
    }

    @Test
    void uuidCarriesItsMillisecond() {
        var uuid = UuidV7.at(NOW, random);

        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void uuidsSortByTimeAsValuesAndAsText() {
        var uuids =
                LongStream.of(0, 1, 255, 256, 65_535, 65_536, 1L << 31, 1L << 32, 1L << 40)
                        .mapToObj(NOW::plusMillis)
                        .map(time -> UuidV7.at(time, random))
                        .toList();

        assertThat(uuids).isSorted();
        assertThat(uuids.stream().map(UUID::toString).toList()).isSorted();
    }

    @Test
    void uuidsOfOneMillisecondDiffer() {
        var uuids = new HashSet<UUID>();

        for (int i = 0; i < 10_000; i++) {
            uuids.add(UuidV7.at(NOW, random));
        }

        assertThat(uuids).hasSize(10_000);
    }

    /// The example of RFC 9562, appendix A.6.
    @Test
    void uuidIsLaidOutAsTheRfcSays() {
        var example = UUID.fromString("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
        var bits =
                LongStream.of(example.getMostSignificantBits(), example.getLeastSignificantBits())
                        .iterator();

        var uuid = UuidV7.at(Instant.parse("2022-02-22T19:22:22Z"), (RandomGenerator) bits::next);

        assertThat(uuid).isEqualTo(example);
    }
}
