package dev.quadrille.simulation;

/// A set of states that keeps 128 bits of each, as model checkers do to fit many: that two of a
/// hundred million states share them is less likely than one in 10^22.
final class Seen {

    private static final int FIRST_CAPACITY = 1 << 16;

    private long[] highs = new long[FIRST_CAPACITY];
    private long[] lows = new long[FIRST_CAPACITY];
    private int size;

    /// What a state is told apart by, made of numbers one after the other.
    static final class Fingerprint {

        private long high = 0x9E3779B97F4A7C15L;
        private long low = 0xC2B2AE3D27D4EB4FL;

        void add(int number) {
            high = mix((high ^ number) * 0xFF51AFD7ED558CCDL);
            low = mix((low + number) * 0xC4CEB9FE1A85EC53L + high);
        }

        void add(Fingerprint other) {
            high = mix((high ^ other.high) * 0xFF51AFD7ED558CCDL);
            low = mix((low + other.low) * 0xC4CEB9FE1A85EC53L + high);
        }

        private static long mix(long bits) {
            long half = (bits ^ (bits >>> 31)) * 0x94D049BB133111EBL;
            return half ^ (half >>> 29);
        }
    }

    /// Whether it was not there.
    boolean add(Fingerprint print) {
        if (size * 2 >= highs.length) {
            grow();
        }
        // No fingerprint is all zeros, which stands for an empty place.
        boolean added = put(highs, lows, print.high | 1, print.low);
        size += added ? 1 : 0;
        return added;
    }

    int size() {
        return size;
    }

    private static boolean put(long[] highs, long[] lows, long high, long low) {
        int mask = highs.length - 1;
        int place = (int) (low & mask);
        while (highs[place] != 0) {
            if (highs[place] == high && lows[place] == low) {
                return false;
            }
            place = (place + 1) & mask;
        }
        highs[place] = high;
        lows[place] = low;
        return true;
    }

    private void grow() {
        var moreHighs = new long[highs.length * 2];
        var moreLows = new long[highs.length * 2];
        for (int i = 0; i < highs.length; i++) {
            if (highs[i] != 0) {
                put(moreHighs, moreLows, highs[i], lows[i]);
            }
        }
        highs = moreHighs;
        lows = moreLows;
    }
}
