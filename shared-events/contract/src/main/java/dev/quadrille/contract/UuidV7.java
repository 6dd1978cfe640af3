package dev.quadrille.contract;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// UUIDs whose order is the order of time, to the millisecond, so that rows lie in an index as they
/// came ([RFC 9562, 5.7](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)).
public final class UuidV7 {

    private UuidV7() {}

    public static UUID at(Instant time, RandomGenerator random) {
        long high = (time.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
