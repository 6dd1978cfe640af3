package dev.quadrille.notification.adapter.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Which addresses may be called: those of the public Internet and no other. A URL that a stranger
/// wrote must not make this service knock at the doors of the house it stands in.
///
/// The blocks are those that the IANA registries of special-purpose addresses call not globally
/// reachable ([IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry),
/// [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry)). An IPv6 address that
/// stands for an IPv4 one is judged as that; so a network with NAT64 alone can still call out.
final class CallableAddress {

    private static final List<Block> FORBIDDEN_V4 =
            List.of(
                    new Block(8, 0), // this network, and unspecified
                    new Block(8, 10), // private
                    new Block(10, 100, 64), // shared by carriers' customers (CGNAT)
                    new Block(8, 127), // loopback
                    new Block(16, 169, 254), // link-local, with the clouds' metadata
                    new Block(12, 172, 16), // private
                    new Block(24, 192, 0, 0), // protocol assignments
                    new Block(24, 192, 0, 2), // documentation
                    new Block(24, 192, 88, 99), // relays of 6to4
                    new Block(16, 192, 168), // private
                    new Block(15, 198, 18), // benchmarks
                    new Block(24, 198, 51, 100), // documentation
                    new Block(24, 203, 0, 113), // documentation
                    new Block(4, 224), // multicast
                    new Block(4, 240)); // reserved, and broadcast

    /// Global unicast. What lies outside is loopback, unique-local, link-local, multicast, mapped,
    /// local NAT64 or unassigned.
    private static final Block GLOBAL_V6 = new Block(3, 0x20);

    private static final List<Block> FORBIDDEN_V6 =
            List.of(
                    new Block(23, 0x20, 0x01, 0, 0), // protocol assignments, Teredo among them
                    new Block(32, 0x20, 0x01, 0x0d, 0xb8), // documentation
                    new Block(20, 0x3f, 0xff, 0)); // documentation

    private static final Block NAT64 = new Block(96, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0);
    private static final Block SIX_TO_FOUR = new Block(16, 0x20, 0x02);

    private CallableAddress() {}

    static boolean mayCall(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 4 ? mayCallV4(bytes) : mayCallV6(bytes);
    }

    private static boolean mayCallV4(byte[] address) {
        return FORBIDDEN_V4.stream().noneMatch(block -> block.contains(address));
    }

    private static boolean mayCallV6(byte[] address) {
        if (NAT64.contains(address)) {
            return mayCallV4(Arrays.copyOfRange(address, 12, 16));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return mayCallV4(Arrays.copyOfRange(address, 2, 6));
        }
        return GLOBAL_V6.contains(address)
                && FORBIDDEN_V6.stream().noneMatch(block -> block.contains(address));
    }

    /// All addresses that begin alike. No [InetAddress] stands here, because a native image cannot
    /// keep one from its build.
    private static final class Block {

        private final int bits;
        private final int[] bytes;

        Block(int bits, int... bytes) {
            this.bits = bits;
            this.bytes = bytes;
        }

        boolean contains(byte[] address) {
            for (int bit = 0; bit < bits; bit += Byte.SIZE) {
                int i = bit / Byte.SIZE;
                int mask = 0xFF << Math.max(0, Byte.SIZE - (bits - bit));
                if (((address[i] ^ bytes[i]) & mask & 0xFF) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
